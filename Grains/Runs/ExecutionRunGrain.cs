using Actors.Facts;
using Actors.Sessions;
using Actors.Storage;
using Microsoft.Extensions.Logging;

namespace Actors.Runs;

/// <summary>See <see cref="IExecutionRunGrain"/>. One write at a time, each decided on what the one before left.</summary>
[GrainType("execution-run")]
internal sealed partial class ExecutionRunGrain(RunStore store, HotClients hotClients, TimeProvider time, ILogger<ExecutionRunGrain> logger)
    : Grain, IExecutionRunGrain, IHotClient, IDisposable
{
    // A conflict means that SQL was faster. That it is so again and again is no passing accident.
    private const int MaxConflicts = 10;

    private Guid _runId;
    private RunRecord? _run;
    private volatile bool _isStale;
    private TaskScheduler _turns = null!;
    private string? _memberOf;
    private IDisposable? _membership;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _runId = Guid.ParseExact(this.GetPrimaryKeyString(), "D");
        _turns = TaskScheduler.Current;
        Keep(await store.FindAsync(_runId, cancellationToken));
    }

    // Read again before the next write. It spares that write a refusal by the store, which compares the run in its transaction anyway:
    // so nothing is lost by what is told between the reading of a run and its joining, or while it is written.
    void IHotClient.OnChanged() => _isStale = true;

    void IHotClient.OnErased()
    {
        _isStale = true;
        Task.Factory.StartNew(DeactivateOnIdle, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _turns);
    }

    public void Dispose() => _membership?.Dispose();

    public async Task<RunRecord> StartAsync(NewRun run, CancellationToken cancellationToken)
    {
        _isStale = true;
        var started = await store.InsertAsync(_runId, run, SessionRules.WholeMicroseconds(time.GetUtcNow()));
        Keep(started);
        return started;
    }

    public Task<RunRecord> ReportAsync(RunReport report, CancellationToken cancellationToken) =>
        WriteAsync((run, now) => RunRules.Report(run, report, now), idempotencyKey: null, cancellationToken);

    public async Task<RunRecord> EndAsync(RunEnd ending, CancellationToken cancellationToken)
    {
        var ended = await WriteAsync((run, now) => RunRules.End(run, ending, now), ending.IdempotencyKey, cancellationToken);
        await TryEndMemoriesAsync(ended);
        return ended;
    }

    private async Task<RunRecord> WriteAsync(
        Func<RunRecord, DateTimeOffset, RunRecord> decide, Idempotency.IdempotencyKey? idempotencyKey, CancellationToken cancellationToken)
    {
        var isFresh = false;
        for (var attempt = 0; attempt < MaxConflicts; attempt++)
        {
            if (_isStale || _run is null)
            {
                Keep(await store.FindAsync(_runId, cancellationToken));
                isFresh = true;
            }

            var before = _run ?? throw new RunNotFoundException();
            RunRecord after;
            try
            {
                after = decide(before, SessionRules.NextTime(time.GetUtcNow(), before.UpdatedAt));
            }
            catch (Exception refusal) when (!isFresh && refusal is RunEndedException or RunRefusedException)
            {
                // A write would find out what SQL has changed meanwhile; a refusal has to look.
                _isStale = true;
                continue;
            }

            // Until its outcome is known: whatever goes wrong, the next write starts from what Postgres has.
            _isStale = true;
            if (await store.UpdateAsync(before, after, idempotencyKey) is { } written)
            {
                Keep(written);
                return written;
            }
        }

        throw new StorageUnavailableException("Other writers keep changing this run; nothing was written.");
    }

    // SQL may move a run to another client.
    private void Keep(RunRecord? run)
    {
        (_run, _isStale) = (run, false);
        var clientId = run is null ? null : run.ClientId ?? FactSubjectKey.House;
        if (clientId != _memberOf)
        {
            _membership?.Dispose();
            _membership = clientId is null ? null : hotClients.Join(clientId, this);
            _memberOf = clientId;
        }
    }

    // A session that is hot has to hear that memories of the run's scope are over, whether or not the caller still waits; one that is not
    // reads it. A session that was told and could not look looks with its next request.
    private async Task TryEndMemoriesAsync(RunRecord run)
    {
        try
        {
            if (await MayHaveMemoriesAsync(run.Id))
            {
                await GrainFactory.GetGrain<ISessionGrain>(SessionKey.Of(run.ClientId ?? FactSubjectKey.House)).CatchUpAsync(CancellationToken.None);
            }
        }
        catch (Exception failure) when (failure is StorageUnavailableException or SessionLoadingException or TimeoutException or OrleansException)
        {
            LogNotTold(failure);
        }
    }

    private async Task<bool> MayHaveMemoriesAsync(Guid runId)
    {
        try
        {
            return await store.HasMemoriesAsync(runId, CancellationToken.None);
        }
        catch (StorageUnavailableException)
        {
            return true;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A run has ended, and its client's session could not be told")]
    private partial void LogNotTold(Exception failure);
}
