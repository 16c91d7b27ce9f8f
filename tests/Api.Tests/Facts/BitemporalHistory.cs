using System.Collections.Immutable;
using System.Globalization;

namespace Actors.Api.Tests.Facts;

/// <summary>What happened to the facts of one client, one thing after the other. References stay good when operations are left out.</summary>
/// <param name="Operations">What happened.</param>
/// <param name="Seed">Chooses the points at which the facts are looked at afterwards.</param>
internal sealed record BitemporalHistory(ImmutableArray<Operation> Operations, int Seed)
{
    public override string ToString() =>
        string.Join('\n', Operations.Select((operation, i) => $"  {i + 1}. {operation}").Prepend($"History, looked at with seed {Seed}:"));
}

/// <summary>An instant, told before the history has begun.</summary>
/// <param name="Anchor">What it is relative to.</param>
/// <param name="Fact">Which fact's bound; see <see cref="OnFact"/>.</param>
/// <param name="Offset">How much later.</param>
internal sealed record Moment(Anchor Anchor, int Fact, TimeSpan Offset)
{
    public override string ToString()
    {
        var anchor = Anchor == Anchor.Beginning ? "the beginning" : $"the {(Anchor == Anchor.FactStart ? "start" : "end")} of fact {Fact}";
        return Offset == TimeSpan.Zero ? anchor : $"{Length(Offset.Duration())} {(Offset < TimeSpan.Zero ? "before" : "after")} {anchor}";
    }

    private static string Length(TimeSpan offset) => offset < TimeSpan.FromMinutes(1)
        ? $"{offset.TotalMicroseconds} µs"
        : string.Create(CultureInfo.InvariantCulture, $"{offset.TotalHours} h");
}

internal enum Anchor
{
    /// <summary>When the history began.</summary>
    Beginning,

    /// <summary>Start of a fact's valid time.</summary>
    FactStart,

    /// <summary>End of a fact's valid time; without one, when the history began.</summary>
    FactEnd,
}

/// <summary>One step of a history.</summary>
internal abstract record Operation;

/// <summary>A fact to make.</summary>
internal sealed record Draft(int Subject, string Type, string? Key, Moment? From, Moment? To)
{
    public override string ToString() =>
        $"a fact of subject {Subject}, type {Type}, {(Key is null ? "no key" : $"key {Key}")}, valid {(From is null ? "from now" : $"from {From}")}{(To is null ? "" : $" to {To}")}";
}

/// <summary>Something done to a fact.</summary>
/// <param name="Fact">The how-many-eth fact that was made, starting again at the first when there are not that many.</param>
internal abstract record OnFact(int Fact) : Operation;

internal sealed record Create(Draft Draft, bool OnConflictChange) : Operation
{
    public override string ToString() => $"create {Draft}, on_conflict={(OnConflictChange ? "change" : "refuse")}";
}

internal sealed record Update(int Fact, Moment? EffectiveAt) : OnFact(Fact)
{
    public override string ToString() => $"update fact {Fact}, {(EffectiveAt is null ? "effective now" : $"effective at {EffectiveAt}")}";
}

internal sealed record Correct(int Fact, bool Content, Moment? From, Moment? To, bool IsOpenEnded) : OnFact(Fact)
{
    public override string ToString() =>
        $"correct fact {Fact}:{(Content ? " content" : "")}{(From is null ? "" : $" valid_from = {From}")}{(IsOpenEnded ? " valid_to = null" : To is null ? "" : $" valid_to = {To}")}";
}

internal sealed record Retract(int Fact) : OnFact(Fact)
{
    public override string ToString() => $"retract fact {Fact}";
}

/// <summary>Looks at what holds now, in the middle of the history, so that what is kept in memory is seen to move.</summary>
internal sealed record LookAround : Operation
{
    public override string ToString() => "look around";
}

/// <summary>A write by another program than the service.</summary>
internal sealed record SqlChange(int Subject, string Type, bool NamesClient) : Operation
{
    public override string ToString() => $"select update_fact_temporal for subject {Subject}, type {Type}{(NamesClient ? ", client named" : "")}";
}

internal sealed record SqlInsert(Draft Draft) : Operation
{
    public override string ToString() => $"insert {Draft}";
}

internal sealed record SqlClose(int Fact, Moment? At, string? Described) : OnFact(Fact)
{
    public override string ToString() => $"update facts set valid_to = {(At is null ? "now()" : At)} of fact {Fact}, unless it ends before{SqlDelete.As(Described)}";
}

internal sealed record SqlReopen(int Fact) : OnFact(Fact)
{
    public override string ToString() => $"update facts set valid_to = null of fact {Fact}, unless it was superseded";
}

internal sealed record SqlRewrite(int Fact, string? Described) : OnFact(Fact)
{
    public override string ToString() => $"update facts set content of fact {Fact}{SqlDelete.As(Described)}";
}

/// <param name="Fact">The fact.</param>
/// <param name="Described">What describe_change calls it; null: nothing.</param>
internal sealed record SqlDelete(int Fact, string? Described) : OnFact(Fact)
{
    public override string ToString() => $"delete from facts fact {Fact}{As(Described)}";

    public static string As(string? described) => described is null ? "" : $", described as {described}";
}
