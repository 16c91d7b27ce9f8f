using Actors.Facts;
using Actors.Promotion;
using Actors.Sessions;

namespace Actors.Api.Tests.Sessions;

/// <summary>Lines of context that come back as memories are known as such, whatever they are lines of.</summary>
public class ContextLineTests
{
    private static readonly DateTimeOffset Time = new(2026, 11, 26, 9, 30, 0, TimeSpan.Zero);

    public static TheoryData<string> Hits => ["memory", "memory of a speaker", "fact", "ended fact", "zep", "dated zep", "ended zep"];

    [Theory]
    [MemberData(nameof(Hits))]
    public void every_line_of_context_is_blanked(string kind)
    {
        var context = new ContextText(1_000);
        Assert.True(context.TryAdd(Hit(kind)));
        Assert.True(context.TryAdd(Hit(kind)));

        Assert.Equal("Before.\nAfter.", string.Join('\n', RecalledText.Blanked($"Before.\n{context}After.").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)));
    }

    private static RecallHit Hit(string kind) => kind switch
    {
        "memory" or "memory of a speaker" => Hit(new EventRecord(
            Guid.NewGuid(), "c", "Noted. I prefer tea.", MemoryType.Event, MemoryScope.User, 0.8, "{}", null, kind == "memory" ? null : "Ada", null, Time, Time, null, null)),
        "fact" or "ended fact" => Hit(null, new FactRecord(
            Guid.NewGuid(), new FactSubject("c", "user", "Ada"), "preference", "Prefers tea (green).", 0.8, null, null, Time, kind == "fact" ? null : Time.AddDays(1), "{}", null, null, Time, Time, null)),
        _ => Hit(null, null, new ZepMemory(
            "e1f0_x-9", "Ada prefers tea.", Time, kind == "zep" ? null : Time, kind == "ended zep" ? Time.AddDays(1) : null)),
    };

    private static RecallHit Hit(EventRecord? memory, FactRecord? fact = null, ZepMemory? zep = null) => new(memory, fact, 1, [], 1, default, zep);
}
