using System.Collections.Immutable;
using Actors.Sessions;
using Actors.Sessions.Recall;
using Actors.Storage;

namespace Actors.Facts;

/// <summary>
/// The facts of the house, which every recall may find: one index for all sessions of a process, kept up to date from the
/// change log. May lag behind other processes by the time between two refreshes.
/// </summary>
internal sealed class SharedFacts(FactStore store, SharedFactsOptions options, RankingOptions ranking) : IDisposable
{
    private readonly SemaphoreSlim _refreshing = new(1);
    private readonly Lock _index = new();
    private readonly MemoryIndex _present = new(ranking);
    private MemoryIndex? _past;
    private long _version = -1;

    /// <summary>Moves whenever a shared fact changes.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Takes over what was committed since the last time.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached; the index stays as it is.</exception>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _refreshing.WaitAsync(cancellationToken);
        try
        {
            if (await store.ReadVersionAsync(FactSubjectKey.House, cancellationToken) == Version)
            {
                return;
            }

            var changes = await store.LoadSharedAsync(Version, options.MaxFacts, cancellationToken);
            lock (_index)
            {
                Apply(changes);
            }
        }
        finally
        {
            _refreshing.Release();
        }
    }

    /// <summary>The best shared facts for a question.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="question">Its question.</param>
    /// <param name="filter">Which of them count.</param>
    /// <param name="cancellationToken">Ends the reading of past beliefs.</param>
    public async Task<ImmutableArray<RecallHit>> SearchAsync(RecallRequest request, Question question, RecallFilter filter, CancellationToken cancellationToken)
    {
        if (request.KnownAt is not null)
        {
            await LoadPastAsync(cancellationToken);
        }

        lock (_index)
        {
            var hits = _present.Search(question, request.K, filter);
            return request.KnownAt is null || _past is not { Count: > 0 } past
                ? hits
                : RankedHits.Merge(hits, past.Search(question, request.K, filter), request.K);
        }
    }

    private async Task LoadPastAsync(CancellationToken cancellationToken)
    {
        await _refreshing.WaitAsync(cancellationToken);
        try
        {
            if (_past is not null)
            {
                return;
            }

            var versions = await store.LoadSharedVersionsAsync(options.MaxFacts, cancellationToken);
            lock (_index)
            {
                _past = MemoryIndex.Of(versions.Beliefs, ranking);
            }
        }
        finally
        {
            _refreshing.Release();
        }
    }

    private void Apply(SharedFactChanges changes)
    {
        foreach (var fact in changes.Written)
        {
            _present.Put(fact);
        }

        foreach (var id in changes.Removed)
        {
            _present.Remove(id);
        }

        while (_present.Count > options.MaxFacts)
        {
            _present.RemoveOldest();
        }

        _past = null;
        Interlocked.Exchange(ref _version, changes.Version);
    }

    public void Dispose() => _refreshing.Dispose();
}

/// <summary>Limits of the shared facts. Configuration section <c>SharedFacts</c>.</summary>
internal sealed class SharedFactsOptions
{
    /// <summary>Most shared facts, and most past beliefs of them, that recall searches, at least 1; default 50,000, the newest.</summary>
    public int MaxFacts { get; set; } = 50_000;

    /// <summary>Time between two looks for changes, at least 10 ms; default 400 ms, since shared facts may lag one second.</summary>
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromMilliseconds(400);
}
