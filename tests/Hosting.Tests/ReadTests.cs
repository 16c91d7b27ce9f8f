using System.Diagnostics;
using Actors.Hosting.Tests.Grains;

namespace Actors.Hosting.Tests;

/// <summary>Reads of grains that are idle, from threads of the pool: on one host they take a shorter way than other calls.</summary>
public sealed partial class ReadTests(ActorHostFixture host) : IClassFixture<ActorHostFixture>
{
    private readonly string _key = Stage.NewKey();

    private Stage Stage => Stage.Of(_key);

    private IReadGrain Grain => host.Grains.GetGrain<IReadGrain>(_key);

    [Fact]
    public Task a_read_runs_and_goes_on_as_a_turn_of_its_grain() => OnPoolAsync(async () =>
    {
        await Grain.ThreadAsync();

        Assert.Equal("own scheduler True, after await True", await Grain.WhereCodeRunsAsync());
        Assert.Equal(TaskScheduler.Default, TaskScheduler.Current);
    });

    [Fact]
    public Task nothing_ambient_passes_between_a_read_and_its_caller() => OnPoolAsync(async () =>
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
    public Task a_read_that_a_turn_asks_for_does_not_hold_that_turn_up() => OnPoolAsync(
        () => Grain.BlockThereAsync("door", Stage.NewKey()));

    [Fact]
    public async Task what_arrives_while_a_read_keeps_its_thread_is_done_after_it()
    {
        await Grain.ThreadAsync();
        var read = OnPoolAsync(() => Grain.BlockAsync("door"));
        await Stage.WhenAsync("door in");

        var waiting = Enumerable.Range(0, 3).Select(_ => OnPoolAsync(() => Grain.ThreadAsync())).ToArray();
        Stage.Open("door");

        await read;
        await Task.WhenAll(waiting);
    }

    private static Task OnPoolAsync(Func<Task> body) => Task.Run(body);
}
