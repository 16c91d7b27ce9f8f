using System.Collections.Immutable;

namespace Actors.Api.Tests.Facts;

/// <summary>What became of an operation.</summary>
internal sealed record Outcome
{
    /// <summary>Status and code, or SQLSTATE and constraint; null: it was done.</summary>
    public string? Refusal { get; init; }

    public Guid? CurrentFactId { get; init; }

    /// <summary>Of the fact that was made, if any.</summary>
    public Guid NewId { get; init; }

    /// <summary>What the answer said about a fact.</summary>
    public (Guid Id, DateTimeOffset From, DateTimeOffset? To)? Answered { get; init; }

    /// <summary>The one instant of a write through the API.</summary>
    public DateTimeOffset RecordedAt { get; init; }

    /// <summary>When each of the client's facts was last recorded or deleted; empty after a write through the API.</summary>
    public ImmutableDictionary<Guid, DateTimeOffset> Recorded { get; init; } = ImmutableDictionary<Guid, DateTimeOffset>.Empty;

    /// <summary>now() of the transaction.</summary>
    public DateTimeOffset TransactionBegan { get; init; }

    /// <summary>The database's clock before the statement.</summary>
    public DateTimeOffset Before { get; init; }

    /// <summary>The database's clock after the statement.</summary>
    public DateTimeOffset After { get; init; }

    public DateTimeOffset RecordedAtOf(Guid id) => Recorded.IsEmpty ? RecordedAt : Recorded[id];
}

/// <summary>What an operation does: it is refused, or it changes what is believed of some facts.</summary>
internal sealed record Decision(ImmutableArray<Effect> Effects, ImmutableArray<Refusal> Refusals)
{
    public static Decision Written(params Effect[] effects) => new([.. effects], []);

    /// <param name="refusals">Any of them will do.</param>
    public static Decision Refused(params Refusal[] refusals) => new([], [.. refusals]);
}

/// <summary>What is believed of a fact from now on; null: nothing.</summary>
internal sealed record Effect(Guid Id, Belief? Belief)
{
    public static implicit operator Effect(Belief belief) => new(belief.Id, belief);
}

/// <summary>How an operation is refused.</summary>
/// <param name="Code">Status and code, or SQLSTATE and constraint.</param>
/// <param name="CurrentFactIds">One of these must be named (null: none may be); empty: none may be.</param>
internal sealed record Refusal(string Code, params Guid?[] CurrentFactIds)
{
    public bool IsMetBy(Outcome outcome) => outcome.Refusal == Code
        && (CurrentFactIds.Length == 0 ? outcome.CurrentFactId is null : CurrentFactIds.Contains(outcome.CurrentFactId));

    public string ToString(Func<Guid?, string> name) =>
        CurrentFactIds.Length == 0 ? Code : $"{Code} with {string.Join(" or ", CurrentFactIds.Select(name))}";
}
