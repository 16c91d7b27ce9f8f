namespace Actors.Extraction.Rules;

/// <summary>Statements that say what they are: "Decision: use Stripe".</summary>
internal static class Labels
{
    private const int MaxWords = 7;

    private static readonly WordSet OfWhat = new("from with of in at by after on");

    private static readonly WordSet Adjectives = new("hard final key main new important our the");

    /// <summary>Where the statement begins behind one of the labels and a colon; null: the clause has none, or nothing behind it.</summary>
    public static int? Rest(Clause clause, WordSet labels)
    {
        var at = clause.Start;
        while (clause.Take(ref at, Adjectives))
        {
        }

        if (!labels.Contains(clause[at]))
        {
            return null;
        }

        // "Decision from the call:", "agreed with Lindqvist:".
        var colon = at;
        while (clause.Word(colon).Break == '\0' && colon < Math.Min(clause.End, at + MaxWords) && (colon > at || OfWhat.Contains(clause[at + 1])))
        {
            colon++;
        }

        // "Agreed with you: ..." is talk.
        return clause[colon] is not ("you" or "me" or "him" or "her" or "them") && clause.Word(colon).Break == ':' && clause.End - colon > 2 ? colon + 1 : null;
    }
}
