namespace Actors.Extraction.Rules;

/// <summary>Who somebody is: name, work, home, how to reach them, family, languages.</summary>
internal static class IdentityRules
{
    private const int MaxNameWords = 4;

    private static readonly WordSet Days = new(
        """
        monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december tomorrow today back later
        maybe i it english german french spanish italian
        """);

    private static readonly WordSet Particles = new("de la le da do dos del di van von der den the of am upon san y e el");

    private static readonly WordSet Relatives = new("wife husband partner son daughter sister brother mother father mom mum dad dog cat girlfriend boyfriend fiancé fiancée baby horse parrot spouse");

    private static readonly WordSet Numbers = new("customer client membership member loyalty frequent policy insurance tax vat licence license staff employee personnel matriculation student");

    private static readonly WordSet Kept = new("children kids sons daughters cats dogs brothers sisters siblings grandchildren son daughter cat dog brother sister horse horses twins child kid");

    private static readonly WordSet Counts = new("a an one two three four five six seven eight nine ten no 1 2 3 4 5 6 7 8 9");

    private static readonly WordSet States = new("married single divorced engaged widowed retired left-handed");

    public static FoundFact? Find(Clause clause)
    {
        if (clause.Subject is ClauseSubject.Other or ClauseSubject.Order || (clause.Subject == ClauseSubject.Speaker && clause[clause.Start] == "please"))
        {
            return CallMe(clause);
        }

        if (!clause.IsPerson || SentenceGuards.IsPassing(clause))
        {
            return null;
        }

        var at = clause.Body;
        return clause.IsPossessive ? Own(clause) : clause.Take(ref at, "am") ? Being(clause, at) : Doing(clause, at);
    }

    private static FoundFact? CallMe(Clause clause)
    {
        var at = clause.Start;
        clause.Take(ref at, "please");
        clause.Take(ref at, "just");
        return clause.Take(ref at, "call me") ? Name(clause, at)
            : clause.Take(ref at, "you can reach me at") || clause.Take(ref at, "you can reach me on") || clause.Take(ref at, "you can reach me under") || clause.Take(ref at, "reach me at") ? Contact(clause, at)
            : null;
    }

    private static FoundFact? Name(Clause clause, int at)
    {
        var end = CapitalsFrom(clause, at, MaxNameWords);
        return end > at && (end == clause.End || clause.Word(end - 1).Break != '\0' || clause[end] is "and" or "from") && !Days.Contains(clause[at])
            ? Fact(clause, "name", $"Is called {clause.Sentence.TextOf(at, end)}", end)
            : null;
    }

    private static FoundFact? Own(Clause clause)
    {
        var at = clause.Body;
        if (clause[clause.Body + 2] is not ("spelled" or "spelt" or "pronounced") && (clause.Take(ref at, "name is") || clause.Take(ref at, "full name is")))
        {
            return Name(clause, at);
        }

        if (clause.Take(ref at, "email address is") || clause.Take(ref at, "e-mail address is") || clause.Take(ref at, "email is") || clause.Take(ref at, "e-mail is")
            || clause.Take(ref at, "phone number is") || clause.Take(ref at, "phone is") || clause.Take(ref at, "mobile number is") || clause.Take(ref at, "number is"))
        {
            return Contact(clause, at);
        }

        if (clause.Take(ref at, "birthday is on") || clause.Take(ref at, "birthday is"))
        {
            return clause.Text(at, clause.End).Any(char.IsAsciiDigit) ? Fact(clause, "birthday", $"Birthday: {clause.Rest(at)}") : null;
        }

        if (clause.Take(ref at, "pronouns are"))
        {
            return clause[at].Contains('/', StringComparison.Ordinal) ? Fact(clause, "pronouns", $"Pronouns: {clause[at]}", at + 1) : null;
        }

        if ((clause.Take(ref at, "surname is") || clause.Take(ref at, "last name is") || clause.Take(ref at, "first name is") || clause.Take(ref at, "name is")) && (clause[at] is "spelled" or "spelt" or "pronounced"))
        {
            return at + 1 < clause.End ? Fact(clause, null, $"{ThirdPerson.Capitalised(clause.Text(clause.Body, at - 1))} {clause.Rest(at - 1)}") : null;
        }

        if (clause.Take(ref at, "time zone is") || clause.Take(ref at, "timezone is"))
        {
            return clause.Word(at).IsCapital ? Fact(clause, "time_zone", $"Time zone: {clause.Rest(at)}") : null;
        }

        return Numbers.Contains(clause[clause.Body]) && (clause.Take(ref at, $"{clause[clause.Body]} number is") || clause.Take(ref at, "frequent flyer number is")) && clause[at].Count(char.IsAsciiDigit) > 3
            ? Fact(clause, null, ThirdPerson.Capitalised(clause.Text(clause.Body, at + 1)), at + 1)
            : Relative(clause);
    }

    // A telephone number, or an address of mail.
    private static FoundFact? Contact(Clause clause, int at)
    {
        if (clause[at].IndexOf('@', StringComparison.Ordinal) is > 0 and var sign && clause[at].LastIndexOf('.') > sign)
        {
            return Fact(clause, "email", $"Email: {clause.Sentence.TextOf(at, at + 1)}", at + 1);
        }

        return IsNumber(clause.Text(at, clause.End)) ? Fact(clause, "phone", $"Phone: {clause.Rest(at)}") : null;
    }

    private static bool IsNumber(string text) => text.Count(char.IsAsciiDigit) >= 6 && text.All(c => char.IsAsciiDigit(c) || c is ' ' or '+' or '-' or '(' or ')' or '/' or '.');

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
        return end > at ? Fact(clause, null, $"{ThirdPerson.Capitalised(who)} is called {clause.Sentence.TextOf(at, end)}", end) : null;
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
            return end > at && (end == clause.End || clause[end] == "and" || clause.Word(end - 1).Break != '\0') ? Fact(clause, null, $"Is from {clause.Sentence.TextOf(at, end)}", end) : null;
        }

        if (clause[at].Length is 1 or 2 && clause[at].All(char.IsAsciiDigit))
        {
            return clause[at + 1] == "years" && clause[at + 2] == "old" ? Fact(clause, "age", $"Is {clause[at]} years old", at + 3)
                : at + 1 == clause.End && clause[at].Length == 2 ? Fact(clause, "age", $"Is {clause[at]} years old")
                : null;
        }

        if (States.Contains(clause[at]) && (at + 1 == clause.End || clause[at + 1] == "to" || clause.Word(at).Break != '\0'))
        {
            return clause[at + 1] == "to" && clause.Word(at + 2) is { IsCapital: false } && clause[at + 2] is not "a" and not "an" ? null : Fact(clause, null, $"Is {clause.Rest(at)}");
        }

        if ((clause.Take(ref at, "on") || clause.Take(ref at, "in the")) && clause.Word(at).IsCapital && (clause[at + 1] == "time" || (clause[at + 1] == "standard" && clause[at + 2] == "time")))
        {
            return Fact(clause, "time_zone", $"Time zone: {clause.Sentence.TextOf(at, at + 1)}");
        }

        if (clause.Take(ref at, "called") || clause.Take(ref at, "named"))
        {
            return Name(clause, at);
        }

        if (clause.Take(ref at, "reachable under") || clause.Take(ref at, "reachable at") || clause.Take(ref at, "reachable on"))
        {
            return Contact(clause, at);
        }

        return clause.Subject == ClauseSubject.Speaker && (IsIntroduction(clause) || GivenNames.Contains(clause[at])) ? Name(clause, at) : null;
    }

    // "Hi, I'm Jonas": elsewhere what follows "I'm" may be anything with a capital.
    private static bool IsIntroduction(Clause clause) => clause.Start > 0 && clause.Sentence.Words[0].Text is "hi" or "hello" or "hey" or "good";

    private static FoundFact? Doing(Clause clause, int at)
    {
        clause.Take(ref at, "currently");
        if (clause.Take(ref at, "live in"))
        {
            return Home(clause, at);
        }

        if (clause.Take(ref at, "live with"))
        {
            return clause[at] is "my" or "our" or "us" or "me" or "two" or "three" or "his" or "her" ? Fact(clause, null, $"Lives with {clause.Rest(at)}") : null;
        }

        if (clause.Take(ref at, "go by") || clause.Take(ref at, "ask to be called"))
        {
            return Name(clause, at);
        }

        if (clause.Take(ref at, "was born"))
        {
            return clause[at] is "on" or "in" && at + 1 < clause.End ? Fact(clause, null, $"Was born {clause.Rest(at)}") : null;
        }

        if (clause.Take(ref at, "go to school in") || clause.Take(ref at, "go to school at"))
        {
            return clause.Word(at).IsCapital ? Fact(clause, null, $"Goes to school {clause.Rest(at - 1)}") : null;
        }

        if (clause.Take(ref at, "drive a") || clause.Take(ref at, "drive an"))
        {
            return Enumerable.Range(at, Math.Min(4, clause.End - at)).Any(i => clause.Word(i).IsCapital) ? Fact(clause, null, $"Drives {clause.Text(at - 1, clause.EndOfStatement(at))}") : null;
        }

        if (clause.Take(ref at, "speak") && clause.Word(at + (clause[at] is "fluent" or "native" or "some" or "only" ? 1 : 0)).IsCapital)
        {
            return Fact(clause, null, $"Speaks {clause.Rest(at)}");
        }

        if (clause.Take(ref at, "have"))
        {
            clause.Take(ref at, "got");
        }

        return clause[at - 1] is "have" or "got" && Counts.Contains(clause[at]) && (Kept.Contains(clause[at + 1]) || (clause.Word(at + 1).Break == '\0' && clause.End == at + 3 && Kept.Contains(clause[at + 2])))
            ? Fact(clause, null, $"Has {clause.Rest(at)}")
            : null;
    }

    private static FoundFact? Home(Clause clause, int at)
    {
        var end = CapitalsFrom(clause, at, MaxNameWords);
        return end > at && !Days.Contains(clause[at]) && clause.Subject != ClauseSubject.Relative ? Fact(clause, "home", $"Lives in {clause.Sentence.TextOf(at, end)}", end) : null;
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

    private static FoundFact Fact(Clause clause, string? key, string content, int? end = null) => new(clause.Subject is ClauseSubject.User or ClauseSubject.Named or ClauseSubject.Relative ? clause.Subject : ClauseSubject.Speaker, FactTypes.Identity, content, key, end);
}
