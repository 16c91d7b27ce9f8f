using Orleans.Concurrency;

namespace Actors.Embeddings;

/// <summary>
/// Gives events and facts their vectors, when an embeddings endpoint is configured. Looks for new ones by itself, every half second by
/// default; a reminder keeps it alive. There is one for all clients, so that nothing is embedded twice. Key: <see cref="Key"/>.
/// </summary>
[Alias("IEmbeddingSweeperGrain")]
public interface IEmbeddingSweeperGrain : IGrainWithStringKey
{
    /// <summary>The one key of this grain.</summary>
    public const string Key = "embeddings";

    /// <summary>Registers the reminder; called at every start with an endpoint, so that a lost one comes back.</summary>
    [Alias("Start")]
    Task StartAsync();

    /// <summary>
    /// Looks through all clients now, rather than within a minute, and embeds for at most some 15 s. Interleaves with what the grain does
    /// by itself, and waits for its turn to do it.
    /// </summary>
    /// <returns>What came of it; without an endpoint nothing.</returns>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached; repeat later.</exception>
    /// <exception cref="Storage.OutcomeUnknownException">The connection broke; repeating is safe.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now; repeat later.</exception>
    [AlwaysInterleave, Alias("Sweep")]
    Task<EmbeddingProgress> SweepAsync(CancellationToken cancellationToken);
}

/// <summary>How far the memories have got their vectors.</summary>
/// <param name="Stored">Vectors stored by this call.</param>
/// <param name="Waiting">Memories known to be without a vector, at most 12,000; there may be more that are not known yet.</param>
/// <param name="StoppedBy">Why they wait: a code such as <c>unauthorized</c>, <c>rate_limited</c> or <c>paused</c> (the endpoint failed a moment ago); null: nothing waits, or only for time.</param>
[GenerateSerializer, Immutable, Alias("EmbeddingProgress")]
public sealed record EmbeddingProgress([property: Id(0)] long Stored, [property: Id(1)] int Waiting, [property: Id(2)] string? StoppedBy);
