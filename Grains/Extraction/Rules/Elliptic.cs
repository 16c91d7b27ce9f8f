namespace Actors.Extraction.Rules;

/// <summary>
/// Seats and rooms that are preferred without a verb: "Aisle for me, always", "Whatever you book for me, window seat please".
/// Nothing but such words may stand in the clause.
/// </summary>
internal static class Elliptic
{
    private static readonly WordSet Kinds = new("aisle window balcony stalls berth bunk seat seats room rooms non-smoking floor");

    // What may stand around them.
    private static readonly WordSet Others = new(
        """
        an a the one row front back please middle upper lower top bottom quiet ground first last of in by with on or and only always for me
        coach car section high low single double
        """);

    // What makes it more than one booking's.
    private static readonly PhraseSet Standing = new(
        """
        always | every time | whenever i fly | whenever i travel | when i fly | when i travel | on every flight | on all flights
        whatever you book for me | whenever you book for me | when you book for me
        """);

    public static FoundFact? Find(Clause clause)
    {
        var (isStanding, isKind) = (false, false);
        for (var at = clause.Start; at < clause.End;)
        {
            if (clause.Take(ref at, Standing))
            {
                isStanding = true;
            }
            else if (clause.Take(ref at, Kinds))
            {
                isKind = true;
            }
            else if (!clause.Take(ref at, Others))
            {
                return null;
            }
        }

        return isStanding && isKind
            ? new FoundFact(ClauseSubject.Speaker, FactTypes.Preference, ThirdPerson.Capitalised(clause.Rest(clause.Start)))
            : null;
    }
}
