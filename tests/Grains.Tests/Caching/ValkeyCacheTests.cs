using Actors.Caching;
using Actors.Sessions;

namespace Actors.Grains.Tests.Caching;

/// <summary>What is kept in a real server, and how.</summary>
public sealed class ValkeyCacheTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task an_answer_comes_back_as_it_was()
    {
        await using var scene = await CacheScene.StartAsync();
        scene.Send();
        var answer = CacheScene.Answer();
        scene.Cache.Keep(CacheScene.Answers, "1", "question", answer);
        await scene.Server.HoldsAsync("recall:1:*", 1);

        var found = await scene.Cache.FindAsync(CacheScene.Answers, "1", "question", Stop);

        Assert.Equivalent(answer, found, strict: true);
        Assert.Null(await scene.Cache.FindAsync(CacheScene.Answers, "1", "another", Stop));
        Assert.Null(await scene.Cache.FindAsync(CacheScene.Answers, "2", "question", Stop));
    }

    [Theory]
    [InlineData("a", "a:b")]
    [InlineData("a", "a:a")]
    [InlineData("a", "a:0123456789abcdef0123456789abcdef")]
    [InlineData("a:b", "a")]
    [InlineData("a", "A")]
    [InlineData("a.b", "a-b")]
    public async Task removing_a_client_removes_all_of_it_and_nothing_of_another(string client, string other)
    {
        await using var scene = await CacheScene.StartAsync();
        scene.Send();
        var (own, foreign) = (CacheScene.Event(client), CacheScene.Event(other));
        Assert.True(await scene.StoreAsync(own));
        Assert.True(await scene.StoreAsync(foreign));
        scene.Cache.Keep(CacheScene.Answers, client, "q", CacheScene.Answer(client));
        scene.Cache.Keep(CacheScene.Answers, other, "q", CacheScene.Answer(other));
        await scene.Server.HoldsAsync("recall:*", 2);

        Assert.Equal(2, await scene.Cache.RemoveClientAsync(client, Stop));

        Assert.Null(await scene.FindAsync(own));
        Assert.Null(await scene.Cache.FindAsync(CacheScene.Answers, client, "q", Stop));
        Assert.NotNull(await scene.FindAsync(foreign));
        Assert.NotNull(await scene.Cache.FindAsync(CacheScene.Answers, other, "q", Stop));
        Assert.Equal(0, await scene.Cache.RemoveClientAsync(client, Stop));
    }

    [Fact]
    public async Task thousands_of_keys_are_removed()
    {
        await using var scene = await CacheScene.StartAsync();
        await scene.Server.CommandAsync("eval", "for i = 1, 5000 do redis.call('set', string.format('event:1:%036d', i), 'x') end", "0");

        Assert.Equal(5_000, await scene.Cache.RemoveClientAsync("1", Stop));
    }

    [Fact]
    public async Task what_waits_is_not_sent_when_another_process_erased_its_client()
    {
        await using var scene = await CacheScene.StartAsync();
        scene.Cache.Keep(CacheScene.Answers, "1", "q", CacheScene.Answer());
        scene.Cache.Keep(CacheScene.Answers, "2", "q", CacheScene.Answer("2"));
        scene.Cache.Forget("1");
        scene.Send();
        await scene.Server.HoldsAsync("recall:*", 1);

        Assert.Null(await scene.Cache.FindAsync(CacheScene.Answers, "1", "q", Stop));
        Assert.NotNull(await scene.Cache.FindAsync(CacheScene.Answers, "2", "q", Stop));
    }

    [Fact]
    public async Task what_waits_is_not_sent_when_its_client_was_removed()
    {
        await using var scene = await CacheScene.StartAsync();
        scene.Cache.Keep(CacheScene.Answers, "1", "before", CacheScene.Answer());
        scene.Cache.Keep(CacheScene.Answers, "2", "before", CacheScene.Answer("2"));
        await scene.Cache.RemoveClientAsync("1", Stop);
        scene.Cache.Keep(CacheScene.Answers, "1", "after", CacheScene.Answer());
        scene.Send();
        await scene.Server.HoldsAsync("recall:*", 2);

        Assert.Null(await scene.Cache.FindAsync(CacheScene.Answers, "1", "before", Stop));
        Assert.NotNull(await scene.Cache.FindAsync(CacheScene.Answers, "1", "after", Stop));
    }

    [Fact]
    public async Task when_too_many_wait_the_newest_is_dropped()
    {
        await using var scene = await CacheScene.StartAsync(options => options.MaxWaiting = 2);
        foreach (var question in (string[])["first", "second", "third"])
        {
            scene.Cache.Keep(CacheScene.Answers, "1", question, CacheScene.Answer());
        }

        scene.Send();
        await scene.Server.HoldsAsync("recall:*", 2);
        Assert.NotNull(await scene.Cache.FindAsync(CacheScene.Answers, "1", "second", Stop));
        Assert.Null(await scene.Cache.FindAsync(CacheScene.Answers, "1", "third", Stop));
    }

    [Fact]
    public async Task what_is_too_large_is_not_kept_and_the_rest_of_its_batch_is()
    {
        await using var scene = await CacheScene.StartAsync(options => options.MaxEntryBytes = 10_000);
        var (small, large) = (CacheScene.Event(), CacheScene.Event(content: new string('x', 10_000)));

        var stored = await scene.Cache.StoreAsync(CachedMemories.Events, "1", [(large.Event.Id.ToString(), large), (small.Event.Id.ToString(), small)]);

        Assert.Equal([false, true], stored);
        Assert.False(scene.Cache.IsFailing);
    }
}
