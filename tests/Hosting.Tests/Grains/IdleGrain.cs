using System.Diagnostics;
using Orleans.Concurrency;

namespace Actors.Hosting.Tests.Grains;

[Alias("test.idle")]
public interface IIdleGrain : IGrainWithStringKey
{
    [Alias("Thread")]
    Task<int> ThreadAsync();

    [ReadOnly, Alias("ReadThread")]
    Task<int> ReadThreadAsync();

    [Alias("Where")]
    Task<string> WhereCodeRunsAsync();

    [Alias("Ambient")]
    Task<string> AmbientAsync();

    /// <summary>Says "name in" and keeps its thread until the door of that name is open.</summary>
    [Alias("Block")]
    Task BlockAsync(string name);

    /// <summary>Lets another grain block until this one opens its door.</summary>
    [Alias("BlockThere")]
    Task BlockThereAsync(string name, string otherGrain);
}

[GrainType("test-idle")]
public sealed class IdleGrain : Grain, IIdleGrain
{
    private Stage Stage => Stage.Of(this.GetPrimaryKeyString());

    public Task<int> ThreadAsync() => Task.FromResult(Environment.CurrentManagedThreadId);

    public Task<int> ReadThreadAsync() => ThreadAsync();

    public async Task<string> WhereCodeRunsAsync()
    {
        var mine = TaskScheduler.Current;
        await Task.Yield();
        return $"own scheduler {mine != TaskScheduler.Default}, after await {TaskScheduler.Current == mine}";
    }

    public async Task<string> AmbientAsync()
    {
        var before = $"{CallGrain.Ambient.Value ?? "none"}/{Activity.Current?.OperationName ?? "none"}";
        CallGrain.Ambient.Value = "the grain's";
        await Task.Yield();
        return before;
    }

    public Task BlockAsync(string name)
    {
        Stage.Happened(name + " in");
        ((IAsyncResult)Stage.DoorAsync(name)).AsyncWaitHandle.WaitOne();
        return Task.CompletedTask;
    }

    public async Task BlockThereAsync(string name, string otherGrain)
    {
        var other = GrainFactory.GetGrain<IIdleGrain>(otherGrain);
        await other.ThreadAsync();
        var blocked = other.BlockAsync(name);
        Stage.Of(otherGrain).Open(name);
        await blocked;
    }
}
