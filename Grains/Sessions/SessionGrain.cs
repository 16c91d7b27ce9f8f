using Actors.Facts;
using Actors.Sessions.Recall;
using Actors.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Actors.Sessions;

/// <summary>See <see cref="ISessionGrain"/>.</summary>
[GrainType("session")]
internal sealed partial class SessionGrain(
    SessionStore store, SessionCommitLine line, FactStore facts, SharedFacts shared, ProcessPauses pauses, IOptions<SessionOptions> options,
    RankingOptions ranking, TimeProvider time, ILogger<SessionGrain> logger)
    : Grain, ISessionGrain
{
    private string _clientId = "";
    private HotSession _session = null!;
    private SessionCommits _commits = null!;
    private int _pauses;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _pauses = pauses.Count;
        _clientId = SessionKey.ClientId(this.GetPrimaryKeyString());
        var snapshot = await store.LoadAsync(_clientId, options.Value.MaxHotEvents, cancellationToken);
        _session = new HotSession(snapshot, options.Value, ranking, isHouse: _clientId == FactSubjectKey.House, time.GetUtcNow());
        _commits = new SessionCommits(_clientId, _session, store, line, options.Value, time);
        LogActivated(snapshot.Events.Count, snapshot.Facts.Count, snapshot.IsComplete);
    }

    public async Task<RememberAnswer> RememberAsync(RememberRequest request, CancellationToken cancellationToken)
    {
        SessionRules.Check(request);
        var write = new SessionWrite(cancellationToken) { Memories = request.Memories, IdempotencyKey = request.IdempotencyKey };
        await _commits.CommitAsync(write);
        return new RememberAnswer(write.Stored, write.IsRepeat);
    }

    public async Task<bool> ForgetAsync(Guid eventId, CancellationToken cancellationToken)
    {
        var write = new SessionWrite(cancellationToken) { RemovedId = eventId };
        await _commits.CommitAsync(write);
        return write.Removed;
    }

    public async Task<FactAnswer> WriteFactAsync(FactWrite write, CancellationToken cancellationToken)
    {
        var factWrite = new SessionWrite(cancellationToken) { Fact = write, IdempotencyKey = write.Author.IdempotencyKey };
        await _commits.CommitAsync(factWrite);
        if (write.Subject.ClientId is null)
        {
            await TryRefreshSharedAsync(cancellationToken);
        }

        return factWrite.FactAnswer!;
    }

    public Task CatchUpAsync(CancellationToken cancellationToken) => _commits.CatchUpAsync(cancellationToken);

    public async Task<RecallAnswer> RecallAsync(RecallRequest request, CancellationToken cancellationToken)
    {
        var missing = await TryCatchUpAsync(cancellationToken);
        var now = time.GetUtcNow();
        var key = RecallKey.Of(request);
        if (missing is null && _session.FindAnswer(key, shared.Version, now) is { } known)
        {
            return known.Tag == request.KnownAnswer ? RecallAnswer.Known(known.Tag!.Value) : known;
        }

        while (request.KnownAt is not null && _session.NeedsPast)
        {
            var changes = _session.FactChangesSoFar;
            _session.SetPast(await facts.LoadVersionsAsync(_clientId, options.Value.MaxHotEvents, cancellationToken), changes);
        }

        var question = Question.Parse(request.Query);
        var filter = new RecallFilter(request, now);
        var sharedVersion = shared.Version;
        var sharedHits = await shared.SearchAsync(request, question, filter, cancellationToken);
        var hits = RankedHits.Merge(_session.Search(request, question, filter), sharedHits, request.K);
        var answer = new RecallAnswer(hits, Cached: false, _session.IsComplete(request.KnownAt is not null) ? [] : ["hot_index"]);
        if (missing is not null)
        {
            return answer with { Degraded = answer.Degraded.Add(missing) };
        }

        // With as_of the answer holds for good.
        _session.Keep(key, answer, sharedVersion, filter.ValidUntil);
        return answer;
    }

    public async Task<EventRecord?> GetEventAsync(Guid eventId, CancellationToken cancellationToken)
    {
        await TryCatchUpAsync(cancellationToken);
        return _session.FindEvent(eventId) ?? await store.FindAsync(_clientId, eventId, cancellationToken);
    }

    // Reads go on without Postgres: everything acknowledged is hot. What may be missing is a write whose outcome its
    // caller was told is unknown, and what others wrote while this process stood still.
    private async Task<string?> TryCatchUpAsync(CancellationToken cancellationToken)
    {
        if (pauses.MayBeOld(ref _pauses))
        {
            _session.Doubt();
        }

        if (!_session.IsBehind)
        {
            return null;
        }

        try
        {
            await _commits.CatchUpAsync(cancellationToken);
            return null;
        }
        catch (StorageUnavailableException failure)
        {
            LogBehind(failure);
            return "postgres";
        }
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

    [LoggerMessage(Level = LogLevel.Debug, Message = "Session activated with {EventCount} hot events and {FactCount} facts, complete: {IsComplete}")]
    private partial void LogActivated(int eventCount, int factCount, bool isComplete);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Session answers without what may have been written behind its back")]
    private partial void LogBehind(Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A shared fact was written, but not read again yet")]
    private partial void LogSharedBehind(Exception failure);
}
