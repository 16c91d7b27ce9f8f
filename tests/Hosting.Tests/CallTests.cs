using Actors.Hosting.Tests.Grains;

namespace Actors.Hosting.Tests;

public sealed partial class CallTests(ActorHostFixture host) : IClassFixture<ActorHostFixture>
{
    private readonly string _key = Stage.NewKey();

    private Stage Stage => Stage.Of(_key);

    private ICallGrain Grain => host.Grains.GetGrain<ICallGrain>(_key);

    [Fact]
    public async Task a_call_past_the_response_timeout_throws_and_the_activation_goes_on()
    {
        var call = Grain.HoldAsync("door", CancellationToken.None);
        await Stage.WhenAsync("door in");

        await host.PassAsync(TimeSpan.FromSeconds(32));
        await Assert.ThrowsAsync<TimeoutException>(() => call);

        var next = Grain.NumberAsync();
        Stage.Open("door");
        Assert.Equal(7, await next);
        Assert.Equal(1, Stage.Count("door out"));
    }

    [Fact]
    public async Task a_call_is_not_timed_out_early()
    {
        var call = Grain.HoldAsync("door", CancellationToken.None);
        await Stage.WhenAsync("door in");

        await host.PassAsync(TimeSpan.FromSeconds(29));
        Stage.Open("door");

        await call;
    }

    [Fact]
    public async Task a_method_may_have_a_response_timeout_of_its_own()
    {
        var call = Grain.HoldShortlyAsync("door");
        await Stage.WhenAsync("door in");

        await host.PassAsync(TimeSpan.FromSeconds(3));

        await Assert.ThrowsAsync<TimeoutException>(() => call);
        Stage.Open("door");
    }

    [Fact]
    public async Task a_grain_that_calls_itself_runs_into_the_time_limit()
    {
        var call = Grain.CallSelfAsync();
        await Stage.WhenAsync("calls itself");

        await host.PassAsync(TimeSpan.FromSeconds(3));

        await Assert.ThrowsAsync<TimeoutException>(() => call);
    }

    [Fact]
    public async Task cancellation_reaches_the_caller_at_once_and_the_grain_in_a_turn()
    {
        using var cancellation = new CancellationTokenSource();
        var call = Grain.HoldAsync("door", cancellation.Token);
        await Stage.WhenAsync("door in");

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Stage.WhenAsync("door cancelled in turn");
        Stage.Open("door");
        await Stage.WhenAsync("door out");
    }

    [Fact]
    public async Task a_call_with_a_cancelled_token_never_runs()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Grain.HoldAsync("door", new CancellationToken(canceled: true)));

        await Grain.NumberAsync();
        Assert.Equal(0, Stage.Count("door in"));
    }

    [Fact]
    public async Task a_token_that_is_not_cancelled_changes_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        Stage.Open("door");
        await Grain.HoldAsync("door", cancellation.Token);

        await cancellation.CancelAsync();
        await Grain.NumberAsync();

        Assert.Equal(["door in", "door out"], Stage.History);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task an_exception_reaches_the_caller_with_its_type_and_fields(bool afterAwait)
    {
        var refused = await Assert.ThrowsAsync<RefusedException>(() => Grain.RefuseAsync("colour", afterAwait));

        Assert.Equal("colour", refused.Field);
        Assert.Equal("Refused because of colour.", refused.Message);
        Assert.Equal(7, await Grain.NumberAsync());
    }

    [Fact]
    public async Task a_one_way_call_does_not_wait_and_its_exception_reaches_nobody()
    {
        await Grain.FailOneWayAsync();

        await Stage.WhenAsync("one way");
        Assert.Equal(7, await Grain.NumberAsync());
    }

    [Fact]
    public async Task a_call_beyond_the_queue_limit_fails_and_those_within_it_run()
    {
        await using var small = await ActorHostFixture.StartAsync(new ActorHostSettings { MaxQueuedRequests = 4 });
        var grain = small.Grains.GetGrain<ICallGrain>(_key);
        var running = grain.HoldAsync("door", CancellationToken.None);
        await Stage.WhenAsync("door in");
        var calls = Enumerable.Range(0, 5).Select(_ => grain.NumberAsync()).ToList();

        // Which of the five comes last is not said. None of the others can end before the door is open.
        var refused = await Task.WhenAny(calls);
        await Assert.ThrowsAsync<LimitExceededException>(() => refused);

        Stage.Open("door");
        await running;
        int[] answers = await Task.WhenAll(calls.Where(call => call != refused));
        Assert.Equal([7, 7, 7, 7], answers);
        Assert.Equal(7, await grain.NumberAsync());
    }
}
