using Actors.Sessions;

namespace Actors.Grains.Tests.Sessions;

public class SessionRulesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<NewMemory, string> Refused => new()
    {
        { new NewMemory(""), "content_length" },
        { new NewMemory(" \n"), "content_length" },
        { new NewMemory(new string('x', NewMemory.MaxContentLength + 1)), "content_length" },
        { new NewMemory("a\0b"), "text_not_storable" },
        { new NewMemory("half a pair: \ud83d"), "text_not_storable" },
        { new NewMemory("x", Speaker: "\udc00"), "text_not_storable" },
        { new NewMemory("x", Salience: 1.1), "salience_range" },
        { new NewMemory("x", Salience: double.NaN), "salience_range" },
        { new NewMemory("x", Scope: MemoryScope.Run), "run_scope_needs_run_id" },
        { new NewMemory("x", OccurredAt: Noon, ExpiresAt: Noon), "expires_before_it_occurred" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void a_memory_that_breaks_a_rule_is_refused_by_its_code(NewMemory memory, string code)
    {
        var refusal = Assert.Throws<MemoryRefusedException>(() => SessionRules.Check(new RememberRequest([new("good"), memory])));
        Assert.Equal(code, refusal.Code);
    }

    [Fact]
    public void a_request_holds_1_to_1000_memories()
    {
        SessionRules.Check(new RememberRequest([.. Enumerable.Repeat(new NewMemory("x 😀"), 1_000)]));
        Assert.Throws<MemoryRefusedException>(() => SessionRules.Check(new RememberRequest([])));
        Assert.Throws<MemoryRefusedException>(() => SessionRules.Check(new RememberRequest([.. Enumerable.Repeat(new NewMemory("x"), 1_001)])));
    }

    [Fact]
    public void transaction_times_never_go_back_and_never_repeat()
    {
        Assert.Equal(Noon, SessionRules.NextTime(Noon, null));
        Assert.Equal(Noon, SessionRules.NextTime(Noon.AddTicks(9), Noon.AddSeconds(-1)));
        Assert.Equal(Noon.AddMicroseconds(1), SessionRules.NextTime(Noon, Noon));
        Assert.Equal(Noon.AddMicroseconds(1), SessionRules.NextTime(Noon.AddHours(-1), Noon));
    }

    [Fact]
    public void a_memory_gets_the_defaults_of_the_contract()
    {
        var record = SessionRules.ToRecord(new NewMemory("We met"), "7", Noon);
        Assert.Equal(
            new EventRecord(record.Id, "7", "We met", MemoryType.Event, MemoryScope.User, 0.3, "{}", null, null, null, Noon, Noon, null, null),
            record);
        Assert.Equal(7, record.Id.Version);
    }

    [Fact]
    public void session_scope_ends_24_hours_after_creation_unless_expires_at_says_otherwise()
    {
        Assert.Equal(Noon.AddHours(24), SessionRules.ToRecord(new NewMemory("x", Scope: MemoryScope.Session), "1", Noon).ExpiresAt);
        Assert.Equal(Noon.AddHours(1), SessionRules.ToRecord(new NewMemory("x", Scope: MemoryScope.Session, ExpiresAt: Noon.AddHours(1)), "1", Noon).ExpiresAt);
        Assert.Null(SessionRules.ToRecord(new NewMemory("x"), "1", Noon).ExpiresAt);
    }

    [Fact]
    public void a_memory_cannot_end_before_it_begins()
    {
        var future = new NewMemory("x", Scope: MemoryScope.Session, OccurredAt: Noon.AddDays(2));
        Assert.Throws<MemoryRefusedException>(() => SessionRules.ToRecord(future, "1", Noon));
    }

    [Theory]
    [InlineData("ok", MemoryType.Event, 0.3)]
    [InlineData("How was your weekend at the lake?", MemoryType.Event, 0.3)]
    [InlineData("We walked around the lake", MemoryType.Event, 0.5)]
    [InlineData("She always wants window seats", MemoryType.Event, 0.7)]
    [InlineData("The talks went better than last time", MemoryType.Reflection, 0.6)]
    [InlineData("We take the offer", MemoryType.Decision, 0.7)]
    [InlineData("We must take the offer", MemoryType.Decision, 0.9)]
    public void salience_is_estimated_by_the_stated_rules(string content, MemoryType type, double salience) =>
        Assert.Equal(salience, SalienceRules.Estimate(new NewMemory(content, type)));
}
