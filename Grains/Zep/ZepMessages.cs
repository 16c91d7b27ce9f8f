using System.Collections.Immutable;

namespace Actors.Zep;

/// <summary>Zep's limits, as its clients of 2026 keep them; longer texts are refused, or cut without a word.</summary>
internal static class ZepLimits
{
    /// <summary>Messages in a request.</summary>
    public const int Messages = 30;

    /// <summary>Characters of a message: what every plan takes.</summary>
    public const int MessageLength = 2_500;

    /// <summary>Characters of a question.</summary>
    public const int QueryLength = 400;

    /// <summary>Hits of a search.</summary>
    public const int SearchHits = 50;

    /// <summary>Characters of a fact's text.</summary>
    public const int FactLength = 250;

    /// <summary>Characters of a fact's name, upper case with underscores.</summary>
    public const int FactNameLength = 50;

    /// <summary>Characters of a node's name.</summary>
    public const int NodeNameLength = 50;
}

/// <summary>A message of a thread.</summary>
/// <param name="Id">Wanted as its id, so that a repeat can be refused; Zep may give another.</param>
/// <param name="Content">Its text.</param>
/// <param name="Speaker">Who said it; null: not known.</param>
/// <param name="IsFromAssistant">Whether an assistant said it.</param>
/// <param name="SaidAt">When it was said.</param>
/// <param name="MemoryId">The event it is, or is a part of.</param>
internal sealed record ZepMessage(Guid Id, string Content, string? Speaker, bool IsFromAssistant, DateTimeOffset SaidAt, Guid MemoryId);

/// <summary>A fact as an edge between two nodes.</summary>
/// <param name="Id">Wanted as the edge's id; Zep may give another.</param>
/// <param name="Name">Kind of edge, <c>^[A-Z][A-Z0-9_]*$</c>, at most <see cref="ZepLimits.FactNameLength"/> characters.</param>
/// <param name="Fact">What is true, at most <see cref="ZepLimits.FactLength"/> characters.</param>
/// <param name="Source">Node it is about.</param>
/// <param name="Target">Node it leads to.</param>
/// <param name="ValidAt">Start of its valid time.</param>
/// <param name="InvalidAt">End of its valid time; null: none.</param>
/// <param name="CreatedAt">Since when it is known.</param>
internal sealed record ZepTriple(
    Guid Id, string Name, string Fact, string Source, string Target, DateTimeOffset ValidAt, DateTimeOffset? InvalidAt, DateTimeOffset CreatedAt);

/// <summary>A fact that Zep found.</summary>
/// <param name="EdgeId">Its edge.</param>
/// <param name="Fact">What is true.</param>
/// <param name="Score">How well it answers, 0 to 1, by the cross-encoder; null: Zep told none.</param>
/// <param name="EpisodeIds">Messages it was derived of.</param>
/// <param name="CreatedAt">When Zep learned of it.</param>
/// <param name="ValidAt">Since when it is true; null: not known.</param>
/// <param name="InvalidAt">Until when it was true; null: it is.</param>
/// <param name="ExpiredAt">When Zep learned that it is no longer true; null: it did not.</param>
internal sealed record ZepHit(
    string EdgeId, string Fact, double? Score, ImmutableArray<string> EpisodeIds, DateTimeOffset CreatedAt, DateTimeOffset? ValidAt, DateTimeOffset? InvalidAt,
    DateTimeOffset? ExpiredAt);

/// <summary>Why a call came to nothing.</summary>
internal enum ZepFailure
{
    /// <summary>No connection, or it broke.</summary>
    Unreachable,

    /// <summary>No answer in time: whether it was done is unknown.</summary>
    TimedOut,

    /// <summary>429: too many requests; not done.</summary>
    Throttled,

    /// <summary>401 or 403: the key is wrong, or may not do this.</summary>
    Unauthorized,

    /// <summary>410, or 404 of a route that is not there: this API has been removed.</summary>
    Removed,

    /// <summary>404: no such user, thread or edge.</summary>
    NotFound,

    /// <summary>Another 4xx: repeating will not help.</summary>
    Refused,

    /// <summary>5xx.</summary>
    Failed,

    /// <summary>The answer cannot be read: whether it was done is unknown.</summary>
    Unreadable,

    /// <summary>Not asked: it is known to fail, or wants to be left alone.</summary>
    Paused,

    /// <summary>Not asked: the calls of the minute, the day or the month are used up.</summary>
    OverBudget,
}

/// <summary>What Zep says about its limit with each answer.</summary>
/// <param name="PerMinute">Requests a minute.</param>
/// <param name="Remaining">How many are left, at least 0.</param>
/// <param name="ResetAt">When all are there again; null: not told.</param>
internal sealed record ZepRate(int PerMinute, int Remaining, DateTimeOffset? ResetAt);

/// <summary>What came of a call.</summary>
internal record ZepAnswer
{
    /// <summary>Null: it was done.</summary>
    public ZepFailure? Failure { get; init; }

    /// <summary>How long Zep wants to be left alone; null: it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What it says of its limit; null: nothing.</summary>
    public ZepRate? Rate { get; init; }

    /// <summary>Status and Zep's words, shortened, for operators: nothing a client said.</summary>
    public string Detail { get; init; } = "";
}

/// <summary>What came of a call that brings something.</summary>
/// <typeparam name="T">What it brings.</typeparam>
internal sealed record ZepAnswer<T> : ZepAnswer
{
    /// <summary>What it brought; default when it failed.</summary>
    public T Value { get; init; } = default!;
}
