using Actors.Caching;
using Microsoft.Extensions.Options;

namespace Actors.Clients;

/// <summary>Removes what the shared cache keeps of clients that were erased.</summary>
internal sealed class ErasedAnswers(ISharedCache cache, IOptions<ValkeyOptions> options)
{
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
