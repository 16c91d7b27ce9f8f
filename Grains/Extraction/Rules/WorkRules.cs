namespace Actors.Extraction.Rules;

/// <summary>What people do: job, employer, what they are in charge of.</summary>
internal static class WorkRules
{
    private const int MaxObjectWords = 5;
    private const int MaxRoleWords = 8;

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

    private static readonly WordSet Leading = new("run lead manage head own oversee co-own co-lead supervise direct");

    private static readonly WordSet LeadingNow = new("running leading managing heading overseeing supervising directing");

    // What somebody runs for a living: not a marathon, a test or a fever.
    private static readonly WordSet Areas = new(
        """
        team teams department group unit division branch site office plant studio shop store bakery restaurant café cafe bar pub hotel hostel farm winery brewery company firm business agency
        practice clinic pharmacy school nursery kindergarten gallery bookshop bookstore salon garage workshop consultancy charity foundation start-up startup newsletter podcast magazine
        purchasing procurement marketing sales finance payroll hr recruiting accounting controlling operations logistics it support helpdesk engineering development design product qa quality
        security compliance legal communications pr warehouse production research data infrastructure platform onboarding training events facilities fleet
        """);

    private static readonly WordSet Fields = new(
        """
        logistics finance marketing sales hr accounting it insurance banking healthcare education consulting engineering construction retail tourism hospitality publishing advertising
        law research agriculture manufacturing procurement compliance pharma biotech journalism aviation shipping energy fintech
        """);

    private static readonly WordSet Blames = new("mess delay delays mistake mistakes error errors confusion outage disaster failure damage accident everything nothing you your");

    private static readonly WordSet Aids = new("wheelchair walker cane crutch crutches hearing-aid");

    public static FoundFact? Find(Clause clause)
    {
        if (clause[clause.Start] == "as")
        {
            return Role(clause);
        }

        if (!clause.IsPerson || clause.IsPossessive || SentenceGuards.IsPassing(clause))
        {
            return null;
        }

        var at = clause.Body;
        clause.Take(ref at, "currently");
        clause.Take(ref at, "also");
        return clause.Take(ref at, "am") ? Job(clause, at) ?? InCharge(clause, at) : Doing(clause, at);
    }

    /// <summary>Whether "a nurse", "head of sales" or the like begins behind a place, or at it.</summary>
    public static bool IsOccupation(Clause clause, int at) =>
        Enumerable.Range(at, Math.Max(0, Math.Min(5, clause.End - at))).Any(i => (Occupations.Contains(clause[i]) || Titles.Contains(clause[i])) && (i + 1 == clause.End || OfPlace.Contains(clause[i + 1]) || clause[i + 1] is "since" || clause.Word(i).Break != '\0'));

    // "As a nurse on nights I sleep late."
    private static FoundFact? Role(Clause clause)
    {
        var at = clause.Start + 1;
        if (clause[at] is not ("a" or "an" or "the"))
        {
            return null;
        }

        var words = clause.Sentence.Words;
        var end = at;
        while (end < clause.End && clause[end] != "i" && clause.Word(end - 1).Break == '\0')
        {
            end++;
        }

        if (end - at > MaxRoleWords || end >= words.Count || words[end].Text is not ("i" or "my"))
        {
            return null;
        }

        for (var i = at + 1; i < end; i++)
        {
            if ((Occupations.Contains(clause[i]) || Titles.Contains(clause[i])) && (i + 1 == end || OfPlace.Contains(clause[i + 1]) || clause[i + 1] == "on"))
            {
                return new FoundFact(ClauseSubject.Speaker, FactTypes.Identity, $"Is {clause.Text(at, end)}", "job", end);
            }
        }

        return null;
    }

    private static FoundFact? Job(Clause clause, int at)
    {
        if (clause[at] is "a" or "an")
        {
            for (var i = at + 1; i < Math.Min(clause.End, at + 5); i++)
            {
                if (Occupations.Contains(clause[i]) && (i + 1 == clause.End || OfPlace.Contains(clause[i + 1]) || clause.Word(i).Break != '\0'))
                {
                    return Fact(clause, "job", $"Is {clause.Rest(at)}");
                }

                if (clause[i] is "bit" or "little" or "fan" || clause.Word(i).Break != '\0')
                {
                    return null;
                }
            }
        }

        // "Marguerite is our bookkeeper."
        if (clause.IsThird && clause[at] is "our" or "the" or "their" or "my")
        {
            for (var i = at + 1; i < Math.Min(clause.End, at + 4); i++)
            {
                if ((Occupations.Contains(clause[i]) || Titles.Contains(clause[i]) || clause[i] is "contact" or "boss" or "landlord" or "landlady") && (i + 1 == clause.End || OfPlace.Contains(clause[i + 1]) || clause.Word(i).Break != '\0'))
                {
                    return Fact(clause, "job", $"Is {clause.Rest(at)}");
                }
            }
        }

        return clause[at] == "the" && Titles.Contains(clause[at + 1]) && OfPlace.Contains(clause[at + 2]) && at + 3 < clause.End ? Fact(clause, "job", $"Is {clause.Rest(at)}") : null;
    }

    private static FoundFact? InCharge(Clause clause, int at)
    {
        var start = at;
        if (LeadingNow.Contains(clause[at]))
        {
            return HasArea(clause, at + 1) ? Fact(clause, "job", $"{Led(clause[at])} {clause.Rest(at + 1)}") : null;
        }

        return (clause.Take(ref at, "in charge of") || clause.Take(ref at, "responsible for") || clause.Take(ref at, "the one to ask about") || clause.Take(ref at, "the person to ask about")
                || clause.Take(ref at, "the contact for") || clause.Take(ref at, "the go-to person for"))
            && at < clause.End && !clause.PointsElsewhere(at) && !Enumerable.Range(at, clause.End - at).Any(i => Blames.Contains(clause[i]))
            ? Fact(clause, null, $"Is {clause.Rest(start)}")
            : null;
    }

    // Leads, of "leading".
    private static string Led(string doing) => ThirdPerson.Capitalised(doing == "running" ? "runs" : doing is "managing" or "overseeing" or "supervising" ? (doing[..^3] + (doing == "overseeing" ? "s" : "es")) : doing[..^3] + "s");

    private static FoundFact? Doing(Clause clause, int at)
    {
        if (clause.Take(ref at, "work as"))
        {
            return clause[at] is "a" or "an" or "the" && at + 1 < clause.End ? Fact(clause, "job", $"Is {clause.Rest(at)}") : null;
        }

        if (clause.Take(ref at, "work at") || clause.Take(ref at, "work for"))
        {
            return IsEmployer(clause, at) ? Fact(clause, "employer", $"Works at {clause.Rest(at)}") : null;
        }

        if (clause.Take(ref at, "work in"))
        {
            return Fields.Contains(clause[at]) && (at + 1 == clause.End || clause[at + 1] is "at" or "for") ? Fact(clause, "job", $"Works in {clause.Rest(at)}") : null;
        }

        if (Leading.Contains(clause[at]))
        {
            return HasArea(clause, at + 1) ? Fact(clause, clause[at] is "own" or "co-own" ? null : "job", $"{ThirdPerson.Capitalised(ThirdPerson.Verb(clause[at]))} {clause.Rest(at + 1)}") : null;
        }

        return clause.IsThird ? Others(clause, at) : null;
    }

    // Said of others: "Jana handles the payroll", "Mr Okonjo took over from Ana as head of IT".
    private static FoundFact? Others(Clause clause, int at)
    {
        var start = at;
        if (clause[at] == "handle" || (clause[at] == "look" && clause[at + 1] == "after") || (clause[at] == "take" && clause[at + 1] == "care" && clause[at + 2] == "of"))
        {
            var from = at + (clause[at] == "handle" ? 1 : clause[at] == "look" ? 2 : 3);
            return from < clause.End && clause[from] is "the" or "our" or "all" or "every" or [.., 's'] or "payroll" or "it" && from + (clause[from] is "the" or "our" or "all" or "every" ? 1 : 0) < clause.End && !clause.PointsElsewhere(from)
                ? Fact(clause, null, $"{ThirdPerson.Capitalised(ThirdPerson.Verb(clause[at]))} {clause.Rest(at + 1)}")
                : null;
        }

        if (clause.Take(ref at, "took over"))
        {
            for (var i = at; i < clause.End - 1; i++)
            {
                if (clause[i] == "as" && Enumerable.Range(i + 1, Math.Min(4, clause.End - i - 1)).Any(word => Titles.Contains(clause[word]) || Occupations.Contains(clause[word])))
                {
                    return Fact(clause, "job", ThirdPerson.Capitalised(clause.Text(start, clause.EndOfStatement(start))));
                }
            }
        }

        return clause.Take(ref at, "use a") && Enumerable.Range(at, Math.Min(3, clause.End - at)).Any(i => Aids.Contains(clause[i]) || (clause[i] == "hearing" && clause[i + 1] == "aid"))
            ? Fact(clause, null, $"Uses a {clause.Rest(at)}")
            : null;
    }

    private static bool HasArea(Clause clause, int at)
    {
        if (clause[at] is "to" or "by" or "in" or "on" or "my" or "every" || clause.PointsElsewhere(at))
        {
            return false;
        }

        for (var i = at; i < Math.Min(clause.End, at + MaxObjectWords); i++)
        {
            // "The team meetings" are no team.
            if (Areas.Contains(clause[i]) && (i + 1 == clause.End || OfPlace.Contains(clause[i + 1]) || clause[i + 1] is "and" or "there" || clause.Word(i).Break != '\0'))
            {
                return true;
            }

            if (clause[i] is "in" or "on" or "with" or "for" or "at" or "every")
            {
                return false;
            }
        }

        return false;
    }

    private static bool IsEmployer(Clause clause, int at)
    {
        if (clause.Word(at).IsCapital)
        {
            // "At Christmas", not "at Christmas Cards Ltd".
            var goesOn = clause.Word(at).Break == '\0' && clause.Word(at + 1).IsCapital;
            return !Recurrence.IsDay(clause[at]) && !Recurrence.IsManyDays(clause[at]) && (goesOn || !Holidays.Contains(clause[at])) && !(clause[at] == "new" && clause[at + 1].StartsWith("year", StringComparison.Ordinal));
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

    private static FoundFact Fact(Clause clause, string? key, string content) => new(clause.Subject, FactTypes.Identity, content, key);
}
