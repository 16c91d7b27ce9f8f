using System.Diagnostics;
using Actors.Hosting.Tests.Grains;

namespace Actors.Hosting.Tests;

public sealed class ContextTests(ActorHostFixture host) : IClassFixture<ActorHostFixture>
{
    private readonly string _key = Stage.NewKey();

    private ICallGrain Grain => host.Grains.GetGrain<ICallGrain>(_key);

    [Fact]
    public async Task request_context_flows_from_call_to_call()
    {
        RequestContext.Set("trace", "abc");

        Assert.Equal("abc", await Grain.ContextAsync("trace"));
        Assert.Equal("abc", await Grain.ContextThereAsync("trace", Stage.NewKey()));
    }

    [Fact]
    public async Task request_context_does_not_stick_to_the_activation()
    {
        RequestContext.Set("trace", "abc");
        await Grain.ContextAsync("trace");
        RequestContext.Clear();

        Assert.Equal("none", await Grain.ContextAsync("trace"));
    }

    [Fact]
    public async Task what_a_turn_puts_into_its_context_reaches_neither_the_caller_nor_the_next_turn()
    {
        await Grain.ContextAsync("trace");
        var change = Grain.ChangeContextAsync("trace", "changed");
        var next = Grain.ContextAsync("trace");
        var ambient = Grain.AmbientAsync();
        await change;

        Assert.Equal("none", await next);
        Assert.Equal("none/none none/none", await ambient);
        Assert.Null(RequestContext.Get("trace"));
        Assert.Null(CallGrain.Ambient.Value);
    }

    [Fact]
    public async Task async_locals_and_the_activity_of_the_caller_do_not_leak_into_the_activation()
    {
        CallGrain.Ambient.Value = "the caller's";
        using var activity = new Activity("the caller's").Start();

        Assert.Equal("none/none none/none", await Grain.AmbientAsync());
        Assert.Equal("none/none none/none", await Grain.AmbientAsync());
        Assert.Equal("the caller's", CallGrain.Ambient.Value);
    }
}
