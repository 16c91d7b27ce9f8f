using System.Collections.Immutable;
using Actors.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Actors.Sessions;

/// <summary>See <see cref="ISessionGrain"/>.</summary>
[GrainType("session")]
internal sealed partial class SessionGrain(
    SessionStore store, IOptions<SessionOptions> options, TimeProvider time, ILogger<SessionGrain> logger) : Grain, ISessionGrain
{
    private string _clientId = "";
    private HotSession _session = null!;
    private SessionCommits _commits = null!;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _clientId = SessionKey.ClientId(this.GetPrimaryKeyString());
        var snapshot = await store.LoadAsync(_clientId, options.Value.MaxHotEvents, cancellationToken);
        _session = new HotSession(snapshot, options.Value);
        _commits = new SessionCommits(_clientId, _session, store, options.Value, time);
        LogActivated(snapshot.Events.Count, snapshot.IsComplete);
    }

    public async Task<RememberAnswer> RememberAsync(RememberRequest request, CancellationToken cancellationToken)
    {
        SessionRules.Check(request);
        return new RememberAnswer(await _commits.AddAsync(request.Memories, cancellationToken));
    }

    public async Task<RecallAnswer> RecallAsync(RecallRequest request, CancellationToken cancellationToken)
    {
        var missing = await TryCatchUpAsync(cancellationToken);
        var answer = _session.Recall(request, time.GetUtcNow());
        return missing is null ? answer : answer with { Degraded = answer.Degraded.Add(missing) };
    }

    public async Task<EventRecord?> GetEventAsync(Guid eventId, CancellationToken cancellationToken)
    {
        await TryCatchUpAsync(cancellationToken);
        return _session.Find(eventId) ?? await store.FindAsync(_clientId, eventId, cancellationToken);
    }

    public Task<bool> ForgetAsync(Guid eventId, CancellationToken cancellationToken) =>
        _commits.RemoveAsync(eventId, cancellationToken);

    // Reads go on without Postgres: everything acknowledged is hot. What may be missing is a write whose outcome its
    // caller was told is unknown.
    private async Task<string?> TryCatchUpAsync(CancellationToken cancellationToken)
    {
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

    [LoggerMessage(Level = LogLevel.Debug, Message = "Session activated with {EventCount} hot events, complete: {IsComplete}")]
    private partial void LogActivated(int eventCount, bool isComplete);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Session answers without what may have been written behind its back")]
    private partial void LogBehind(Exception failure);
}
