using Actors.Embeddings;
using Actors.Storage;
using Microsoft.Extensions.Options;

namespace Actors.Sessions;

/// <summary>Where sessions get the vectors of their memories from.</summary>
internal sealed class HotVectorSource(FreshVectors fresh, VectorStore store, IOptions<EmbeddingsOptions> options)
{
    /// <summary>Starts to load a client's vectors, and to collect new ones; null when embeddings are off.</summary>
    /// <param name="clientId">Whose; <c>-</c> is the house.</param>
    public HotVectors? Open(string clientId) => options.Value.IsOn ? new HotVectors(clientId, options.Value.ModelKey, fresh, store) : null;
}

/// <summary>
/// The vectors of one client's memories on their way into its index. Recalls do not wait for them: until they are there, words
/// alone count. Its members are called on the owner's turns, or under its lock.
/// </summary>
internal sealed class HotVectors : IDisposable
{
    private readonly string _clientId;
    private readonly string _model;
    private readonly VectorStore _store;
    private readonly VectorInbox _inbox;
    private readonly CancellationTokenSource _stop = new();
    private Task<List<(Guid, QuantizedVector)>>? _loading;

    public HotVectors(string clientId, string model, FreshVectors fresh, VectorStore store)
    {
        (_clientId, _model, _store) = (clientId, model, store);
        // What is stored while the others are loaded comes by itself.
        _inbox = fresh.Watch(clientId);
        _loading = StartLoading();
    }

    /// <summary>What has come since the last time, in the order in which it is to be applied; empty: nothing.</summary>
    /// <exception cref="StorageUnavailableException">They could not be loaded; loading has started anew.</exception>
    public async ValueTask<IReadOnlyCollection<(Guid MemoryId, QuantizedVector Vector)>> TakeAsync()
    {
        if (_loading is { IsCompleted: false })
        {
            return [];
        }

        var taken = new List<(Guid, QuantizedVector)>();
        if (_loading is { } loaded)
        {
            _loading = loaded.IsFaulted ? StartLoading() : null;
            taken = await loaded;
        }

        if (_inbox.Take() is { } delivery)
        {
            taken.AddRange(delivery.Vectors);
            _loading = delivery.IsComplete ? _loading : StartLoading();
        }

        return taken;
    }

    /// <summary>Has all vectors come once more: for an index that was made anew.</summary>
    public void LoadAnew() => _loading = StartLoading();

    public void Dispose()
    {
        _inbox.Dispose();
        _stop.Cancel();
        _stop.Dispose();
    }

    private Task<List<(Guid, QuantizedVector)>> StartLoading()
    {
        var stop = _stop.Token;
        return Task.Run(
            async () =>
            {
                var vectors = new List<(Guid, QuantizedVector)>();
                await _store.LoadVectorsAsync(_clientId, _model, (memoryId, vector) => vectors.Add((memoryId, vector)), stop);
                return vectors;
            },
            stop);
    }
}
