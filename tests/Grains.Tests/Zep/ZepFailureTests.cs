using Actors.Support;
using Actors.Zep;

namespace Actors.Grains.Tests.Zep;

public class ZepFailureTests
{
    public static TheoryData<ZepMood, object, string> Moods => new()
    {
        { ZepMood.Breaks, ZepFailure.Unreachable, "" },
        { ZepMood.Broken, ZepFailure.Failed, "HTTP 500: internal server error" },
        { ZepMood.BadGateway, ZepFailure.Failed, "HTTP 502: <html><h1>502 Bad Gateway</h1></html>" },
        { ZepMood.WrongKey, ZepFailure.Unauthorized, "HTTP 401: unauthorized" },
        { ZepMood.Forbidden, ZepFailure.Unauthorized, "HTTP 403" },
        { ZepMood.Throttled, ZepFailure.Throttled, "HTTP 429: Rate limit exceeded for FREE plan" },
        { ZepMood.Locked, ZepFailure.Throttled, "HTTP 429: too many concurrent writes" },
        // Where "bad" is part of one of the ids that were sent, it is left out.
        { ZepMood.Refuses, ZepFailure.Refused, "HTTP 400: " },
        { ZepMood.Endless, ZepFailure.Unreadable, "more than 4 MiB" },
        { ZepMood.Garbage, ZepFailure.Unreadable, "HTTP 200: not JSON" },
        { ZepMood.Redirects, ZepFailure.Removed, "HTTP 307" },
        { ZepMood.Removed, ZepFailure.Removed, "HTTP 404: 404 page not found" },
        { ZepMood.Deprecated, ZepFailure.Removed, "HTTP 410: deprecation error" },
    };

    [Theory]
    [MemberData(nameof(Moods))]
    public async Task what_goes_wrong_has_a_name_and_quotes_neither_key_nor_text(ZepMood mood, object failure, string detail)
    {
        await using var scene = await ZepScene.StartWithUserAsync();
        scene.Fake.Mood = mood;

        foreach (var answer in (ZepAnswer[])[
            await scene.Client.EnsureUserAsync("client_2", ZepScene.Stop),
            await scene.Client.EnsureThreadAsync("client_2", ZepScene.User, ZepScene.Stop),
            await scene.AddAsync(scene.Message("Private mätter of 4711.")),
            await scene.Client.AddFactAsync(ZepScene.User, scene.Triple("Private mätter of 4711."), ZepScene.Stop),
            await scene.Client.ChangeFactAsync("e", scene.Triple("Private mätter of 4711."), ZepScene.Stop),
            await scene.Client.RemoveMessageAsync("m", ZepScene.Stop),
            await scene.Client.RemoveFactAsync("e", ZepScene.Stop),
            await scene.Client.RemoveUserAsync("client_2", ZepScene.Stop),
            await scene.SearchAsync("Private mätter of 4711?"),
            await scene.Client.PingAsync(ZepScene.Stop)])
        {
            Assert.Equal(failure, answer.Failure);
            Assert.StartsWith(detail, answer.Detail, StringComparison.Ordinal);
            foreach (var secret in (string[])["secret", "rivate", "tter", "4711", "client_2"])
            {
                Assert.DoesNotContain(secret, answer.Detail, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("60", 60)]
    [InlineData("Sun, 09 Mar 2031 08:00:20 GMT", 20)]
    [InlineData("Sun, 09 Mar 2031 07:00:00 GMT", null)]
    [InlineData("86400", 3_600)]
    [InlineData("soon", null)]
    [InlineData(null, null)]
    public async Task it_tells_how_long_it_wants_to_be_left_alone(string? header, int? seconds)
    {
        await using var scene = await ZepScene.StartAsync();
        scene.Fake.Mood = ZepMood.Throttled;
        scene.Fake.Quirks.RetryAfter = header;

        var answer = await scene.Client.PingAsync(ZepScene.Stop);

        Assert.Equal((ZepFailure.Throttled, seconds, 0), (answer.Failure, (int?)answer.RetryAfter?.TotalSeconds, answer.Rate!.Remaining));
    }

    [Fact]
    public async Task a_wrong_key_is_refused()
    {
        await using var scene = await ZepScene.StartAsync(options => options.ApiKey = "z_other");

        Assert.Equal(ZepFailure.Unauthorized, (await scene.Client.PingAsync(ZepScene.Stop)).Failure);
    }

    [Fact]
    public async Task a_call_is_given_up_after_its_time_and_by_its_caller_at_once()
    {
        await using var scene = await ZepScene.StartAsync(options => options.Timeout = TimeSpan.FromSeconds(7));
        scene.Fake.Mood = ZepMood.Hangs;

        var late = scene.Client.PingAsync(ZepScene.Stop);
        await scene.Fake.NextCallAsync();
        scene.Time.Advance(TimeSpan.FromSeconds(7));
        var answer = await late;
        Assert.Equal((ZepFailure.TimedOut, "no answer within 7 s"), (answer.Failure, answer.Detail));

        using var caller = new CancellationTokenSource();
        var given = scene.Client.PingAsync(caller.Token);
        await scene.Fake.NextCallAsync();
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
    }

    [Fact]
    public async Task a_server_that_is_not_there_is_not_reached()
    {
        await using var scene = await ZepScene.StartAsync();
        await scene.Fake.DisposeAsync();

        Assert.Equal(ZepFailure.Unreachable, (await scene.Client.PingAsync(ZepScene.Stop)).Failure);
    }

    [Fact]
    public async Task no_more_than_what_Zep_takes_is_sent()
    {
        await using var scene = await ZepScene.StartWithUserAsync();

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => scene.AddAsync([.. Enumerable.Repeat(scene.Message("tea"), ZepLimits.Messages + 1)]));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => scene.AddAsync());
        Assert.Equal(ZepFailure.Refused, (await scene.AddAsync(scene.Message(new string('x', 5_000)))).Failure);
        Assert.Equal(ZepFailure.Refused, (await scene.SearchAsync("tea", limit: 51)).Failure);
    }
}
