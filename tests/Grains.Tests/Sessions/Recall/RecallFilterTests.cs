using Actors.Sessions;
using Actors.Sessions.Recall;

namespace Actors.Grains.Tests.Sessions.Recall;

public class RecallFilterTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly EventRecord Memory = SessionRules.ToRecord(
        new NewMemory(
            "x",
            MemoryType.Decision,
            MemoryScope.Project,
            MetadataJson: """{"topic":"tax","year":2026,"open":true,"note":null,"tags":["a"]}""",
            ConversationId: "c1",
            Speaker: "Ada",
            OccurredAt: Noon.AddDays(-2),
            ExpiresAt: Noon.AddDays(1)),
        "1",
        Noon.AddDays(-1));

    [Fact]
    public void without_filters_what_has_not_expired_is_admitted()
    {
        Assert.True(Admits(r => r));
        Assert.True(Admits(r => r, now: Noon.AddDays(1).AddMicroseconds(-1)));
        Assert.False(Admits(r => r, now: Noon.AddDays(1)));
    }

    [Fact]
    public void as_of_sees_what_was_valid_then()
    {
        Assert.False(Admits(r => r with { AsOf = Noon.AddDays(-2).AddMicroseconds(-1) }));
        Assert.True(Admits(r => r with { AsOf = Noon.AddDays(-2) }));
        Assert.True(Admits(r => r with { AsOf = Noon }, now: Noon.AddDays(30)));
        Assert.False(Admits(r => r with { AsOf = Noon.AddDays(1) }));
    }

    [Fact]
    public void known_at_sees_what_was_stored_by_then()
    {
        Assert.False(Admits(r => r with { KnownAt = Noon.AddDays(-1).AddMicroseconds(-1) }));
        Assert.True(Admits(r => r with { KnownAt = Noon.AddDays(-1) }));
    }

    [Fact]
    public void an_event_announced_for_later_is_admitted_unless_as_of_asks_for_now()
    {
        var later = SessionRules.ToRecord(new NewMemory("x", OccurredAt: Noon.AddDays(3)), "1", Noon);
        Assert.True(new RecallFilter(RecallRequest.For("x"), Noon).Admits(later));
        Assert.False(new RecallFilter(RecallRequest.For("x") with { AsOf = Noon }, Noon).Admits(later));
    }

    [Fact]
    public void each_filter_admits_what_it_names_and_nothing_else()
    {
        Assert.True(Admits(r => r with { Scopes = [MemoryScope.User, MemoryScope.Project] }));
        Assert.False(Admits(r => r with { Scopes = [MemoryScope.User] }));
        Assert.True(Admits(r => r with { Kind = MemoryKind.Decision }));
        Assert.False(Admits(r => r with { Kind = MemoryKind.Event }));
        Assert.False(Admits(r => r with { Kind = MemoryKind.Fact }));
        Assert.True(Admits(r => r with { ConversationId = "c1" }));
        Assert.False(Admits(r => r with { ConversationId = "C1" }));
        Assert.True(Admits(r => r with { Speaker = "ADA" }));
        Assert.False(Admits(r => r with { Speaker = "Ad" }));
        Assert.True(Admits(r => r with { From = Noon.AddDays(-2), To = Noon.AddDays(-1) }));
        Assert.False(Admits(r => r with { From = Noon.AddDays(-2).AddMicroseconds(1) }));
        Assert.False(Admits(r => r with { To = Noon.AddDays(-2) }));
    }

    [Theory]
    [InlineData("topic", "tax", true)]
    [InlineData("topic", "Tax", false)]
    [InlineData("year", "2026", true)]
    [InlineData("open", "true", true)]
    [InlineData("note", "null", true)]
    [InlineData("tags", "a", false)]
    [InlineData("missing", "", false)]
    public void metadata_is_compared_by_name_and_plain_value(string name, string value, bool admitted) =>
        Assert.Equal(admitted, Admits(r => r with { Metadata = [new MetadataFilter(name, value)] }));

    private static bool Admits(Func<RecallRequest, RecallRequest> change, DateTimeOffset? now = null) =>
        new RecallFilter(change(RecallRequest.For("x")), now ?? Noon).Admits(Memory);
}
