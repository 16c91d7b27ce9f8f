namespace Actors.Extraction;

/// <summary>Who somebody is: name, work, home, how to reach them, family, languages.</summary>
internal static class IdentityRules
{
    private const int MaxNameWords = 4;

    private static readonly WordSet Days = new(
        """
        monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december tomorrow today back later
        maybe i it english german french spanish italian
        """);

    private static readonly WordSet Holidays = new(
        "christmas xmas easter thanksgiving halloween ramadan eid diwali hanukkah passover pentecost carnival midsummer lent purim night nights home free once first full times");

    private static readonly WordSet Occupations = new(
        """
        engineer developer programmer designer teacher nurse doctor physician surgeon dentist paramedic midwife therapist psychologist pharmacist veterinarian vet lawyer attorney judge
        notary accountant auditor controller consultant analyst economist banker broker trader manager director executive founder owner entrepreneur investor recruiter secretary
        assistant clerk receptionist librarian journalist editor writer author translator interpreter photographer painter artist musician composer singer actor dancer architect
        carpenter electrician plumber mechanic welder mason roofer gardener farmer baker butcher chef cook waiter bartender barista driver pilot sailor captain conductor scientist
        researcher physicist chemist biologist mathematician statistician historian professor lecturer student tutor coach trainer librarian salesperson salesman saleswoman marketer
        contractor freelancer technician administrator admin operator inspector planner surveyor geologist officer soldier firefighter policeman policewoman detective guard
        hairdresser tailor jeweller jeweler optician caterer florist fisherman forester brewer winemaker podcaster producer curator tester strategist copywriter illustrator bookkeeper
        """);

    private static readonly WordSet Titles = new("cfo ceo cto coo cmo cio ciso head director owner founder co-founder cofounder manager lead chair chairman chairwoman president vp treasurer secretary principal");

    private static readonly WordSet OfPlace = new("at for of in with");

    private static readonly WordSet Employers = new(
        """
        firm company brewery bank hospital school university startup start-up agency clinic shop store studio bakery restaurant library museum ministry factory hotel practice lab
        laboratory ngo charity government consultancy publisher newspaper insurer farm nursery kindergarten airline carrier manufacturer supplier city council foundation institute bookshop
        """);

    private static readonly WordSet Particles = new("de la le da do dos del di van von der den the of am upon san y e el");

    private static readonly WordSet Relatives = new("wife husband partner son daughter sister brother mother father mom mum dad dog cat girlfriend boyfriend fiancé fiancée baby horse parrot spouse");

    private static readonly WordSet Kept = new("children kids sons daughters cats dogs brothers sisters siblings grandchildren son daughter cat dog brother sister horse horses twins child kid");

    private static readonly WordSet Counts = new("a an one two three four five six seven eight nine ten no 1 2 3 4 5 6 7 8 9");

    private static readonly WordSet States = new("married single divorced engaged widowed retired left-handed");

    public static FoundFact? Find(Clause clause)
    {
        if (clause.Subject == ClauseSubject.Other || (clause.Subject == ClauseSubject.Speaker && clause[clause.Start] == "please"))
        {
            return CallMe(clause);
        }

        if (clause.Subject != ClauseSubject.Speaker || SentenceGuards.IsPassing(clause.Sentence))
        {
            return null;
        }

        var at = clause.Body;
        return clause[clause.Start] == "my" ? Own(clause) : clause.Take(ref at, "am") ? Being(clause, at) : Doing(clause, at);
    }

    private static FoundFact? CallMe(Clause clause)
    {
        var at = clause.Start;
        clause.Take(ref at, "please");
        clause.Take(ref at, "just");
        return clause.Take(ref at, "call me") ? Name(clause, at) : null;
    }

    private static FoundFact? Name(Clause clause, int at)
    {
        var end = CapitalsFrom(clause, at, MaxNameWords);
        return end > at && (end == clause.End || clause.Word(end - 1).Break != '\0' || clause[end] is "and" or "from") && !Days.Contains(clause[at])
            ? Fact("name", $"Is called {clause.Sentence.TextOf(at, end)}", end)
            : null;
    }

    private static FoundFact? Own(Clause clause)
    {
        var at = clause.Body;
        if (clause.Take(ref at, "name is") || clause.Take(ref at, "full name is"))
        {
            return Name(clause, at);
        }

        if ((clause.Take(ref at, "email address is") || clause.Take(ref at, "e-mail address is") || clause.Take(ref at, "email is") || clause.Take(ref at, "e-mail is"))
            && clause[at].IndexOf('@', StringComparison.Ordinal) is > 0 and var sign && clause[at].LastIndexOf('.') > sign)
        {
            return Fact("email", $"Email: {clause.Sentence.TextOf(at, at + 1)}", at + 1);
        }

        if ((clause.Take(ref at, "phone number is") || clause.Take(ref at, "phone is") || clause.Take(ref at, "mobile number is") || clause.Take(ref at, "number is"))
            && clause.Text(at, clause.End).Count(char.IsAsciiDigit) >= 6 && clause.Text(at, clause.End).All(c => char.IsAsciiDigit(c) || c is ' ' or '+' or '-' or '(' or ')' or '/' or '.'))
        {
            return Fact("phone", $"Phone: {clause.Rest(at)}");
        }

        if (clause.Take(ref at, "birthday is on") || clause.Take(ref at, "birthday is"))
        {
            return clause.Text(at, clause.End).Any(char.IsAsciiDigit) ? Fact("birthday", $"Birthday: {clause.Rest(at)}") : null;
        }

        if (clause.Take(ref at, "pronouns are"))
        {
            return clause[at].Contains('/', StringComparison.Ordinal) ? Fact("pronouns", $"Pronouns: {clause[at]}", at + 1) : null;
        }

        if (clause.Take(ref at, "time zone is") || clause.Take(ref at, "timezone is"))
        {
            return clause.Word(at).IsCapital ? Fact("time_zone", $"Time zone: {clause.Rest(at)}") : null;
        }

        return Relative(clause);
    }

    // "My wife is called Maria", "my dog's name is Rex".
    private static FoundFact? Relative(Clause clause)
    {
        var (at, who) = (clause.Body + 1, clause[clause.Body]);
        who = who.EndsWith("'s", StringComparison.Ordinal) ? who[..^2] : who;
        if (!Relatives.Contains(who) || !(clause.Take(ref at, "is called") || clause.Take(ref at, "is named") || clause.Take(ref at, "name is")))
        {
            return null;
        }

        var end = CapitalsFrom(clause, at, MaxNameWords);
        return end > at ? Fact(null, $"{ThirdPerson.Capitalised(who)} is called {clause.Sentence.TextOf(at, end)}", end) : null;
    }

    private static FoundFact? Being(Clause clause, int at)
    {
        if (clause.Take(ref at, "based in") || clause.Take(ref at, "living in"))
        {
            return Home(clause, at);
        }

        if (clause.Take(ref at, "from"))
        {
            var end = CapitalsFrom(clause, at, MaxNameWords);
            return end > at && (end == clause.End || clause[end] == "and" || clause.Word(end - 1).Break != '\0') ? Fact(null, $"Is from {clause.Sentence.TextOf(at, end)}", end) : null;
        }

        if (clause[at].All(char.IsAsciiDigit) && clause[at + 1] == "years" && clause[at + 2] == "old")
        {
            return Fact("age", $"Is {clause[at]} years old", at + 3);
        }

        if (States.Contains(clause[at]) && (at + 1 == clause.End || clause[at + 1] == "to" || clause.Word(at).Break != '\0'))
        {
            return clause[at + 1] == "to" && clause.Word(at + 2) is { IsCapital: false } && clause[at + 2] is not "a" and not "an" ? null : Fact(null, $"Is {clause.Rest(at)}");
        }

        if ((clause.Take(ref at, "on") || clause.Take(ref at, "in the")) && clause.Word(at).IsCapital && (clause[at + 1] == "time" || (clause[at + 1] == "standard" && clause[at + 2] == "time")))
        {
            return Fact("time_zone", $"Time zone: {clause.Sentence.TextOf(at, at + 1)}");
        }

        return IsIntroduction(clause) ? Name(clause, at) ?? Job(clause, at) : Job(clause, at);
    }

    // "Hi, I'm Jonas": elsewhere what follows "I'm" may be anything with a capital.
    private static bool IsIntroduction(Clause clause) => clause.Start > 0 && clause.Sentence.Words[0].Text is "hi" or "hello" or "hey" or "good";

    private static FoundFact? Job(Clause clause, int at)
    {
        if (clause[at] is "a" or "an")
        {
            for (var i = at + 1; i < Math.Min(clause.End, at + 5); i++)
            {
                if (Occupations.Contains(clause[i]) && (i + 1 == clause.End || OfPlace.Contains(clause[i + 1]) || clause.Word(i).Break != '\0'))
                {
                    return Fact("job", $"Is {clause.Rest(at)}");
                }

                if (clause[i] is "bit" or "little" or "fan" || clause.Word(i).Break != '\0')
                {
                    return null;
                }
            }
        }

        return clause[at] == "the" && Titles.Contains(clause[at + 1]) && OfPlace.Contains(clause[at + 2]) && at + 3 < clause.End ? Fact("job", $"Is {clause.Rest(at)}") : null;
    }

    private static FoundFact? Doing(Clause clause, int at)
    {
        clause.Take(ref at, "currently");
        if (clause.Take(ref at, "live in"))
        {
            return Home(clause, at);
        }

        if (clause.Take(ref at, "work as"))
        {
            return clause[at] is "a" or "an" or "the" && at + 1 < clause.End ? Fact("job", $"Is {clause.Rest(at)}") : null;
        }

        if (clause.Take(ref at, "work at") || clause.Take(ref at, "work for"))
        {
            return IsEmployer(clause, at) ? Fact("employer", $"Works at {clause.Rest(at)}") : null;
        }

        if (clause.Take(ref at, "speak") && clause.Word(at).IsCapital)
        {
            return Fact(null, $"Speaks {clause.Rest(at)}");
        }

        return clause.Take(ref at, "have") && Counts.Contains(clause[at]) && (Kept.Contains(clause[at + 1]) || (clause.Word(at + 1).Break == '\0' && clause.End == at + 3 && Kept.Contains(clause[at + 2])))
            ? Fact(null, $"Has {clause.Rest(at)}")
            : null;
    }

    private static bool IsEmployer(Clause clause, int at)
    {
        if (clause.Word(at).IsCapital)
        {
            // "At Christmas", not "at Christmas Cards Ltd".
            var goesOn = clause.Word(at).Break == '\0' && clause.Word(at + 1).IsCapital;
            return !Days.Contains(clause[at]) && (goesOn || !Holidays.Contains(clause[at])) && !(clause[at] == "new" && clause[at + 1].StartsWith("year", StringComparison.Ordinal));
        }

        for (var i = at + 1; clause[at] is "a" or "an" or "the" && i < Math.Min(clause.End, at + 4); i++)
        {
            if (Employers.Contains(clause[i]))
            {
                return true;
            }
        }

        return false;
    }

    private static FoundFact? Home(Clause clause, int at)
    {
        var end = CapitalsFrom(clause, at, MaxNameWords);
        return end > at && !Days.Contains(clause[at]) ? Fact("home", $"Lives in {clause.Sentence.TextOf(at, end)}", end) : null;
    }

    // Words with capitals in a row, particles between them included; a comma may stand within "Austin, Texas".
    private static int CapitalsFrom(Clause clause, int at, int most)
    {
        var end = at;
        for (var i = at; i < Math.Min(clause.End, at + most); i++)
        {
            if (clause.Word(i).IsCapital)
            {
                end = i + 1;
            }
            else if (!Particles.Contains(clause[i]))
            {
                break;
            }

            if (clause.Word(i).Break is not ('\0' or ','))
            {
                break;
            }
        }

        return end;
    }

    private static FoundFact Fact(string? key, string content, int? end = null) => new(ClauseSubject.Speaker, FactTypes.Identity, content, key, end);
}
