namespace Actors.Api.Tests.Facts;

/// <summary>What a write by SQL does: what sql/ says in comments and constraints, decided without Postgres.</summary>
internal static class BitemporalSqlRules
{
    private static readonly Refusal Inverted = new("23514 facts_valid_from_before_valid_to");
    private static readonly Refusal KeyTaken = new("23P01 facts_single_valued_key_has_one_value_at_a_time");

    /// <summary>What update_fact_temporal closes; empty: nothing.</summary>
    /// <param name="clock">An instant while it ran; no fact starts or ends within that time.</param>
    public static IReadOnlyList<Belief> ClosedByChange(BitemporalOracle oracle, int subject, string type, DateTimeOffset clock) =>
        [.. Candidates(oracle, subject, type, clock).Where(fact => !fact.HasEndedBy(EarliestChange(oracle, subject, type, clock)))];

    /// <summary>The change takes effect then, or when it is made if that is later.</summary>
    public static DateTimeOffset EarliestChange(BitemporalOracle oracle, int subject, string type, DateTimeOffset clock)
    {
        var taken = Candidates(oracle, subject, type, clock).SelectMany(fact => new[] { fact.From, oracle.RecordedAt(fact.Id) })
            .Concat(oracle.BelievedAt().Where(fact => fact.Subject == subject && fact.From <= clock).Select(fact => fact.From))
            .Select(instant => instant + Instants.Microsecond);
        return taken.Append(clock).Max();
    }

    public static Decision Change(BitemporalOracle oracle, Belief fact, DateTimeOffset clock)
    {
        var closed = ClosedByChange(oracle, fact.Subject, fact.Type, clock);
        var keys = closed.Select(old => old.Key).Distinct().ToList();
        return Decision.Written(
            [.. closed.Select(old => (Effect)(old with { To = fact.From, Successor = fact.Id })), fact with { Key = keys.Count == 1 ? keys[0] : null }]);
    }

    public static Decision Insert(BitemporalOracle oracle, Belief fact) => Check(oracle, fact);

    public static Decision Close(BitemporalOracle oracle, Guid id, DateTimeOffset at) =>
        oracle.Find(id) is { } fact && !fact.HasEndedBy(at) ? Check(oracle, fact with { To = at }) : Decision.Written();

    public static Decision Reopen(BitemporalOracle oracle, Guid id) =>
        oracle.Find(id) is { To: not null, Successor: null } fact ? Check(oracle, fact with { To = null }) : Decision.Written();

    public static Decision Rewrite(BitemporalOracle oracle, Guid id, string content) =>
        oracle.Find(id) is { } fact ? Decision.Written(fact with { Content = content }) : Decision.Written();

    public static Decision Delete(BitemporalOracle oracle, Guid id) =>
        oracle.Find(id) is null ? Decision.Written() : Decision.Written(new Effect(id, null));

    private static IEnumerable<Belief> Candidates(BitemporalOracle oracle, int subject, string type, DateTimeOffset clock) =>
        oracle.BelievedAt().Where(fact => fact.Subject == subject && fact.Type == type && !fact.HasEndedBy(clock));

    private static Decision Check(BitemporalOracle oracle, Belief fact)
    {
        if (fact.To <= fact.From)
        {
            return Decision.Refused(Inverted);
        }

        return oracle.BelievedAt().Any(other => other.SharesKeyWith(fact) && other.Overlaps(fact)) ? Decision.Refused(KeyTaken) : Decision.Written(fact);
    }
}
