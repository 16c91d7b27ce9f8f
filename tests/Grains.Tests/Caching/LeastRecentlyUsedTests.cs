using Actors.Caching;

namespace Actors.Grains.Tests.Caching;

public class LeastRecentlyUsedTests
{
    [Fact]
    public void what_was_not_used_for_the_longest_goes_first()
    {
        var cache = new LeastRecentlyUsed<int>(room: 2, static (_, _) => 1);
        cache.Put("a", 1);
        cache.Put("b", 2);
        Assert.True(cache.TryGet("a", out _));
        cache.Put("c", 3);
        cache.Put("c", 4);

        Assert.Equal("a:1 c:4", Contents(cache));
    }

    [Fact]
    public void room_is_counted_in_sizes_and_given_back()
    {
        var cache = new LeastRecentlyUsed<int>(room: 10, static (key, value) => key.Length + value);
        cache.Put("a", 4);
        cache.Put("b", 4);
        Assert.Equal("a:4 b:4", Contents(cache));
        cache.Put("c", 6);
        Assert.Equal("c:6", Contents(cache));
        cache.Remove("c");
        cache.Put("a", 9);
        Assert.Equal("a:9", Contents(cache));
    }

    [Fact]
    public void what_is_larger_than_the_room_is_not_kept_and_replaces_nothing_but_its_own()
    {
        var cache = new LeastRecentlyUsed<int>(room: 10, static (_, value) => value);
        cache.Put("a", 5);
        cache.Put("b", 5);
        cache.Put("b", 11);

        Assert.Equal("a:5", Contents(cache));
        cache.Clear();
        cache.Put("b", 10);
        Assert.Equal("b:10", Contents(cache));
    }

    [Fact]
    public void without_room_nothing_is_kept()
    {
        var cache = new LeastRecentlyUsed<int>(room: 0, static (_, _) => 1);
        cache.Put("a", 1);
        Assert.Equal("", Contents(cache));
    }

    private static string Contents(LeastRecentlyUsed<int> cache) =>
        string.Join(' ', new[] { "a", "b", "c" }.Select(key => cache.TryGet(key, out var value) ? $"{key}:{value}" : "").Where(text => text.Length > 0));
}
