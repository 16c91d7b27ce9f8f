using Orleans.Concurrency;

namespace Actors.Hosting.Tests.Grains;

/// <summary>Each Hold says "name in", waits for the door of its name, says "name out".</summary>
[Alias("test.turn")]
public interface ITurnGrain : IGrainWithStringKey
{
    [Alias("Activation")]
    Task<Guid> ActivationAsync();

    [Alias("Count")]
    Task<int> CountInSixStepsAsync();

    [Alias("Hold")]
    Task HoldAsync(string name);

    [ReadOnly, Alias("HoldReading")]
    Task HoldReadingAsync(string name);

    [AlwaysInterleave, Alias("HoldInterleaving")]
    Task HoldInterleavingAsync(string name);

    [AlwaysInterleave, Alias("Peek")]
    ValueTask<int> PeekAsync();

    [AlwaysInterleave, Alias("Yield")]
    ValueTask YieldForEverAsync();

    [Alias("Scheduler")]
    Task<string> WhereCodeRunsAsync();
}

[Alias("test.reentrant-turn")]
public interface IReentrantTurnGrain : IGrainWithStringKey
{
    [Alias("Hold")]
    Task HoldAsync(string name);
}

[Alias("test.worker-turn")]
public interface IWorkerTurnGrain : IGrainWithStringKey
{
    [Alias("Activation")]
    Task<Guid> ActivationAsync();

    [Alias("Hold")]
    Task HoldAsync(string name);
}

public abstract class TurnGrainBehaviour : Grain
{
    private readonly Guid _activation = Guid.NewGuid();
    private int _count;
    private bool _stopYielding;

    private Stage Stage => Stage.Of(this.GetPrimaryKeyString());

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Stage.Happened("activated");
        return Task.CompletedTask;
    }

    public Task<Guid> ActivationAsync() => Task.FromResult(_activation);

    public async Task<int> CountInSixStepsAsync()
    {
        var before = _count;
        for (var step = 0; step < 6; step++)
        {
            await Task.Yield();
        }

        // Wrong as soon as another turn comes in between.
        _count = before + 1;
        return _count;
    }

    public Task HoldAsync(string name) => HoldAtDoorAsync(name);

    public Task HoldReadingAsync(string name) => HoldAtDoorAsync(name);

    public Task HoldInterleavingAsync(string name) => HoldAtDoorAsync(name);

    public ValueTask<int> PeekAsync()
    {
        _stopYielding = true;
        return ValueTask.FromResult(_count);
    }

    public async ValueTask YieldForEverAsync()
    {
        Stage.Happened("yielding");
        for (var step = 0; !_stopYielding; step++)
        {
            // Far more than a call needs to be let in between; a test that would fail must also end.
            ArgumentOutOfRangeException.ThrowIfGreaterThan(step, 10_000_000);
            await Task.Yield();
        }
    }

    public async Task<string> WhereCodeRunsAsync()
    {
        Stage.Happened("asked");
        var mine = TaskScheduler.Current;
        await Task.Yield();
        var afterAwait = TaskScheduler.Current == mine;
        var inTaskRun = await Task.Run(() => TaskScheduler.Current == mine);
        var inStartNew = await Task.Factory.StartNew(() => TaskScheduler.Current == mine);
        return $"await {afterAwait}, Task.Run {inTaskRun}, StartNew {inStartNew}";
    }

    private async Task HoldAtDoorAsync(string name)
    {
        Stage.Happened(name + " in");
        await Stage.DoorAsync(name);
        Stage.Happened(name + " out");
    }
}

[GrainType("test-turn")]
public sealed class TurnGrain : TurnGrainBehaviour, ITurnGrain;

[GrainType("test-reentrant-turn"), Reentrant]
public sealed class ReentrantTurnGrain : TurnGrainBehaviour, IReentrantTurnGrain;

[GrainType("test-worker-turn"), StatelessWorker(3)]
public sealed class WorkerTurnGrain : TurnGrainBehaviour, IWorkerTurnGrain;
