namespace Actors.Extraction.Rules;

/// <summary>Names, places and ways to reach somebody, as they stand behind "my name is", "I live in" or "call me at".</summary>
internal static class Particulars
{
    private const int MaxNameWords = 4;

    // Words with a capital which name neither a person nor a place: "I'm German", "I'm back".
    private static readonly WordSet NoNames = new(
        """
        monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october
        november december tomorrow today back later maybe i it english german french spanish italian
        """);

    private static readonly WordSet Particles = new("de la le da do dos del di van von der den the of am upon san y e el");

    public static FoundFact? Name(Clause clause, int at)
    {
        var end = CapitalsFrom(clause, at);
        var isWhole = clause.EndsAt(end - 1) || clause[end] is "and" or "from";
        return end > at && isWhole && !NoNames.Contains(clause[at])
            ? Fact(clause, "name", $"Is called {clause.Sentence.TextOf(at, end)}", end)
            : null;
    }

    public static FoundFact? Home(Clause clause, int at)
    {
        var end = CapitalsFrom(clause, at);
        return end > at && !NoNames.Contains(clause[at]) && clause.Subject != ClauseSubject.Relative
            ? Fact(clause, "home", $"Lives in {clause.Sentence.TextOf(at, end)}", end)
            : null;
    }

    /// <summary>A telephone number, or an address of mail.</summary>
    public static FoundFact? Contact(Clause clause, int at)
    {
        if (clause[at].IndexOf('@', StringComparison.Ordinal) is > 0 and var sign && clause[at].LastIndexOf('.') > sign)
        {
            return Fact(clause, "email", $"Email: {clause.Sentence.TextOf(at, at + 1)}", at + 1);
        }

        return IsTelephoneNumber(clause.Text(at, clause.End)) ? Fact(clause, "phone", $"Phone: {clause.Rest(at)}") : null;
    }

    /// <summary>
    /// Behind the words with capitals that begin at a place, particles between them included; a comma may stand within "Austin, Texas".
    /// </summary>
    public static int CapitalsFrom(Clause clause, int at)
    {
        var end = at;
        for (var i = at; i < Math.Min(clause.End, at + MaxNameWords); i++)
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

    public static FoundFact Fact(Clause clause, string? key, string content, int? end = null)
    {
        var isAnother = clause.Subject is ClauseSubject.User or ClauseSubject.Named or ClauseSubject.Relative;
        return new FoundFact(isAnother ? clause.Subject : ClauseSubject.Speaker, FactTypes.Identity, content, key, end);
    }

    private static bool IsTelephoneNumber(string text) =>
        text.Count(char.IsAsciiDigit) >= 6 && text.All(c => char.IsAsciiDigit(c) || c is ' ' or '+' or '-' or '(' or ')' or '/' or '.');
}
