namespace Actors.Extraction.Rules;

/// <summary>Who somebody is: name, work, home, how to reach them, family, languages.</summary>
internal static class IdentityRules
{
    private const int MaxCarWords = 4;

    private static readonly PhraseSet ReachMe = new("you can reach me at | you can reach me on | you can reach me under | reach me at");

    private static readonly PhraseSet Reachable = new("reachable under | reachable at | reachable on");

    private static readonly PhraseSet Called = new("called | named");

    private static readonly PhraseSet AtHomeIn = new("based in | living in");

    private static readonly PhraseSet GoBy = new("go by | ask to be called");

    private static readonly PhraseSet GoToSchool = new("go to school in | go to school at");

    private static readonly PhraseSet Drive = new("drive a | drive an");

    private static readonly WordSet States = new("married single divorced engaged widowed retired left-handed");

    private static readonly WordSet Departments = new(
        "sales marketing support legal finance engineering accounting procurement operations security logistics hr it");

    private static readonly WordSet Greetings = new("hi hello hey good");

    // What those one lives with begin with: "my parents", "two flatmates".
    private static readonly WordSet Households = new("my our us me two three his her");

    private static readonly WordSet Fluencies = new("fluent native some only");

    private static readonly WordSet Counts = new("a an one two three four five six seven eight nine ten no 1 2 3 4 5 6 7 8 9");

    private static readonly WordSet Kept = new(
        """
        children kids sons daughters cats dogs brothers sisters siblings grandchildren son daughter cat dog brother sister horse horses
        twins child kid
        """);

    public static FoundFact? Find(Clause clause)
    {
        if (clause.Subject is ClauseSubject.Other or ClauseSubject.Order
            || (clause.Subject == ClauseSubject.Speaker && clause[clause.Start] == "please"))
        {
            return Asked(clause);
        }

        if (!clause.IsPerson || SentenceGuards.IsPassing(clause))
        {
            return null;
        }

        if (clause.IsPossessive)
        {
            return OwnDetails.Find(clause);
        }

        var at = clause.Body;
        return clause.Take(ref at, "am") ? Being(clause, at) : Doing(clause, at);
    }

    // "Please just call me Jo", "you can reach me at jo@example.org".
    private static FoundFact? Asked(Clause clause)
    {
        var at = clause.Start;
        clause.Take(ref at, "please");
        clause.Take(ref at, "just");
        if (clause.Take(ref at, "call me"))
        {
            return Particulars.Name(clause, at);
        }

        return clause.Take(ref at, ReachMe) ? Particulars.Contact(clause, at) : null;
    }

    // "I'm based in Turin", "I'm from Porto", "I'm 34", "I'm retired".
    private static FoundFact? Being(Clause clause, int at)
    {
        if (clause.Take(ref at, AtHomeIn))
        {
            return Particulars.Home(clause, at);
        }

        if (clause.Take(ref at, "from"))
        {
            return Origin(clause, at);
        }

        if (clause[at].Length is 1 or 2 && clause[at].All(char.IsAsciiDigit))
        {
            return Age(clause, at);
        }

        if (States.Contains(clause[at]) && (clause.EndsAt(at) || clause[at + 1] == "to"))
        {
            return State(clause, at);
        }

        return Addressed(clause, at);
    }

    // "I'm from Porto and love the sea"; not "I'm from Sales".
    private static FoundFact? Origin(Clause clause, int at)
    {
        var end = Particulars.CapitalsFrom(clause, at);
        return end > at && (clause.EndsAt(end - 1) || clause[end] == "and") && !Departments.Contains(clause[at])
            ? Particulars.Fact(clause, null, $"Is from {clause.Sentence.TextOf(at, end)}", end)
            : null;
    }

    // "I'm 7 years old", "I'm 34": one digit alone may count anything.
    private static FoundFact? Age(Clause clause, int at)
    {
        var content = $"Is {clause[at]} years old";
        if (clause[at + 1] == "years" && clause[at + 2] == "old")
        {
            return Particulars.Fact(clause, "age", content, at + 3);
        }

        return at + 1 == clause.End && clause[at].Length == 2 ? Particulars.Fact(clause, "age", content) : null;
    }

    // "I'm married to Eva", "I'm engaged to a nurse"; not "I'm married to my job", "I'm single to a fault".
    private static FoundFact? State(Clause clause, int at)
    {
        var isToSomebody = clause[at] is "married" or "engaged" && (clause.Word(at + 2).IsCapital || clause[at + 2] is "a" or "an");
        return clause[at + 1] == "to" && !isToSomebody ? null : Particulars.Fact(clause, null, $"Is {clause.Rest(at)}");
    }

    // What calls or messages go by: "I'm on Pacific time", "I'm called Jonas", "I'm reachable under +49 170 5550123".
    private static FoundFact? Addressed(Clause clause, int at)
    {
        var zone = at;
        if ((clause.Take(ref zone, "on") || clause.Take(ref zone, "in the")) && IsTimeZone(clause, zone))
        {
            return Particulars.Fact(clause, "time_zone", $"Time zone: {clause.Sentence.TextOf(zone, zone + 1)}");
        }

        if (clause.Take(ref at, Called))
        {
            return Particulars.Name(clause, at);
        }

        if (clause.Take(ref at, Reachable))
        {
            return Particulars.Contact(clause, at);
        }

        var isIntroduced = clause.Subject == ClauseSubject.Speaker && (IsIntroduction(clause) || GivenNames.Contains(clause[at]));
        return isIntroduced ? Particulars.Name(clause, at) : null;
    }

    private static bool IsTimeZone(Clause clause, int at) =>
        clause.Word(at).IsCapital && (clause[at + 1] == "time" || (clause[at + 1] == "standard" && clause[at + 2] == "time"));

    // "Hi, I'm Jonas": elsewhere what follows "I'm" may be anything with a capital.
    private static bool IsIntroduction(Clause clause) => clause.Start > 0 && Greetings.Contains(clause.Sentence.Words[0].Text);

    // "I currently live in Turin", "I go by Jo".
    private static FoundFact? Doing(Clause clause, int at)
    {
        clause.Take(ref at, "currently");
        if (clause.Take(ref at, "live in"))
        {
            return Particulars.Home(clause, at);
        }

        if (clause.Take(ref at, GoBy))
        {
            return Particulars.Name(clause, at);
        }

        return Household(clause, at) ?? Birth(clause, at) ?? School(clause, at) ?? Car(clause, at) ?? LanguageOrFamily(clause, at);
    }

    // "I live with my parents."
    private static FoundFact? Household(Clause clause, int at) => clause.Take(ref at, "live with") && Households.Contains(clause[at])
        ? Particulars.Fact(clause, null, $"Lives with {clause.Rest(at)}")
        : null;

    // "I was born in 1987."
    private static FoundFact? Birth(Clause clause, int at) =>
        clause.Take(ref at, "was born") && clause[at] is "on" or "in" && at + 1 < clause.End
            ? Particulars.Fact(clause, null, $"Was born {clause.Rest(at)}")
            : null;

    // "I go to school in Graz."
    private static FoundFact? School(Clause clause, int at) => clause.Take(ref at, GoToSchool) && clause.Word(at).IsCapital
        ? Particulars.Fact(clause, null, $"Goes to school {clause.Rest(at - 1)}")
        : null;

    // "I drive an old Volvo": a car has a capital, a hard bargain has none.
    private static FoundFact? Car(Clause clause, int at) =>
        clause.Take(ref at, Drive) && clause.Has(at, at + MaxCarWords, i => clause.Word(i).IsCapital)
            ? Particulars.Fact(clause, null, $"Drives {clause.Text(at - 1, clause.EndOfStatement(at))}")
            : null;

    // "I speak fluent Danish", "I have two kids", "I've got a younger brother".
    private static FoundFact? LanguageOrFamily(Clause clause, int at)
    {
        if (clause.Take(ref at, "speak") && clause.Word(at + (Fluencies.Contains(clause[at]) ? 1 : 0)).IsCapital)
        {
            return Particulars.Fact(clause, null, $"Speaks {clause.Rest(at)}");
        }

        if (clause.Take(ref at, "have"))
        {
            clause.Take(ref at, "got");
        }

        return clause[at - 1] is "have" or "got" && Counts.Contains(clause[at]) && IsFamily(clause, at + 1)
            ? Particulars.Fact(clause, null, $"Has {clause.Rest(at)}")
            : null;
    }

    // Those one has, or one word about them before: "younger brother" and no more.
    private static bool IsFamily(Clause clause, int at) =>
        Kept.Contains(clause[at]) || (clause.Word(at).Break == '\0' && clause.End == at + 2 && Kept.Contains(clause[at + 1]));
}
