namespace Actors.Extraction.Rules;

/// <summary>Seats and rooms that are preferred without a verb: "Aisle for me, always", "Whatever you book for me, window seat please".</summary>
internal static class Elliptic
{
    private static readonly WordSet Kinds = new("aisle window balcony stalls berth bunk seat seats room rooms non-smoking floor");

    private static readonly WordSet Others = new(
        "an a the one row front back please middle upper lower top bottom quiet ground first last of in by with on or and only always for me coach car section high low single double");

    private static readonly PhraseSet Standing = new(
        """
        always | every time | whenever i fly | whenever i travel | when i fly | when i travel | on every flight | on all flights | whatever you book for me | whenever you book for me
        when you book for me
        """);

    public static FoundFact? Find(Clause clause)
    {
        var words = clause.Sentence.Words;
        var (isStanding, isKind) = (false, false);
        for (var i = clause.Start; i < clause.End;)
        {
            var length = Standing.LengthAt(words, i, clause.End);
            if (length == 0 && !Kinds.Contains(clause[i]) && !Others.Contains(clause[i]))
            {
                return null;
            }

            isStanding |= length > 0;
            isKind |= Kinds.Contains(clause[i]);
            i += Math.Max(length, 1);
        }

        return isStanding && isKind
            ? new FoundFact(ClauseSubject.Speaker, FactTypes.Preference, ThirdPerson.Capitalised(clause.Rest(clause.Start)))
            : null;
    }
}
