using Actors.Caching;
using Actors.Embeddings;
using Microsoft.Extensions.Options;

namespace Actors.Clients;

/// <summary>Removes what is kept of clients that were erased, beside the activations that have their rows.</summary>
internal sealed class ErasedAnswers(ISharedCache cache, QuestionVectors questions, IOptions<ValkeyOptions> options)
{
    /// <summary>Drops what this process keeps; every process is to do so. Returns at once.</summary>
    /// <param name="clientId">Who was erased; null: nobody knows, so it is all dropped.</param>
    public void Forget(string? clientId)
    {
        cache.Forget(clientId);
        // Nobody knows whom a question was about.
        questions.Forget();
    }

    /// <summary>Removes all that is there of a client; what this process keeps in Valkey's place, too.</summary>
    /// <returns>How far Valkey is, and how many keys went there.</returns>
    public async Task<(ValkeyErasure State, long Keys)> RemoveAsync(string clientId, CancellationToken cancellationToken)
    {
        try
        {
            var keys = await cache.RemoveClientAsync(clientId, cancellationToken);
            return options.Value.IsOn ? (ValkeyErasure.Removed, keys) : (ValkeyErasure.Off, 0);
        }
        catch (CacheUnavailableException)
        {
            return (ValkeyErasure.Pending, 0);
        }
    }
}
