namespace Actors.Retention;

/// <summary>
/// Marks memories whose end has come, and logs each in <c>change_log</c> as <c>expire</c>, once. Woken by a reminder every minute. What
/// recall and lists show does not depend on it: an expired memory leaves them at its end. Key: <see cref="Key"/>.
/// </summary>
[Alias("IExpirySweeperGrain")]
public interface IExpirySweeperGrain : IGrainWithStringKey
{
    /// <summary>The one key of this grain.</summary>
    public const string Key = "expiry";

    /// <summary>Registers the reminder; called at every start, so that a lost one comes back.</summary>
    [Alias("Start")]
    Task StartAsync();

    /// <summary>Looks now, rather than within a minute, and marks for at most some 15 s.</summary>
    /// <returns>What came of it.</returns>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached; nothing is lost, repeat later.</exception>
    /// <exception cref="Storage.OutcomeUnknownException">The connection broke; repeating is safe.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now; repeat later.</exception>
    [Alias("Sweep")]
    Task<ExpiryProgress> SweepAsync(CancellationToken cancellationToken);
}

/// <summary>What a look for expired memories did.</summary>
/// <param name="Marked">Memories it marked.</param>
/// <param name="IsDone">Whether none was left to be marked but what others hold at the moment, which is looked at again within a minute. False: the time was over, and the sweeper goes on by itself.</param>
[GenerateSerializer, Immutable, Alias("ExpiryProgress")]
public sealed record ExpiryProgress([property: Id(0)] long Marked, [property: Id(1)] bool IsDone);
