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
        var label = clause.Start;
        while (clause.Take(ref label, Adjectives))
        {
        }

        if (!labels.Contains(clause[label]))
        {
            return null;
        }

        // "Decision from the call:", "agreed with Lindqvist:".
        var last = OfWhat.Contains(clause[label + 1]) ? LastBeforeMark(clause, label) : label;

        // "Agreed with you: ..." is talk.
        var isTalk = clause[last] is "you" or "me" or "him" or "her" or "them";
        return !isTalk && clause.Word(last).Break == ':' && clause.End - last > 2 ? last + 1 : null;
    }

    private static int LastBeforeMark(Clause clause, int from)
    {
        var at = from;
        while (at < Math.Min(clause.End, from + MaxWords) && clause.Word(at).Break == '\0')
        {
            at++;
        }

        return at;
    }
}
