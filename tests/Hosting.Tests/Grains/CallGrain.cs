using System.Diagnostics;
using Orleans.Concurrency;

namespace Actors.Hosting.Tests.Grains;

[Alias("test.call")]
public interface ICallGrain : IGrainWithStringKey
{
    [Alias("Hold")]
    Task HoldAsync(string name, CancellationToken cancellationToken);

    [ResponseTimeout("00:00:02"), Alias("HoldShortly")]
    Task HoldShortlyAsync(string name);

    [Alias("Number")]
    Task<int> NumberAsync();

    [Alias("Refuse")]
    Task RefuseAsync(string field, bool afterAwait);

    [Alias("CallSelf"), ResponseTimeout("00:00:02")]
    Task CallSelfAsync();

    [OneWay, Alias("OneWay")]
    Task FailOneWayAsync();

    [Alias("Context")]
    Task<string> ContextAsync(string key);

    [Alias("ContextThere")]
    Task<string> ContextThereAsync(string key, string otherGrain);

    [Alias("ChangeContext")]
    Task ChangeContextAsync(string key, string value);

    [Alias("Ambient")]
    Task<string> AmbientAsync();
}

/// <summary>A typed error with a field of its own.</summary>
[GenerateSerializer, Alias("test.refused")]
public sealed class RefusedException(string field) : Exception($"Refused because of {field}.")
{
    [Id(0)]
    public string Field { get; } = field;
}

[GrainType("test-call")]
public sealed class CallGrain : Grain, ICallGrain
{
    /// <summary>An AsyncLocal as the code around a call might have.</summary>
    public static readonly AsyncLocal<string?> Ambient = new();

    private Stage Stage => Stage.Of(this.GetPrimaryKeyString());

    public async Task HoldAsync(string name, CancellationToken cancellationToken)
    {
        var home = TaskScheduler.Current;
        Stage.Happened(name + " in");
        await using var registration = cancellationToken.Register(
            () => Stage.Happened(name + (TaskScheduler.Current == home ? " cancelled in turn" : " cancelled elsewhere")));
        await Stage.DoorAsync(name);
        Stage.Happened(name + " out");
    }

    public Task HoldShortlyAsync(string name) => HoldAsync(name, CancellationToken.None);

    public Task<int> NumberAsync() => Task.FromResult(7);

    public async Task RefuseAsync(string field, bool afterAwait)
    {
        if (afterAwait)
        {
            await Task.Yield();
        }

        throw new RefusedException(field);
    }

    public Task CallSelfAsync()
    {
        Stage.Happened("calls itself");
        return GrainFactory.GetGrain<ICallGrain>(this.GetPrimaryKeyString()).NumberAsync();
    }

    public Task FailOneWayAsync()
    {
        Stage.Happened("one way");
        throw new RefusedException("nobody");
    }

    public Task<string> ContextAsync(string key) => Task.FromResult(RequestContext.Get(key) as string ?? "none");

    public Task<string> ContextThereAsync(string key, string otherGrain) => GrainFactory.GetGrain<ICallGrain>(otherGrain).ContextAsync(key);

    // Not an async method on purpose: nothing but the host undoes what it sets.
    public Task ChangeContextAsync(string key, string value)
    {
        RequestContext.Set(key, value);
        Ambient.Value = value;
        return Task.CompletedTask;
    }

    public async Task<string> AmbientAsync()
    {
        var before = $"{Ambient.Value ?? "none"}/{Activity.Current?.OperationName ?? "none"}";
        await Task.Yield();
        return $"{before} {Ambient.Value ?? "none"}/{Activity.Current?.OperationName ?? "none"}";
    }
}
