using Actors.Caching;
using Actors.Sessions;

namespace Actors.Grains.Tests.Caching;

public class CacheKeysTests
{
    [Fact]
    public void all_kinds_of_entries_are_known_to_what_removes_a_client() => Assert.Equal(
        [(CacheScene.Answers.Name, CacheScene.Answers.PartLength), (CachedMemories.Events.Name, CachedMemories.Events.PartLength)], CacheKeys.Kinds);

    [Theory]
    [InlineData("")]
    [InlineData("What of the kettle? \ud83e\uded6")]
    public void the_last_part_of_a_key_is_always_as_long(string question)
    {
        Assert.Matches("^recall:a:b:[0-9a-f]{32}$", CacheScene.Answers.KeyOf("a:b", question));
        Assert.Equal($"event:a:{Guid.Empty}", CachedMemories.Events.KeyOf("a", Guid.Empty.ToString()));
    }

    [Fact]
    public void what_a_pattern_would_read_as_more_than_itself_is_escaped() =>
        Assert.StartsWith(@"recall:\*\[a\]\?\\:", CacheKeys.PatternsOf(@"*[a]?\").First(), StringComparison.Ordinal);
}
