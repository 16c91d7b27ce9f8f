namespace Actors.Zep;

/// <summary>Finds clients with something to be sent to Zep, and has their queues send it. Key: <see cref="Key"/>.</summary>
[Alias("IZepSweeperGrain")]
public interface IZepSweeperGrain : IGrainWithStringKey
{
    /// <summary>The one key of this grain.</summary>
    public const string Key = "zep";

    /// <summary>
    /// Called at every start: writes down whether Zep is configured, by which memories are queued or not, and, if it is, registers the reminder.
    /// </summary>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached; repeat later.</exception>
    /// <exception cref="Storage.OutcomeUnknownException">The connection broke; repeating is safe.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now; repeat later.</exception>
    [Alias("Start")]
    Task StartAsync();

    /// <summary>Looks now, rather than within <c>Zep:PollInterval</c>, and goes on for at most some 15 s.</summary>
    /// <returns>Whether nothing is left that could be sent now.</returns>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached; nothing is lost, repeat later.</exception>
    /// <exception cref="Storage.OutcomeUnknownException">The connection broke; repeating is safe.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now; repeat later.</exception>
    [Alias("Sweep")]
    Task<bool> SweepAsync(CancellationToken cancellationToken);
}
