using System.Diagnostics;
using Actors.Hosting.Tests.Grains;

namespace Actors.Hosting.Tests;

/// <summary>Calls of grains that are idle, from threads of the pool: on one host they take a shorter way than others.</summary>
public sealed partial class IdleGrainTests(ActorHostFixture host) : IClassFixture<ActorHostFixture>
{
    private readonly string _key = Stage.NewKey();

    private Stage Stage => Stage.Of(_key);

    private IIdleGrain Grain => host.Grains.GetGrain<IIdleGrain>(_key);

    [Fact]
    public Task a_call_runs_and_goes_on_as_a_turn_of_its_grain() => OnPoolAsync(async () =>
    {
        await Grain.ThreadAsync();

        Assert.Equal("own scheduler True, after await True", await Grain.WhereCodeRunsAsync());
        Assert.Equal(TaskScheduler.Default, TaskScheduler.Current);
    });

    [Fact]
    public Task nothing_ambient_passes_between_a_call_and_its_caller() => OnPoolAsync(async () =>
    {
        await Grain.ThreadAsync();
        CallGrain.Ambient.Value = "the caller's";
        using var activity = new Activity("the caller's").Start();

        Assert.Equal("none/none", await Grain.AmbientAsync());
        Assert.Equal("none/none", await Grain.AmbientAsync());
        Assert.Equal("the caller's", CallGrain.Ambient.Value);
        Assert.Equal(activity, Activity.Current);
    });

    [Fact]
    public Task a_call_that_a_turn_makes_does_not_hold_that_turn_up() => OnPoolAsync(
        () => Grain.BlockThereAsync("door", Stage.NewKey()));

    [Fact]
    public async Task what_arrives_while_a_call_keeps_its_thread_is_done_after_it()
    {
        await Grain.ThreadAsync();
        var call = OnPoolAsync(() => Grain.BlockAsync("door"));
        await Stage.WhenAsync("door in");

        var waiting = Enumerable.Range(0, 3).Select(_ => OnPoolAsync(() => Grain.ThreadAsync())).ToArray();
        Stage.Open("door");

        await call;
        await Task.WhenAll(waiting);
    }

    private static Task OnPoolAsync(Func<Task> body) => Task.Run(body);
}
