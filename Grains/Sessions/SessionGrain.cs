using Actors.Clients;
using Actors.Embeddings;
using Actors.Facts;
using Actors.Hosting;
using Actors.Secrets;
using Actors.Sessions.Recall;
using Actors.Storage;
using Actors.Zep;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Actors.Sessions;

/// <summary>See <see cref="ISessionGrain"/>.</summary>
[GrainType("session")]
internal sealed partial class SessionGrain(
    SessionStore store, SessionCommitLine line, FactStore facts, SharedFacts shared, ProcessPauses pauses, HotMemory hot, HotClients hotClients,
    LongWork longWork, HotVectorSource vectorSource, QuestionVectors questions, ZepSearch zep, SessionCache cache, IOptions<SessionOptions> options, RankingOptions ranking,
    SecretMask secrets, RecallMetrics metrics, ErasureStore erasures, ErasedAnswers erasedAnswers, ZepGate zepGate, IOptions<ZepQueueOptions> zepLimits,
    TimeProvider time, ILogger<SessionGrain> logger)
    : Grain, ISessionGrain, IHotClient, IAsyncDisposable
{
    private readonly SessionDoubts _doubts = new();
    private string _clientId = "";
    private Action _leave = null!;
    private IDisposable? _membership;
    private HotShare? _share;
    private SessionLoad? _load;
    private HotSession _session = null!;
    private SessionCatchUp _catchUp = null!;
    private SessionCommits _commits = null!;
    private HotVectors? _vectors;
    private SessionZep _toZep = null!;
    private ZepPresence _zepPresence = null!;
    private int _pauses;
    private int _coldAnswers;

    // Nothing is read yet: the first request that needs it begins that, and waits in ReadyAsync, which tells it in time that it takes longer.
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _pauses = pauses.Count;
        _clientId = SessionKey.ClientId(this.GetPrimaryKeyString());
        var turns = TaskScheduler.Current;
        _leave = () => Task.Factory.StartNew(DeactivateOnIdle, CancellationToken.None, TaskCreationOptions.DenyChildAttach, turns);
        _share = hot.Join(_leave);
        _zepPresence = new ZepPresence(time);
        _toZep = new SessionZep(this.GetPrimaryKeyString(), GrainFactory, zepGate, zepLimits.Value, time, logger);
        // Before the reading begins: what is committed after it looked is told.
        _membership = hotClients.Join(_clientId, this);
        _load = new SessionLoad(_clientId, store, longWork, _share, options.Value, ranking, time, logger);
        return Task.CompletedTask;
    }

    void IHotClient.OnChanged() => _doubts.Raise();

    public async ValueTask DisposeAsync()
    {
        _membership?.Dispose();
        _share?.Dispose();
        _vectors?.Dispose();
        if (_load is not null)
        {
            await _load.DisposeAsync();
        }
    }

    public async Task<RememberAnswer> RememberAsync(RememberRequest request, CancellationToken cancellationToken)
    {
        SessionRules.Check(request);
        var write = new SessionWrite(cancellationToken) { Memories = secrets.Apply(request.Memories), IdempotencyKey = request.IdempotencyKey };
        await CommitAsync(write, cancellationToken);
        var sending = _toZep.SendAsync(write);
        // What was erased since its commit is not kept: it was removed from there before.
        var isInValkey = write.StoredAt.EraseEpoch == _session.Head.EraseEpoch ? await cache.StoreAsync(_clientId, write) : [.. write.Stored.Select(_ => false)];
        return new RememberAnswer(write.Stored, write.IsRepeat, isInValkey, await sending);
    }

    public async Task<bool> ForgetAsync(Guid eventId, CancellationToken cancellationToken)
    {
        var write = new SessionWrite(cancellationToken) { RemovedId = eventId };
        await CommitAsync(write, cancellationToken);
        return write.Removed;
    }

    public async Task<FactAnswer> WriteFactAsync(FactWrite write, CancellationToken cancellationToken)
    {
        var factWrite = new SessionWrite(cancellationToken) { Fact = write, IdempotencyKey = write.Author.IdempotencyKey };
        await CommitAsync(factWrite, cancellationToken);
        if (write.Subject.ClientId is null)
        {
            await TryRefreshSharedAsync(cancellationToken);
        }

        return factWrite.FactAnswer!;
    }

    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        if (_load is { HasStarted: false })
        {
            // It holds nothing that could be behind.
            return;
        }

        // First: what is being read may have been looked at before, and the wait for it may end too soon.
        _doubts.Raise();
        await ReadyAsync(cancellationToken);
        await _catchUp.SettleAsync(Timeout.InfiniteTimeSpan, cancellationToken);
    }

    private void StartLoading()
    {
        // Facts of the house are searched, and have their vectors, in the index of the process.
        _vectors ??= _clientId == FactSubjectKey.House ? null : vectorSource.Open(_clientId);
        _load!.Start();
    }

    // Every request that needs the index begins here.
    private async ValueTask ReadyAsync(CancellationToken cancellationToken)
    {
        _share!.Use();
        if (_commits is not null)
        {
            return;
        }

        StartLoading();
        try
        {
            var session = await _load!.WaitAsync(cancellationToken);
            if (_commits is null)
            {
                // It may have been read before the client was erased.
                if (_erased is not null)
                {
                    session.Erase(_erased);
                }

                _session = session;
                _catchUp = new SessionCatchUp(_clientId, session, _doubts, store, _load, _vectors, _share, options.Value, time);
                _commits = new SessionCommits(_clientId, session, _doubts, _catchUp, store, line, _toZep, options.Value, time);
                LogLoaded(session.Count);
            }
        }
        catch (StorageUnavailableException) when (_load!.HasFailed)
        {
            // The next call starts anew, in another silo perhaps.
            DeactivateOnIdle();
            throw;
        }
    }

    private async Task CommitAsync(SessionWrite write, CancellationToken cancellationToken)
    {
        await ReadyAsync(cancellationToken);
        // A session that is only written to must not keep its vectors beside its index, where they are not counted.
        await TryTakeVectorsAsync();
        await _commits.CommitAsync(write);
        _share!.Resize(_session.Bytes);
    }

    // What was committed is committed; other processes see it within their refresh time, and so does this one then.
    private async Task TryRefreshSharedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await shared.RefreshAsync(cancellationToken);
        }
        catch (StorageUnavailableException failure)
        {
            LogSharedBehind(failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Session was read, and has {MemoryCount} memories hot")]
    private partial void LogLoaded(int memoryCount);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A shared fact was written, but not read again yet")]
    private partial void LogSharedBehind(Exception failure);
}
