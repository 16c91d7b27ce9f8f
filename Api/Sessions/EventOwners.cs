using Actors.Access;
using Microsoft.Extensions.Caching.Memory;

namespace Actors.Sessions;

/// <summary>
/// Whose event an id is. Kept for the ids asked last, since only an operator changes it, by SQL; then the session that was
/// asked does not have it, and the answer is looked up once more. That an id is nobody's is not kept: it may be stored the
/// next moment.
/// </summary>
internal sealed class EventOwners(IGrainFactory grains) : IDisposable
{
    private const int MaxKept = 100_000;
    private readonly MemoryCache _owners = new(new MemoryCacheOptions { SizeLimit = MaxKept });

    /// <summary>Asks the session an event belongs to, if the caller may know of it. What is not to be known takes the same steps as what is not there.</summary>
    /// <param name="id">Event id as the caller wrote it.</param>
    /// <param name="caller">Who wants to know.</param>
    /// <param name="ask">What to ask; null says that the session does not have the event.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>The session's answer; null when there is no such event.</returns>
    public async Task<T?> AskAsync<T>(string id, Caller caller, Func<ISessionGrain, Guid, Task<T?>> ask, CancellationToken cancellationToken)
        where T : class
    {
        if (!Guid.TryParseExact(id, "D", out var eventId))
        {
            return null;
        }

        if (_owners.TryGetValue(eventId, out string? known) && caller.MayRead(known) && await ask(SessionOf(known!), eventId) is { } answer)
        {
            return answer;
        }

        var owner = await grains.GetGrain<IEventQueryGrain>(IEventQueryGrain.Key).FindClientAsync(eventId, cancellationToken);
        if (owner is null)
        {
            _owners.Remove(eventId);
            return null;
        }

        if (!caller.MayRead(owner))
        {
            return null;
        }

        _owners.Set(eventId, owner, new MemoryCacheEntryOptions { Size = 1 });
        return await ask(SessionOf(owner), eventId);
    }

    private ISessionGrain SessionOf(string clientId) => grains.GetGrain<ISessionGrain>(SessionKey.Of(clientId));

    public void Dispose() => _owners.Dispose();
}
