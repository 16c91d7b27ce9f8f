namespace Actors.Retention;

/// <summary>
/// Deletes what has been kept as long as the settings <c>Retention:*</c> say: expired memories, beliefs about facts that ended, rows of the
/// change log. Woken by a reminder every minute. Key: <see cref="Key"/>.
/// </summary>
[Alias("IRetentionSweeperGrain")]
public interface IRetentionSweeperGrain : IGrainWithStringKey
{
    /// <summary>The one key of this grain.</summary>
    public const string Key = "retention";

    /// <summary>Registers the reminder; called at every start, so that a lost one comes back.</summary>
    [Alias("Start")]
    Task StartAsync();

    /// <summary>Looks now, rather than within a minute, and deletes for at most some 15 s.</summary>
    /// <returns>What came of it.</returns>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached; nothing is lost, repeat later.</exception>
    /// <exception cref="Storage.OutcomeUnknownException">The connection broke; repeating is safe.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now; repeat later.</exception>
    [Alias("Sweep")]
    Task<RetentionProgress> SweepAsync(CancellationToken cancellationToken);
}

/// <summary>What a look for what is over its time did.</summary>
/// <param name="Events">Expired memories it deleted.</param>
/// <param name="FactVersions">Beliefs that had ended, which it deleted.</param>
/// <param name="LogRows">Rows of the change log it deleted.</param>
/// <param name="IsDone">Whether none was left but what others hold at the moment, which is looked at again within a minute. False: the time was over, and the sweeper goes on by itself.</param>
[GenerateSerializer, Immutable, Alias("RetentionProgress")]
public sealed record RetentionProgress(
    [property: Id(0)] long Events, [property: Id(1)] long FactVersions, [property: Id(2)] long LogRows, [property: Id(3)] bool IsDone);
