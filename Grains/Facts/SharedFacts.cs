using System.Collections.Immutable;
using Actors.Hosting;
using Actors.Retention;
using Actors.Sessions;
using Actors.Sessions.Recall;
using Actors.Storage;

namespace Actors.Facts;

/// <summary>
/// The facts of the house, which every recall may find: one index for all sessions of a process, kept up to date from the
/// change log. May lag behind other processes by the time between two refreshes.
/// </summary>
internal sealed class SharedFacts(
    FactStore store, HotVectorSource vectorSource, SharedFactsOptions options, RankingOptions ranking, LongWork longWork) : IDisposable
{
    private readonly SemaphoreSlim _refreshing = new(1);
    private readonly SemaphoreSlim _loadingPast = new(1);
    private readonly Lock _index = new();
    private MemoryIndex _present = new(ranking);
    private HotVectors? _vectors;
    private MemoryIndex? _past;
    private long _version = -1;
    private RetentionHorizon _horizon;
    private long _generation;

    /// <summary>Moves whenever an answer may have changed: with each change of a shared fact, and with vectors.</summary>
    public long Generation => Interlocked.Read(ref _generation);

    /// <summary>The version of the house's head that the index has; the same in all processes.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>How far the past of the house reaches. Its events are not searched here.</summary>
    public RetentionHorizon Horizon
    {
        get
        {
            lock (_index)
            {
                return _horizon with { Events = null };
            }
        }
    }

    /// <summary>Takes over what was committed since the last time.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached; the index stays as it is.</exception>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _refreshing.WaitAsync(cancellationToken);
        try
        {
            await TakeVectorsAsync();
            if (await store.ReadVersionAsync(FactSubjectKey.House, cancellationToken) == _version)
            {
                return;
            }

            var changes = await store.LoadSharedAsync(_version, options.MaxFacts, cancellationToken);
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
        while (true)
        {
            lock (_index)
            {
                if (request.KnownAt is null)
                {
                    return _present.Search(question, request.K, filter);
                }

                if (_past is { } past)
                {
                    return RankedHits.Merge(_present.Search(question, request.K, filter), past.Search(question, request.K, filter), request.K);
                }
            }

            await LoadPastAsync(cancellationToken);
        }
    }

    private async Task TakeVectorsAsync()
    {
        // Not before now: when the host is built, its schema may not be there.
        _vectors ??= vectorSource.Open(FactSubjectKey.House);
        var taken = _vectors is null ? [] : await _vectors.TakeAsync();
        if (taken.Count == 0)
        {
            return;
        }

        lock (_index)
        {
            foreach (var (factId, vector) in taken)
            {
                _present.SetVector(factId, vector);
            }

            Interlocked.Increment(ref _generation);
        }
    }

    // Beside refreshing, which must not wait for it; what changes meanwhile has the past read again.
    private async Task LoadPastAsync(CancellationToken cancellationToken)
    {
        await _loadingPast.WaitAsync(cancellationToken);
        try
        {
            long version;
            lock (_index)
            {
                if (_past is not null)
                {
                    return;
                }

                version = _version;
            }

            var versions = await store.LoadSharedVersionsAsync(options.MaxFacts, cancellationToken);
            var past = await longWork.RunAsync(versions.Beliefs.Length, () => MemoryIndex.Of(versions.Beliefs, ranking), cancellationToken);
            lock (_index)
            {
                _past = version == _version ? past : null;
            }
        }
        finally
        {
            _loadingPast.Release();
        }
    }

    private void Apply(SharedFactChanges changes)
    {
        if (changes.AreAll && _present.Count > 0)
        {
            _present = new MemoryIndex(ranking);
            // Asked for again, from the first one on.
            _vectors?.Dispose();
            _vectors = null;
        }

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
        _horizon = changes.Horizon;
        Interlocked.Exchange(ref _version, changes.Version);
        Interlocked.Increment(ref _generation);
    }

    public void Dispose()
    {
        _vectors?.Dispose();
        _refreshing.Dispose();
        _loadingPast.Dispose();
    }
}

/// <summary>Limits of the shared facts. Configuration section <c>SharedFacts</c>.</summary>
internal sealed class SharedFactsOptions
{
    /// <summary>Most shared facts, and most past beliefs of them, that recall searches, at least 1; default 50,000, the newest.</summary>
    public int MaxFacts { get; set; } = 50_000;

    /// <summary>Time between two looks for changes, at least 10 ms; default 400 ms, since shared facts may lag one second.</summary>
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromMilliseconds(400);
}
