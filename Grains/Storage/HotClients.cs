namespace Actors.Storage;

/// <summary>An activation that holds rows of a client in memory. Its members may be called on any thread, and return at once.</summary>
internal interface IHotClient
{
    /// <summary>Rows of the client may have been changed by others.</summary>
    void OnChanged();

    /// <summary>The client was erased: what is in memory must go.</summary>
    void OnErased();
}

/// <summary>
/// Which activations of this process hold rows of which client, so that they can be told of what others write without activating
/// any. Thread safe.
/// </summary>
/// <remarks>
/// An activation joins before it begins to read, and leaves when it ends: what changes while it reads is told it too. Being told once too
/// often costs it one look.
/// </remarks>
internal sealed class HotClients
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<IHotClient>> _activations = new(StringComparer.Ordinal);

    /// <summary>Those whose rows are in memory.</summary>
    public IReadOnlyCollection<string> ClientIds
    {
        get
        {
            lock (_lock)
            {
                return [.. _activations.Keys];
            }
        }
    }

    /// <summary>From now on the activation is told of changes, until what is returned is disposed of.</summary>
    /// <param name="clientId">Whose rows it holds; <c>-</c> is the house.</param>
    /// <param name="activation">What to tell.</param>
    public IDisposable Join(string clientId, IHotClient activation)
    {
        lock (_lock)
        {
            if (!_activations.TryGetValue(clientId, out var ofClient))
            {
                _activations.Add(clientId, ofClient = []);
            }

            ofClient.Add(activation);
        }

        return new Membership(this, clientId, activation);
    }

    /// <summary>Tells those that hold rows of a client that others may have changed them.</summary>
    public void Changed(string clientId) => Tell(Of(clientId), activation => activation.OnChanged());

    /// <summary>Tells all.</summary>
    public void ChangedAll()
    {
        IHotClient[] all;
        lock (_lock)
        {
            all = [.. _activations.Values.SelectMany(ofClient => ofClient)];
        }

        Tell(all, activation => activation.OnChanged());
    }

    /// <summary>Tells those that hold rows of a client that it was erased.</summary>
    public void Erased(string clientId) => Tell(Of(clientId), activation => activation.OnErased());

    private IHotClient[] Of(string clientId)
    {
        lock (_lock)
        {
            return _activations.TryGetValue(clientId, out var ofClient) ? [.. ofClient] : [];
        }
    }

    // Outside the lock: an activation that is told may leave at once.
    private static void Tell(IHotClient[] activations, Action<IHotClient> tell)
    {
        foreach (var activation in activations)
        {
            tell(activation);
        }
    }

    private void Leave(string clientId, IHotClient activation)
    {
        lock (_lock)
        {
            if (_activations.TryGetValue(clientId, out var ofClient) && ofClient.Remove(activation) && ofClient.Count == 0)
            {
                _activations.Remove(clientId);
            }
        }
    }

    private sealed class Membership(HotClients clients, string clientId, IHotClient activation) : IDisposable
    {
        private HotClients? _clients = clients;

        public void Dispose() => Interlocked.Exchange(ref _clients, null)?.Leave(clientId, activation);
    }
}
