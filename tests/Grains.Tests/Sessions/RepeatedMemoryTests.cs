using Actors.Idempotency;
using Actors.Sessions;
using Actors.Support;

namespace Actors.Grains.Tests.Sessions;

public class RepeatedMemoryTests(SessionFixture fixture) : IClassFixture<SessionFixture>
{
    private static readonly NewMemory Memory = new(
        "Ada prefers tea", ConversationId: "c", Speaker: "ada", MetadataJson: """{"a": 1e2, "b": [true]}""");

    [Fact]
    public async Task an_exact_repeat_is_stored_once_whatever_its_white_space_and_form()
    {
        var session = fixture.Session(fixture.NewClient());
        var first = await session.RememberAsync(Memory);
        var again = await RememberAsync(session, Memory with { Content = "  Ada  prefers\ntea", MetadataJson = """{"b":[true],"a":100}""" });
        Assert.Equal((first.Id, true), (again.Memories[0].Id, again.IsRepeat[0]));
        Assert.Single(await session.RecallAsync("tea"));
    }

    [Fact]
    public async Task what_differs_in_anything_is_no_repeat()
    {
        var session = fixture.Session(fixture.NewClient());
        await session.RememberAsync(Memory);
        NewMemory[] others =
        [
            Memory with { Content = "ada prefers tea" },
            Memory with { ConversationId = "d" },
            Memory with { Speaker = null },
            Memory with { OccurredAt = TimeProvider.System.GetUtcNow() },
            Memory with { MetadataJson = """{"a":100,"b":[false]}""" },
            Memory with { Type = MemoryType.Decision },
        ];
        foreach (var other in others)
        {
            Assert.False((await RememberAsync(session, other)).IsRepeat[0]);
        }
    }

    [Fact]
    public async Task repeats_in_one_batch_and_in_parallel_are_stored_once()
    {
        var session = fixture.Session(fixture.NewClient());
        var batch = await RememberAsync(session, Memory, Memory with { Content = "other" }, Memory);
        Assert.Equal([false, false, true], batch.IsRepeat);
        Assert.Equal(batch.Memories[0].Id, batch.Memories[2].Id);
        var parallel = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => RememberAsync(session, Memory with { Speaker = "bob" })));
        Assert.Single(parallel, answer => !answer.IsRepeat[0]);
        Assert.Single(parallel.Select(answer => answer.Memories[0].Id).Distinct());
    }

    [Fact]
    public async Task a_forgotten_memory_is_not_repeated_but_stored_again()
    {
        var session = fixture.Session(fixture.NewClient());
        var first = await session.RememberAsync(Memory);
        Assert.True(await session.ForgetAsync(first.Id, TestContext.Current.CancellationToken));
        Assert.False((await RememberAsync(session, Memory)).IsRepeat[0]);
    }

    [Fact]
    public async Task a_repeat_is_recognised_for_60_seconds_after_a_restart_too()
    {
        var time = new ManualTimeProvider(TimeProvider.System.GetUtcNow());
        await using var database = await TestPostgres.CreateAsync();
        await using (var host = await GrainHost.StartAsync(database, time))
        {
            await host.Grains.GetGrain<ISessionGrain>(SessionKey.Of("1")).RememberAsync(Memory);
        }

        time.Advance(TimeSpan.FromSeconds(59));
        await using var restarted = await GrainHost.StartAsync(database, time);
        var session = restarted.Grains.GetGrain<ISessionGrain>(SessionKey.Of("1"));
        Assert.True((await RememberAsync(session, Memory)).IsRepeat[0]);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.False((await RememberAsync(session, Memory)).IsRepeat[0]);
    }

    [Fact]
    public async Task with_an_idempotency_key_the_key_alone_says_what_is_a_repeat()
    {
        var session = fixture.Session(fixture.NewClient());
        await session.RememberAsync(Memory);
        var key = new IdempotencyKey(Guid.NewGuid(), "/remember", "k", [.. new byte[32]]);
        var keyed = await session.RememberAsync(new RememberRequest([Memory], key), TestContext.Current.CancellationToken);
        Assert.False(keyed.IsRepeat[0]);
        await Assert.ThrowsAsync<AlreadyAnsweredException>(
            () => session.RememberAsync(new RememberRequest([Memory with { Content = "else" }], key), TestContext.Current.CancellationToken));
        Assert.Equal(2, (await session.RecallAsync("tea")).Length);
    }

    private static Task<RememberAnswer> RememberAsync(ISessionGrain session, params NewMemory[] memories) =>
        session.RememberAsync(new RememberRequest([.. memories]), TestContext.Current.CancellationToken);
}
