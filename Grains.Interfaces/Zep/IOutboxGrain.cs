using System.Collections.Immutable;
using Actors.Idempotency;

namespace Actors.Zep;

/// <summary>What waits to be sent to services outside, and what they refused, for operators. Stateless; key: <see cref="Key"/>.</summary>
[Alias("IOutboxGrain")]
public interface IOutboxGrain : IGrainWithStringKey
{
    /// <summary>The one key of this grain.</summary>
    public const string Key = "outbox";

    /// <summary>One page, newest first.</summary>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached; repeat later.</exception>
    [Alias("List")]
    Task<OutboxPage> ListAsync(OutboxListRequest request, CancellationToken cancellationToken);

    /// <summary>Has a row tried again, as if it never was, before all later ones of its client.</summary>
    /// <param name="id">Which.</param>
    /// <param name="delay">When, from now; of a row that is not set aside, or of an erasure, it is of no account.</param>
    /// <param name="key">By what a repeat is recognised; null: not at all.</param>
    /// <param name="cancellationToken">Has no effect once it is sent.</param>
    /// <returns>The row as it is then; null: there is none of that id, perhaps because it was sent.</returns>
    /// <exception cref="AlreadyAnsweredException">A parallel request with the same idempotency key was faster: its answer is kept.</exception>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached; repeat later.</exception>
    /// <exception cref="Storage.OutcomeUnknownException">The commit's answer was lost; repeating is safe.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now; repeat later.</exception>
    [Alias("Retry")]
    Task<OutboxRecord?> RetryAsync(Guid id, TimeSpan delay, IdempotencyKey? key, CancellationToken cancellationToken);

    /// <summary>Takes a row out: the memory stays as it is there until it changes here.</summary>
    /// <returns>False: there is none of that id.</returns>
    /// <exception cref="OutboxRowKeptException">It is an erasure.</exception>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached; repeat later.</exception>
    /// <exception cref="Storage.OutcomeUnknownException">The commit's answer was lost; repeating is safe.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now; repeat later.</exception>
    [Alias("Delete")]
    Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken);
}

/// <summary>Which rows to list.</summary>
/// <param name="IsFailed">Those that are set aside, or those that wait; null: all.</param>
/// <param name="ClientId">Of this client; null: of all.</param>
/// <param name="Limit">Most rows, 1 to 500.</param>
/// <param name="After">Goes on after the row of this id; null: from the newest.</param>
[GenerateSerializer, Immutable, Alias("OutboxListRequest")]
public sealed record OutboxListRequest(
    [property: Id(0)] bool? IsFailed, [property: Id(1)] string? ClientId, [property: Id(2)] int Limit, [property: Id(3)] Guid? After);

/// <summary>A page of rows.</summary>
/// <param name="Rows">Newest first.</param>
/// <param name="HasMore">Whether there are older ones.</param>
[GenerateSerializer, Immutable, Alias("OutboxPage")]
public sealed record OutboxPage([property: Id(0)] ImmutableArray<OutboxRecord> Rows, [property: Id(1)] bool HasMore);

/// <summary>What a row brings up to date.</summary>
[GenerateSerializer, Alias("OutboxKind")]
public enum OutboxKind
{
    /// <summary>An event: as it is now, or away when it has gone, expired or lost its importance.</summary>
    Event,

    /// <summary>A fact: as it is now, or away when it was retracted.</summary>
    Fact,

    /// <summary>A client that was erased: all of it goes.</summary>
    Erasure,
}

/// <summary>Kinds as the API writes them.</summary>
public static class OutboxNames
{
    /// <summary>State of a row that is to be sent.</summary>
    public const string Waiting = "waiting";

    /// <summary>State of a row that was refused too often.</summary>
    public const string Failed = "failed";

    /// <summary>All kinds, in the order of <see cref="OutboxKind"/>.</summary>
    public static ImmutableArray<string> Kinds { get; } = ["event", "fact", "erasure"];

    /// <summary>Both states.</summary>
    public static ImmutableArray<string> States { get; } = [Waiting, Failed];

    /// <summary>The name of a kind.</summary>
    public static string Of(OutboxKind kind) => Kinds[(int)kind];
}

/// <summary>A row of the outbox, without content.</summary>
/// <param name="Id">Its id (UUID version 7).</param>
/// <param name="ClientId">Whose it is.</param>
/// <param name="Kind">What it brings up to date.</param>
/// <param name="MemoryId">Which event or fact; null: the client as a whole.</param>
/// <param name="Attempts">How often it was refused.</param>
/// <param name="NextAttemptAt">When it is tried again; null: as soon as it can be.</param>
/// <param name="LastError">What was said the last time; null: nothing yet.</param>
/// <param name="FailedAt">Since when it is set aside; null: it waits.</param>
/// <param name="CreatedAt">Since when it is there.</param>
[GenerateSerializer, Immutable, Alias("OutboxRecord")]
public sealed record OutboxRecord(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string ClientId,
    [property: Id(2)] OutboxKind Kind,
    [property: Id(3)] Guid? MemoryId,
    [property: Id(4)] int Attempts,
    [property: Id(5)] DateTimeOffset? NextAttemptAt,
    [property: Id(6)] string? LastError,
    [property: Id(7)] DateTimeOffset? FailedAt,
    [property: Id(8)] DateTimeOffset CreatedAt);

/// <summary>The row is to remove what an erased client had outside, which is not called off. Nothing was changed.</summary>
[GenerateSerializer, Alias("OutboxRowKeptException")]
public sealed class OutboxRowKeptException : Exception
{
    /// <summary>An erasure.</summary>
    public OutboxRowKeptException()
        : base("The row removes what an erased client had outside; it stays until that is done.")
    {
    }
}
