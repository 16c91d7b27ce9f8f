namespace Actors.Clients;

/// <summary>Removes from Valkey what was erased while it could not be reached, woken by a reminder every minute. Key: <see cref="Key"/>.</summary>
[Alias("IErasureSweeperGrain")]
public interface IErasureSweeperGrain : IGrainWithStringKey
{
    /// <summary>The one key of this grain.</summary>
    public const string Key = "erasures";

    /// <summary>Registers the reminder; called at every start, so that a lost one comes back.</summary>
    [Alias("Start")]
    Task StartAsync();

    /// <summary>Tries all that is pending now.</summary>
    /// <returns>How many are still pending.</returns>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached; repeat later.</exception>
    [Alias("Sweep")]
    Task<int> SweepAsync(CancellationToken cancellationToken);
}
