namespace Actors.Api.Tests.Facts;

/// <summary>What a write through the API does: the table of docs/facts.md, decided without the service.</summary>
internal static class BitemporalTable
{
    private static readonly Refusal NotFound = new("404 not_found");
    private static readonly Refusal NotAfterStart = new("422 effective_at_not_after_valid_from");
    private static readonly Refusal Inverted = new("422 valid_from_not_before_valid_to");

    public static Decision Create(BitemporalOracle oracle, Belief fact, bool change)
    {
        if (fact.To <= fact.From)
        {
            return Decision.Refused(Inverted);
        }

        var rivals = oracle.BelievedAt().Where(fact.SharesKeyWith).ToList();
        var holder = rivals.SingleOrDefault(rival => rival.HoldsAt(fact.From));
        if (change && holder is not null && holder.From < fact.From)
        {
            // Whoever lasts as long as the old fact was to is followed by what was planned to follow that.
            var end = fact.To ?? holder.To;
            var successor = fact with { To = end, Successor = end == holder.To ? holder.Successor : null };
            return Unless(InTheWay(rivals, successor).Where(rival => rival != holder), holder with { To = fact.From, Successor = fact.Id }, successor);
        }

        if (change && holder is null && fact.To is null)
        {
            return Decision.Written(fact with { To = rivals.Where(rival => rival.From > fact.From).Min(rival => (DateTimeOffset?)rival.From) });
        }

        return Unless(InTheWay(rivals, fact), fact);
    }

    public static Decision Update(BitemporalOracle oracle, Guid id, Guid newId, string content, DateTimeOffset effectiveAt)
    {
        if (oracle.FindLast(id) is null)
        {
            return Decision.Refused(NotFound);
        }

        if (oracle.Find(id) is not { } fact)
        {
            return Decision.Refused(Superseded(oracle, id, effectiveAt));
        }

        if (effectiveAt <= fact.From)
        {
            return Decision.Refused(NotAfterStart);
        }

        return fact.HasEndedBy(effectiveAt)
            ? Decision.Refused(Superseded(oracle, id, effectiveAt))
            : Decision.Written(
                fact with { To = effectiveAt, Successor = newId },
                fact with { Id = newId, Content = content, From = effectiveAt });
    }

    /// <param name="correct">The belief to replace by the corrected one; null: there never was such a fact.</param>
    public static Decision Correct(BitemporalOracle oracle, Guid id, Func<Belief, Belief> correct, DateTimeOffset now)
    {
        if (oracle.FindLast(id) is not { } last)
        {
            return Decision.Refused(NotFound);
        }

        var corrected = correct(last);
        var isInverted = corrected.To <= corrected.From;
        if (oracle.Find(id) is null)
        {
            // Two things are wrong; which is named first does not matter.
            return isInverted ? Decision.Refused(SupersededBySome(oracle, id, now), Inverted) : Decision.Refused(SupersededBySome(oracle, id, now));
        }

        if (isInverted)
        {
            return Decision.Refused(Inverted);
        }

        if (corrected == last)
        {
            return Decision.Refused(new Refusal("422 correction_changes_nothing"));
        }

        var believed = oracle.BelievedAt().ToList();
        var predecessors = believed.Where(fact => fact.Successor == id && corrected.From < (fact.To ?? DateTimeOffset.MaxValue));
        var successors = believed.Where(fact => fact.Id == corrected.Successor && (corrected.To is null || fact.From < corrected.To));
        return Unless([.. InTheWay(believed.Where(corrected.SharesKeyWith), corrected), .. predecessors, .. successors], corrected);
    }

    public static Decision Retract(BitemporalOracle oracle, Guid id, DateTimeOffset now)
    {
        if (oracle.FindLast(id) is null)
        {
            return Decision.Refused(NotFound);
        }

        return oracle.Find(id) is null ? Decision.Refused(SupersededBySome(oracle, id, now)) : Decision.Written(new Effect(id, null));
    }

    private static IEnumerable<Belief> InTheWay(IEnumerable<Belief> rivals, Belief fact) => rivals.Where(fact.Overlaps);

    private static Decision Unless(IEnumerable<Belief> inTheWay, params Belief[] written)
    {
        var ids = inTheWay.Select(fact => (Guid?)fact.Id).ToArray();
        return ids.Length > 0
            ? Decision.Refused(new Refusal("409 fact_key_taken", ids))
            : Decision.Written([.. written.Select(belief => (Effect)belief)]);
    }

    private static Refusal Superseded(BitemporalOracle oracle, Guid id, DateTimeOffset at) => new("409 fact_superseded", Current(oracle, id, at));

    // For what cannot be done to a retracted fact the table does not say which fact is named, if any.
    private static Refusal SupersededBySome(BitemporalOracle oracle, Guid id, DateTimeOffset now) =>
        new("409 fact_superseded", null, Current(oracle, id, now));

    private static Guid? Current(BitemporalOracle oracle, Guid id, DateTimeOffset at)
    {
        var chain = oracle.SuccessorsOf(id).Select(oracle.Find).OfType<Belief>().ToList();
        return (chain.FirstOrDefault(fact => fact.HoldsAt(at)) ?? chain.LastOrDefault())?.Id;
    }
}
