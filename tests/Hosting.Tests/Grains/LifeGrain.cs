using Orleans.Configuration;

namespace Actors.Hosting.Tests.Grains;

[Alias("test.life")]
public interface ILifeGrain : IGrainWithStringKey
{
    [Alias("Activation")]
    Task<Guid> ActivationAsync();

    [Alias("Hold")]
    Task HoldAsync(string name);

    [Alias("Leave")]
    Task LeaveAsync();

    [Alias("LeaveAtDoor")]
    Task LeaveAtDoorAsync(string name);

    [Alias("Stay")]
    Task StayAsync(TimeSpan time);

    [Alias("StartTimer")]
    Task StartTimerAsync(TimeSpan period, bool interleave, bool keepAlive);

    [Alias("ChangeTimer")]
    Task ChangeTimerAsync(TimeSpan dueTime);

    [Alias("StopTimer")]
    Task StopTimerAsync();

    [Alias("Relay")]
    Task RelayAsync(string door, string otherGrain);
}

/// <summary>The same with a collection age of its own, 90 minutes.</summary>
[Alias("test.long-life")]
public interface ILongLifeGrain : IGrainWithStringKey
{
    [Alias("Activation")]
    Task<Guid> ActivationAsync();
}

/// <summary>Says when it is activated and deactivated, and fails to activate while its stage has the fault.</summary>
public abstract class LifeGrainBehaviour : Grain, IAsyncDisposable
{
    private readonly Guid _activation = Guid.NewGuid();
    private IGrainTimer? _timer;

    private Stage Stage => Stage.Of(this.GetPrimaryKeyString());

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Stage.Happened("activating");
        if (Stage.Count("slow activation") > 0)
        {
            await Stage.DoorAsync("activation");
        }

        if (Stage.Count("faulty activation") == 1 && Stage.Count("repaired") == 0)
        {
            throw new RefusedException("activation");
        }

        Stage.Happened("activated");
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Stage.Happened("deactivated " + reason.ReasonCode);
        if (Stage.Count("slow deactivation") > 0)
        {
            await Stage.DoorAsync("deactivation");
        }
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Stage.Happened("disposed");
        return ValueTask.CompletedTask;
    }

    public Task<Guid> ActivationAsync() => Task.FromResult(_activation);

    public async Task HoldAsync(string name)
    {
        Stage.Happened(name + " in");
        await Stage.DoorAsync(name);
        Stage.Happened(name + " out");
    }

    public Task LeaveAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task LeaveAtDoorAsync(string name)
    {
        DeactivateOnIdle();
        return HoldAsync(name);
    }

    public Task StayAsync(TimeSpan time)
    {
        DelayDeactivation(time);
        return Task.CompletedTask;
    }

    public Task StartTimerAsync(TimeSpan period, bool interleave, bool keepAlive)
    {
        _timer = this.RegisterGrainTimer(
            TickAsync, "tick", new GrainTimerCreationOptions(period, period) { Interleave = interleave, KeepAlive = keepAlive });
        return Task.CompletedTask;
    }

    public Task ChangeTimerAsync(TimeSpan dueTime)
    {
        _timer!.Change(dueTime, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    public Task StopTimerAsync()
    {
        _timer!.Dispose();
        return Task.CompletedTask;
    }

    public async Task RelayAsync(string door, string otherGrain)
    {
        await HoldAsync(door);
        await GrainFactory.GetGrain<ILifeGrain>(otherGrain).ActivationAsync();
        Stage.Happened("relayed");
    }

    private async Task TickAsync(string name, CancellationToken cancellationToken)
    {
        Stage.Happened(name + " in");
        if (Stage.Count("hold ticks") > 0)
        {
            await Stage.DoorAsync(name);
        }

        Stage.Happened(name + " out");
        if (Stage.Count("faulty ticks") > 0)
        {
            throw new RefusedException("tick");
        }
    }
}

[GrainType("test-life")]
public sealed class LifeGrain : LifeGrainBehaviour, ILifeGrain;

[GrainType("test-long-life"), CollectionAgeLimit(Minutes = 90)]
public sealed class LongLifeGrain : LifeGrainBehaviour, ILongLifeGrain;
