namespace Actors.Extraction.Rules;

/// <summary>Decisions that name what was chosen and no more: "Postgres it is", "spaces it is for all the repos".</summary>
internal static class NamedChoices
{
    private const int MaxThingWords = 4;

    private static readonly WordSet NoThings = new(
        """
        what how that as so where who whatever whoever whichever which wherever when why know think say says if because and or but it i
        you we he she they there here one ones this these those pizza sushi lunch dinner beer coffee tomorrow today noon is was are not
        """);

    // "Sushi it is for now" decides nothing that lasts.
    private static readonly WordSet Transient = new("now me us you lunch dinner");

    public static FoundFact? Find(Clause clause)
    {
        for (var i = clause.Start; i < Math.Min(clause.End, clause.Start + MaxThingWords); i++)
        {
            if (!IsOfThing(clause, i))
            {
                return null;
            }

            var behind = i + 1;
            if (clause.Take(ref behind, "it is") && EndsOrIsFor(clause, behind))
            {
                return Chosen(clause, i + 1, behind);
            }
        }

        return null;
    }

    private static bool IsOfThing(Clause clause, int at) =>
        !NoThings.Contains(clause[at]) && !Recurrence.IsDay(clause[at]) && !clause.HasFigure(at, at + 1) && clause.Word(at).Break == '\0';

    private static bool EndsOrIsFor(Clause clause, int at) =>
        at == clause.End || (clause[at] is "for" or "then" && !Transient.Contains(clause[at + 1]));

    private static FoundFact? Chosen(Clause clause, int thingEnd, int behind)
    {
        if (SentenceGuards.IsPassing(clause) || clause.PointsElsewhere(behind))
        {
            return null;
        }

        clause.Take(ref behind, "then");
        var content = $"Decided on {clause.Text(clause.Start, thingEnd)} {clause.Rest(behind)}".TrimEnd();
        return new(ClauseSubject.Client, FactTypes.Decision, content);
    }
}
