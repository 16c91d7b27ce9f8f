namespace Actors.Extraction.Rules;

/// <summary>What is somebody's own, told as "my … is …": name, address of mail, birthday, numbers, what their family is called.</summary>
internal static class OwnDetails
{
    private const int MinDigitsOfNumber = 4;

    private static readonly PhraseSet NameIs = new("name is | full name is");

    private static readonly PhraseSet NameToSpellIs = new("surname is | last name is | first name is | name is");

    private static readonly PhraseSet ContactIs = new(
        "email address is | e-mail address is | email is | e-mail is | phone number is | phone is | mobile number is | number is");

    private static readonly PhraseSet BirthdayIs = new("birthday is on | birthday is");

    private static readonly PhraseSet TimeZoneIs = new("time zone is | timezone is");

    private static readonly PhraseSet IsCalled = new("is called | is named | name is");

    private static readonly WordSet Spelled = new("spelled spelt pronounced");

    // Kinds of numbers people have with others.
    private static readonly WordSet Numbers = new(
        """
        customer client membership member loyalty frequent policy insurance tax vat licence license staff employee personnel matriculation
        student
        """);

    private static readonly WordSet Relatives = new(
        """
        wife husband partner son daughter sister brother mother father mom mum dad dog cat girlfriend boyfriend fiancé fiancée baby horse
        parrot spouse
        """);

    public static FoundFact? Find(Clause clause)
    {
        var at = clause.Body;
        if (!Spelled.Contains(clause[at + 2]) && clause.Take(ref at, NameIs))
        {
            return Particulars.Name(clause, at);
        }

        if (clause.Take(ref at, ContactIs))
        {
            return Particulars.Contact(clause, at);
        }

        if (clause.Take(ref at, BirthdayIs))
        {
            return Birthday(clause, at);
        }

        if (clause.Take(ref at, "pronouns are"))
        {
            return Pronouns(clause, at);
        }

        if (clause.Take(ref at, NameToSpellIs) && Spelled.Contains(clause[at]))
        {
            return Spelling(clause, at);
        }

        return clause.Take(ref at, TimeZoneIs) ? TimeZone(clause, at) : Number(clause) ?? Relative(clause);
    }

    private static FoundFact? Birthday(Clause clause, int at) => clause.Text(at, clause.End).Any(char.IsAsciiDigit)
        ? Particulars.Fact(clause, "birthday", $"Birthday: {clause.Rest(at)}")
        : null;

    // "My pronouns are they/them."
    private static FoundFact? Pronouns(Clause clause, int at) => clause[at].Contains('/', StringComparison.Ordinal)
        ? Particulars.Fact(clause, "pronouns", $"Pronouns: {clause[at]}", at + 1)
        : null;

    // "My surname is spelled with two t's."
    private static FoundFact? Spelling(Clause clause, int at)
    {
        var name = ThirdPerson.Capitalised(clause.Text(clause.Body, at - 1));
        return at + 1 < clause.End ? Particulars.Fact(clause, null, $"{name} {clause.Rest(at - 1)}") : null;
    }

    private static FoundFact? TimeZone(Clause clause, int at) => clause.Word(at).IsCapital
        ? Particulars.Fact(clause, "time_zone", $"Time zone: {clause.Rest(at)}")
        : null;

    // "My membership number is 48213", "my frequent flyer number is LH992003".
    private static FoundFact? Number(Clause clause)
    {
        var (at, kind) = (clause.Body, clause[clause.Body]);
        if (!Numbers.Contains(kind) || !(clause.Take(ref at, $"{kind} number is") || clause.Take(ref at, "frequent flyer number is")))
        {
            return null;
        }

        return clause[at].Count(char.IsAsciiDigit) >= MinDigitsOfNumber
            ? Particulars.Fact(clause, null, ThirdPerson.Capitalised(clause.Text(clause.Body, at + 1)), at + 1)
            : null;
    }

    // "My wife is called Maria", "my dog's name is Rex".
    private static FoundFact? Relative(Clause clause)
    {
        var (at, who) = (clause.Body + 1, clause[clause.Body]);
        who = who.EndsWith("'s", StringComparison.Ordinal) ? who[..^2] : who;
        if (!Relatives.Contains(who) || !clause.Take(ref at, IsCalled))
        {
            return null;
        }

        var end = Particulars.CapitalsFrom(clause, at);
        return end > at
            ? Particulars.Fact(clause, null, $"{ThirdPerson.Capitalised(who)} is called {clause.Sentence.TextOf(at, end)}", end)
            : null;
    }
}
