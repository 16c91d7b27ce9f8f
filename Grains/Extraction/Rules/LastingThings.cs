namespace Actors.Extraction.Rules;

/// <summary>Things whose liking stays: no pointing at what was just said, no reaction to what somebody did.</summary>
internal static class LastingThings
{
    private static readonly WordSet Pointing = new(
        """
        it this that these those your yours his her their its he she they i we how what him them you both all everything not one when
        where why who whoever having
        """);

    private static readonly WordSet OfOthers = new("his her their");

    private static readonly WordSet Opining = new(
        """
        think say believe know see hear inform announce add point break admit interrupt disturb bother complain argue disagree annoy
        tease brag
        """);

    // Whoever is spoken to is praised or put off: "I love working with you"; and "something" says nothing.
    private static readonly WordSet SpokenTo = new("you your yours yourself something someone somebody somewhere");

    private static readonly WordSet OfSpeaker = new("me us my our");

    private static readonly WordSet Talks = new("chat chats talk talks conversation conversations");

    private static readonly WordSet OfOneOccasion = new(
        "one ones option version first second third latter former idea proposal design draft layout");

    /// <summary>Whether one is told from a word to the end of a clause.</summary>
    /// <param name="clause">The clause.</param>
    /// <param name="at">First word of the thing.</param>
    /// <param name="isPrefer">Whether it is preferred or always taken: who prefers the aisle means all, who loves the logo one.</param>
    public static bool IsAt(Clause clause, int at, bool isPrefer)
    {
        if (at >= clause.End || clause.Word(at - 1).Break != '\0' || IsPointing(clause, at) || clause.Has(at, SpokenTo))
        {
            return false;
        }

        if (clause[at] == "the" && (!isPrefer || clause.Has(at, OfOneOccasion)))
        {
            return false;
        }

        return !IsOpinion(clause, at) && !IsOfSpeaker(clause, at) && !SentenceGuards.IsPassing(clause);
    }

    // "Ana loves her garden" is of Ana's own; "I love her garden" of somebody's who was named before.
    private static bool IsPointing(Clause clause, int at)
    {
        var isOwn = clause.IsThird && OfOthers.Contains(clause[at]) && at + 1 < clause.End;
        return (Pointing.Contains(clause[at]) && !isOwn) || clause.PointsElsewhere(at);
    }

    // "I hate to say", "I'd love to".
    private static bool IsOpinion(Clause clause, int at) =>
        clause[at] == "to" && (at + 1 == clause.End || Opining.Contains(clause[at + 1]));

    // "Ana loves my cooking", "I love our chats".
    private static bool IsOfSpeaker(Clause clause, int at) =>
        (clause.IsThird && clause.Has(at, OfSpeaker)) || (clause[at] == "our" && Talks.Contains(clause[at + 1]));
}
