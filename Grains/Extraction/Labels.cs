namespace Actors.Extraction;

/// <summary>Statements that say what they are: "Decision: use Stripe".</summary>
internal static class Labels
{
    private static readonly WordSet Adjectives = new("hard final key main new important our the");

    /// <summary>Where the statement begins behind one of the labels and a colon; null: the clause has none, or nothing behind it.</summary>
    public static int? Rest(Clause clause, WordSet labels)
    {
        var at = clause.Start;
        while (clause.Take(ref at, Adjectives))
        {
        }

        return labels.Contains(clause[at]) && clause.Word(at).Break == ':' && clause.End - at > 2 ? at + 1 : null;
    }
}
