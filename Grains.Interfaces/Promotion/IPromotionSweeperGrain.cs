using Actors.Idempotency;
using Orleans.Concurrency;

namespace Actors.Promotion;

/// <summary>
/// Looks for facts in the events that wait for it, woken by a reminder each minute, and goes on as long as there are any. What is due stands in
/// <c>promotion_jobs</c>, so a tick that is lost costs a minute and never an event. Key: <see cref="Key"/>.
/// </summary>
[Alias("IPromotionSweeperGrain")]
public interface IPromotionSweeperGrain : IGrainWithStringKey
{
    /// <summary>The one key of this grain.</summary>
    public const string Key = "promotion";

    /// <summary>Registers the reminder; called at every start, so that a lost one comes back.</summary>
    [Alias("Start")]
    Task StartAsync();

    /// <summary>Looks now, rather than within a minute, and takes events for at most some 15 s.</summary>
    /// <returns>What came of it; nothing while promotion is off.</returns>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached; nothing is lost, repeat later.</exception>
    /// <exception cref="Storage.OutcomeUnknownException">The connection broke; repeating is safe.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now; repeat later.</exception>
    [AlwaysInterleave, Alias("Sweep")]
    Task<PromotionProgress> SweepAsync(CancellationToken cancellationToken);

    /// <summary>Has an event looked through again that was given up, or at once one that waits for its next attempt.</summary>
    /// <param name="eventId">The event.</param>
    /// <param name="delay">After what time; zero: soon.</param>
    /// <param name="key">By what a repeat of the request is recognised; null: it is a new one.</param>
    /// <param name="cancellationToken">Has no effect once the write was sent.</param>
    /// <returns>The promotion as it stands then; null when there is none.</returns>
    /// <exception cref="PromotionRefusedException">It is done.</exception>
    /// <exception cref="AlreadyAnsweredException">A request with the same idempotency key was faster: its answer is kept.</exception>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached. Nothing was written; repeat later.</exception>
    /// <exception cref="Storage.OutcomeUnknownException">The commit's answer was lost; repeating is safe.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now. Nothing was written; repeat later.</exception>
    [AlwaysInterleave, Alias("Retry")]
    Task<PromotionRecord?> RetryAsync(Guid eventId, TimeSpan delay, IdempotencyKey? key, CancellationToken cancellationToken);
}

/// <summary>What a look for events to promote did.</summary>
/// <param name="Done">Events of which nothing is left to do.</param>
/// <param name="Facts">Facts that were recorded, changed or confirmed.</param>
/// <param name="IsDone">Whether none was left but those that wait for their next attempt. False: the time was over, and the sweeper goes on by itself.</param>
[GenerateSerializer, Immutable, Alias("PromotionProgress")]
public sealed record PromotionProgress([property: Id(0)] long Done, [property: Id(1)] long Facts, [property: Id(2)] bool IsDone);
