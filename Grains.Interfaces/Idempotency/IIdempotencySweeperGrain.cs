namespace Actors.Idempotency;

/// <summary>Deletes kept answers whose 24 hours are over, woken by a reminder every ten minutes. Key: <see cref="Key"/>.</summary>
[Alias("IIdempotencySweeperGrain")]
public interface IIdempotencySweeperGrain : IGrainWithStringKey
{
    /// <summary>The one key of this grain.</summary>
    public const string Key = "idempotency";

    /// <summary>Registers the reminder; called at every start, so that a lost one comes back.</summary>
    [Alias("Start")]
    Task StartAsync();
}
