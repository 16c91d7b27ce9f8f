using System.Diagnostics.Metrics;
using Actors.Caching;
using Actors.Sessions;
using Actors.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Actors.Grains.Tests.Caching;

/// <summary>The cache of a process without Valkey behaves as one with.</summary>
public sealed class ProcessCacheTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task what_is_kept_is_found_until_its_time_is_over()
    {
        var cache = Create();
        var answer = CacheScene.Answer();
        cache.Keep(CacheScene.Answers, "1", "q", answer);

        _time.Advance(TimeSpan.FromSeconds(3_599));
        Assert.Same(answer, await cache.FindAsync(CacheScene.Answers, "1", "q", Stop));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await cache.FindAsync(CacheScene.Answers, "1", "q", Stop));
    }

    [Fact]
    public async Task nothing_that_it_stores_is_in_valkey()
    {
        var cache = Create();
        var memory = CacheScene.Event();

        Assert.Empty(await cache.StoreAsync(CachedMemories.Events, "1", [("e", memory)]));
        Assert.Same(memory, await cache.FindAsync(CachedMemories.Events, "1", "e", Stop));
        Assert.False(cache.IsFailing);
    }

    [Fact]
    public async Task removing_a_client_leaves_the_others()
    {
        var cache = Create();
        foreach (var client in (string[])["a", "a:b", "a:5"])
        {
            cache.Keep(CacheScene.Answers, client, "5:kettle", CacheScene.Answer(client));
            cache.Keep(CachedMemories.Events, client, "e", CacheScene.Event(client));
        }

        Assert.Equal(2, await cache.RemoveClientAsync("a", Stop));
        Assert.Null(await cache.FindAsync(CacheScene.Answers, "a", "5:kettle", Stop));
        Assert.NotNull(await cache.FindAsync(CacheScene.Answers, "a:b", "5:kettle", Stop));
        Assert.NotNull(await cache.FindAsync(CachedMemories.Events, "a:5", "e", Stop));
    }

    [Fact]
    public async Task forgetting_one_client_leaves_the_others_and_forgetting_all_leaves_none()
    {
        var cache = Create();
        cache.Keep(CacheScene.Answers, "a", "q", CacheScene.Answer("a"));
        cache.Keep(CacheScene.Answers, "a:b", "q", CacheScene.Answer("a:b"));

        cache.Forget("a");
        Assert.Null(await cache.FindAsync(CacheScene.Answers, "a", "q", Stop));
        Assert.NotNull(await cache.FindAsync(CacheScene.Answers, "a:b", "q", Stop));

        cache.Forget(null);
        Assert.Null(await cache.FindAsync(CacheScene.Answers, "a:b", "q", Stop));
    }

    [Fact]
    public async Task names_of_one_client_are_not_read_as_those_of_another()
    {
        var cache = Create();
        cache.Keep(CacheScene.Answers, "a:5", "3:abc", CacheScene.Answer("a:5"));

        Assert.Null(await cache.FindAsync(CacheScene.Answers, "a", "5:3:abc", Stop));
    }

    [Fact]
    public async Task when_it_is_full_what_was_not_asked_for_the_longest_goes()
    {
        var cache = Create(new ValkeyOptions { MaxBytes = 100_000, MaxEntryBytes = 60_000 });
        foreach (var name in (string[])["first", "second", "third"])
        {
            cache.Keep(CachedMemories.Events, "1", name, CacheScene.Event(content: new string('x', 20_000)));
        }

        cache.Keep(CachedMemories.Events, "1", "large", CacheScene.Event(content: new string('x', 40_000)));

        Assert.Null(await cache.FindAsync(CachedMemories.Events, "1", "first", Stop));
        Assert.NotNull(await cache.FindAsync(CachedMemories.Events, "1", "second", Stop));
        Assert.NotNull(await cache.FindAsync(CachedMemories.Events, "1", "third", Stop));
        Assert.Null(await cache.FindAsync(CachedMemories.Events, "1", "large", Stop));
    }

    private ProcessCache Create(ValkeyOptions? options = null) =>
        new(Options.Create(options ?? new ValkeyOptions()), _time, new CacheMetrics(_services.GetRequiredService<IMeterFactory>()));
}
