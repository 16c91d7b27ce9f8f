using System.Collections.Immutable;

namespace Actors.Embeddings;

/// <summary>
/// Finds memories without vectors, newest first, in two ways. The fresh ones come from the end of the change log, moments after their
/// commit. What that misses, because it committed late, was too much at once or was written before this activation, comes from the
/// clients whose progress is behind their head; that way is complete, and the only one that moves the progress. Both lists are bounded.
/// </summary>
internal sealed class EmbeddingBacklog(EmbeddingStore store, string model)
{
    private const int MostFresh = 2_000;
    private const int MostPerPage = 10_000;
    private const int MostClients = 200;

    // Of those without any progress fewer at a time: all their memories are read.
    private const int MostNewClients = 50;

    // Newest at the end, from where they are taken.
    private readonly List<Guid> _fresh = [];
    private readonly List<Guid> _page = [];
    private ImmutableArray<ClientBehind> _clients = [];
    private ClientBehind? _after;
    private MissingVector _lastOfPage = MissingVector.Newest;
    private bool _isLastPage;
    private bool _hasUnsettled;
    private bool _isDue = true;
    private long? _newestChange;

    /// <summary>How many memories are known to be without a vector.</summary>
    public int Waiting => _fresh.Count + _page.Count;

    /// <summary>Has the clients looked through again, once the present page is done.</summary>
    public void LookThroughClients() => (_isDue, _after) = (true, null);

    /// <summary>Looks for what was written since the last look, and for more of the backlog when there is none left.</summary>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached; nothing is lost.</exception>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        await LookForFreshAsync(cancellationToken);
        if (Waiting > 0)
        {
            return;
        }

        if (_clients.Length > 0)
        {
            await TurnPageAsync(cancellationToken);
        }

        // Clients without anything to embed are passed over at once, all those that came since the start for example.
        while (Waiting == 0 && _isDue)
        {
            await OpenClientsAsync(cancellationToken);
        }
    }

    /// <summary>Takes the newest, to be settled or put back.</summary>
    public Guid[] Take(int most)
    {
        var taken = new List<Guid>(Math.Min(most, Waiting));
        foreach (var list in (ReadOnlySpan<List<Guid>>)[_fresh, _page])
        {
            var count = Math.Min(most - taken.Count, list.Count);
            taken.AddRange(list[^count..].AsEnumerable().Reverse());
            list.RemoveRange(list.Count - count, count);
        }

        return [.. taken];
    }

    /// <summary>Gives back what was taken last, for the next time.</summary>
    public void PutBack(Guid[] taken) => _page.AddRange(taken.AsEnumerable().Reverse());

    /// <summary>Notes that some of what was taken got no vector and is to be found again: the progress stays where it is.</summary>
    public void LeaveUnsettled() => _hasUnsettled = true;

    private async Task LookForFreshAsync(CancellationToken cancellationToken)
    {
        var newest = await store.ReadNewestChangeAsync(cancellationToken);
        if (_newestChange is { } known && newest > known)
        {
            var changed = await store.FindChangedAsync(known, newest, MostFresh, cancellationToken);
            _fresh.AddRange(changed.Distinct().Reverse());
            // The oldest go; they are found again by their clients' progress.
            _fresh.RemoveRange(0, Math.Max(0, _fresh.Count - MostFresh));
        }

        _newestChange = newest;
    }

    private async Task OpenClientsAsync(CancellationToken cancellationToken)
    {
        var behind = await store.FindBehindAsync(model, _after, MostClients, cancellationToken);
        _isDue = behind.Length > 0;
        if (_isDue)
        {
            _clients = behind[0].Progress is null ? [.. behind.Take(MostNewClients)] : [.. behind.Where(client => client.Progress is not null)];
            _after = _clients[^1];
            (_lastOfPage, _isLastPage, _hasUnsettled) = (MissingVector.Newest, false, false);
            await TurnPageAsync(cancellationToken);
        }
    }

    // The page before it is settled: everything on it has been taken, and nothing was put back.
    private async Task TurnPageAsync(CancellationToken cancellationToken)
    {
        if (!_isLastPage)
        {
            var found = await store.FindMissingAsync(model, _clients, _lastOfPage, MostPerPage, cancellationToken);
            _page.AddRange(found.Reverse().Select(missing => missing.MemoryId));
            _lastOfPage = found.IsEmpty ? _lastOfPage : found[^1];
            _isLastPage = found.Length < MostPerPage;
        }

        if (_page.Count == 0)
        {
            if (!_hasUnsettled)
            {
                await store.MoveProgressAsync(model, _clients);
            }

            _clients = [];
        }
    }
}
