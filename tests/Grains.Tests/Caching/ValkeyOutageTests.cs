using Actors.Caching;
using Actors.Sessions;

namespace Actors.Grains.Tests.Caching;

/// <summary>A Valkey that is down, stands still, or is full.</summary>
public sealed class ValkeyOutageTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task who_asks_a_server_that_stands_still_waits_as_long_as_the_budget_and_no_longer()
    {
        await using var scene = await CacheScene.StartAsync();
        var memory = CacheScene.Event();
        Assert.True(await scene.StoreAsync(memory));
        scene.Server.Pause();

        var finding = scene.FindAsync(memory).AsTask();
        scene.Time.Advance(scene.Options.Budget - TimeSpan.FromMilliseconds(1));
        Assert.False(finding.IsCompleted);
        scene.Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Null(await finding);
        scene.Server.Resume();
    }

    [Fact]
    public async Task after_three_failures_nobody_waits_until_it_answers_again()
    {
        await using var scene = await CacheScene.StartAsync();
        var memory = CacheScene.Event();
        await scene.StoreAsync(memory);
        scene.Server.Pause();
        for (var i = 0; i < 3; i++)
        {
            Assert.False(scene.Cache.IsFailing);
            var finding = scene.FindAsync(memory).AsTask();
            scene.Time.Advance(scene.Options.Budget);
            Assert.Null(await finding);
        }

        // The clock stands still: who waited now would wait for ever.
        Assert.True(scene.Cache.IsFailing);
        Assert.Null(await scene.FindAsync(memory));
        Assert.False(await scene.StoreAsync(memory));
        await Assert.ThrowsAsync<CacheUnavailableException>(() => scene.Cache.RemoveClientAsync("1", Stop));

        scene.Server.Resume();
        await scene.LookUntilAsync(() => !scene.Cache.IsFailing);
        Assert.Equal(memory, await scene.FindAsync(memory));
        Assert.True(await scene.StoreAsync(memory));
    }

    [Fact]
    public async Task that_it_stands_still_is_noticed_without_requests()
    {
        await using var scene = await CacheScene.StartAsync();
        scene.Server.Pause();
        await scene.LookUntilAsync(() => scene.Cache.IsFailing);

        scene.Server.Resume();
        await scene.LookUntilAsync(() => !scene.Cache.IsFailing);
    }

    [Fact]
    public async Task a_server_that_stood_still_for_long_gets_a_new_connection()
    {
        await using var scene = await CacheScene.StartAsync();
        scene.Server.Pause();
        await scene.LookUntilAsync(() => !scene.Connection.MayAsk && scene.Connection.IsFailing);
        var looks = 0;
        await scene.LookUntilAsync(() => ++looks > 8);
        scene.Server.Resume();

        await scene.LookUntilAsync(() => !scene.Cache.IsFailing);
        Assert.True(await scene.StoreAsync(CacheScene.Event()));
    }

    [Fact]
    public async Task a_server_that_was_killed_is_known_to_fail_at_once_and_is_used_again_when_it_is_back()
    {
        await using var scene = await CacheScene.StartAsync();
        var memory = CacheScene.Event();
        await scene.StoreAsync(memory);
        await scene.Server.KillAsync();
        await scene.LookUntilAsync(() => scene.Cache.IsFailing);
        Assert.Null(await scene.FindAsync(memory));

        await scene.Server.StartAgainAsync();
        await scene.LookUntilAsync(() => !scene.Cache.IsFailing);
        Assert.Null(await scene.FindAsync(memory));
        Assert.True(await scene.StoreAsync(memory));
    }

    [Fact]
    public async Task a_server_that_is_not_there_at_the_start_is_used_when_it_comes()
    {
        await using var scene = await CacheScene.StartAsync();
        await scene.Server.KillAsync();
        await scene.LookUntilAsync(() => scene.Cache.IsFailing);

        await scene.Server.StartAgainAsync();
        await scene.LookUntilAsync(() => !scene.Cache.IsFailing);
        Assert.True(await scene.StoreAsync(CacheScene.Event()));
    }

    [Fact]
    public async Task a_full_server_stores_nothing_and_is_read_all_the_same()
    {
        await using var scene = await CacheScene.StartAsync(null, "--maxmemory", "50mb", "--maxmemory-policy", "noeviction");
        var memory = CacheScene.Event();
        await scene.StoreAsync(memory);
        await scene.Server.FillAsync();

        Assert.False(await scene.StoreAsync(CacheScene.Event(content: new string('x', 100_000))));

        Assert.True(scene.Cache.IsFailing);
        Assert.Equal(memory, await scene.FindAsync(memory));
        Assert.Equal(1, await scene.Cache.RemoveClientAsync("1", Stop));
        await scene.Server.CommandAsync("flushall");
        await scene.LookUntilAsync(() => !scene.Cache.IsFailing);
        Assert.True(await scene.StoreAsync(memory));
    }

    [Fact]
    public async Task a_full_server_that_makes_room_for_what_is_new_does_not_fail()
    {
        await using var scene = await CacheScene.StartAsync(null, "--maxmemory", "50mb", "--maxmemory-policy", "allkeys-lru");
        await scene.Server.FillAsync();

        var memory = CacheScene.Event(content: new string('x', 100_000));
        Assert.True(await scene.StoreAsync(memory));

        Assert.False(scene.Cache.IsFailing);
        Assert.Equal(memory, await scene.FindAsync(memory));
    }

    [Fact]
    public async Task a_missing_password_is_a_failure()
    {
        await using var scene = await CacheScene.StartAsync(null, "--requirepass", "secret");
        await scene.LookUntilAsync(() => scene.Cache.IsFailing);

        Assert.Null(await scene.FindAsync(CacheScene.Event()));
    }
}
