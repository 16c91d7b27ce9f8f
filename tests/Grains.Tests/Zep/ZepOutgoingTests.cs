using Actors.Facts;
using Actors.Sessions;
using Actors.Zep;

namespace Actors.Grains.Tests.Zep;

/// <summary>What Zep is to have of a memory.</summary>
public sealed class ZepOutgoingTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0.69, null, false)]
    [InlineData(0.7, null, true)]
    [InlineData(0.9, 1, true)]
    [InlineData(0.9, 0, false)]
    public void important_events_are_wanted_until_they_expire(double salience, int? expiresInSeconds, bool isWanted)
    {
        var memory = Event("a") with { Salience = salience, ExpiresAt = expiresInSeconds is { } seconds ? Now.AddSeconds(seconds) : null };
        Assert.Equal(isWanted, ZepOutgoing.IsWanted(memory, Now));
        Assert.False(ZepOutgoing.IsWanted(null, Now));
    }

    [Fact]
    public void a_hash_tells_what_was_sent_and_nothing_else()
    {
        var memory = Event("a");
        Assert.Equal(ZepOutgoing.HashOf(memory), ZepOutgoing.HashOf(memory with { Salience = 1, MetadataJson = """{"a":1}""" }));
        Guid[] hashes =
        [
            ZepOutgoing.HashOf(memory), ZepOutgoing.HashOf(memory with { Content = "b" }), ZepOutgoing.HashOf(memory with { Speaker = "a" }),
            ZepOutgoing.HashOf(memory with { Content = "", Speaker = "a" }), ZepOutgoing.HashOf(memory with { Speaker = "" }), ZepOutgoing.HashOf(memory with { OccurredAt = Now.AddTicks(10) }),
        ];
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    [Theory]
    [InlineData("{}", "Ada works for Acme")]
    [InlineData("""{"relations":[{"relation":"works_for","subject_type":"company","subject_id":"Acme"},{"subject_id":"Bolt"}]}""", "Acme")]
    [InlineData("""{"relations":[]}""", "Ada works for Acme")]
    [InlineData("""{"relations":"none"}""", "Ada works for Acme")]
    [InlineData("""{"relations":[{"subject_id":7}]}""", "Ada works for Acme")]
    public void a_fact_leads_to_the_first_entity_it_is_related_to(string metadata, string target)
    {
        var fact = new FactRecord(
            Guid.NewGuid(), new FactSubject("1", "user", "Ada"), "works for", "Ada works for Acme", 0.7, null, null, Now, null, metadata, null, null, Now, Now, null);
        var triple = ZepOutgoing.Triple(fact, fact.Id);
        Assert.Equal(("user Ada", "WORKS_FOR", target), (triple.Source, triple.Name, triple.Target));
    }

    private static EventRecord Event(string content) => new(
        Guid.NewGuid(), "1", content, MemoryType.Event, MemoryScope.User, 0.9, "{}", null, null, null, Now, Now, null, null);
}
