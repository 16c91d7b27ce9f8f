using Actors.Facts;
using Actors.Grains.Tests.Facts;
using Actors.Sessions;
using Actors.Storage;
using Actors.Support;
using Npgsql;

namespace Actors.Grains.Tests.Sessions;

public class SessionLimitTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_memory_of_session_scope_leaves_recall_the_moment_it_expires()
    {
        await using var database = await TestPostgres.CreateAsync();
        var clock = new ManualTimeProvider(new DateTimeOffset(2026, 5, 1, 8, 0, 0, TimeSpan.Zero));
        await using var host = await GrainHost.StartAsync(database, clock);
        var session = host.Grains.GetGrain<ISessionGrain>("client_1");
        var memory = await session.RememberAsync(new NewMemory("The door code is blue", Scope: MemoryScope.Session));

        clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromTicks(10));
        Assert.Equal([memory.Content], await session.RecallAsync("door code"));
        clock.Advance(TimeSpan.FromTicks(10));
        Assert.Empty(await session.RecallAsync("door code"));
        Assert.Equal(memory, await session.GetEventAsync(memory.Id, Cancelled));
    }

    [Fact]
    public async Task times_move_forward_when_the_clock_goes_back()
    {
        await using var database = await TestPostgres.CreateAsync();
        var start = new DateTimeOffset(2026, 5, 1, 8, 0, 0, TimeSpan.Zero);
        await using (var host = await GrainHost.StartAsync(database, new ManualTimeProvider(start)))
        {
            await host.Grains.GetGrain<ISessionGrain>("client_1").RememberAsync("first");
        }

        await using (var host = await GrainHost.StartAsync(database, new ManualTimeProvider(start.AddHours(-3))))
        {
            var second = await host.Grains.GetGrain<ISessionGrain>("client_1").RememberAsync("second");
            Assert.Equal(start.AddMicroseconds(1), second.CreatedAt);
        }
    }

    [Fact]
    public async Task a_memory_of_run_scope_ends_with_its_run()
    {
        await using var database = await TestPostgres.CreateAsync();
        var run = Guid.Parse(await database.PsqlAsync("insert into execution_runs (client_id) values ('1') returning id"));
        var clock = new ManualTimeProvider(new DateTimeOffset(2026, 5, 1, 8, 0, 0, TimeSpan.Zero));
        await using var host = await GrainHost.StartAsync(database, clock);
        var session = host.Grains.GetGrain<ISessionGrain>("client_1");
        await session.RememberAsync(new NewMemory("Step two is slow", Scope: MemoryScope.Run, RunId: run));
        await database.PsqlAsync($"update execution_runs set status = 'completed', actual_hours = 1, ended_at = '2026-05-01T09:00Z' where id = '{run}'");
        await session.RememberAsync("any write");
        Assert.Single(await session.RecallAsync("slow step"));

        clock.Advance(TimeSpan.FromHours(1));

        Assert.Empty(await session.RecallAsync("slow step"));
        var late = await session.RememberAsync(new NewMemory("Step three is slow", Scope: MemoryScope.Run, RunId: run, OccurredAt: clock.GetUtcNow().AddHours(-2)));
        Assert.Equal(new DateTimeOffset(2026, 5, 1, 9, 0, 0, TimeSpan.Zero), late.ExpiresAt);
        Assert.Empty(await session.RecallAsync("slow step"));
    }

    [Fact]
    public async Task events_make_room_before_facts_do()
    {
        await using var database = await TestPostgres.CreateAsync();
        await using var host = await GrainHost.StartAsync(database, null, ("Sessions:MaxHotEvents", "3"));
        var session = host.Grains.GetGrain<ISessionGrain>(SessionKey.Of("1"));
        var subject = host.Grains.GetGrain<IFactSubjectGrain>(FactSubjectKey.Of(new FactSubject("1", "user", "1")));
        await subject.CreateAsync(FactCalls.Fact("likes note0"));
        await subject.CreateAsync(FactCalls.Fact("likes note1"));
        for (var i = 2; i < 5; i++)
        {
            await session.RememberAsync($"note{i}");
        }

        Assert.Equal(["likes note0", "likes note1", "note4"], (await session.RecallAsync("note0 note1 note2 note3 note4")).Order());
        await subject.CreateAsync(FactCalls.Fact("likes note5"));
        await session.RememberAsync("note6");
        Assert.Equal(["likes note1", "likes note5", "note6"], (await session.RecallAsync("note0 note1 note2 note3 note4 note5 note6")).Order());
    }

    [Fact]
    public async Task a_session_that_grows_beyond_the_limit_lets_its_oldest_events_go()
    {
        await using var database = await TestPostgres.CreateAsync();
        await using var host = await GrainHost.StartAsync(database, null, ("Sessions:MaxHotEvents", "3"));
        var session = host.Grains.GetGrain<ISessionGrain>("client_1");
        var oldest = await session.RememberAsync("note0");
        for (var i = 1; i < 5; i++)
        {
            await session.RememberAsync($"note{i}");
        }

        var answer = await session.RecallAsync(RecallRequest.For("note0 note1 note2 note3 note4"), Cancelled);
        Assert.Equal(["note4", "note3", "note2"], answer.Hits.Select(h => h.Memory.Content));
        Assert.Equal(["hot_index"], answer.Degraded);
        Assert.Equal(oldest, await session.GetEventAsync(oldest.Id, Cancelled));
    }

    [Fact]
    public async Task of_more_events_than_may_be_hot_the_newest_are_searched_and_the_answer_says_so()
    {
        await using var database = await TestPostgres.CreateAsync();
        EventRecord oldest;
        await using (var host = await GrainHost.StartAsync(database))
        {
            var session = host.Grains.GetGrain<ISessionGrain>("client_1");
            oldest = await session.RememberAsync("note0");
            for (var i = 1; i < 5; i++)
            {
                await session.RememberAsync($"note{i}");
            }

            Assert.Empty((await session.RecallAsync(RecallRequest.For("note4"), Cancelled)).Degraded);
        }

        await using (var host = await GrainHost.StartAsync(database, null, ("Sessions:MaxHotEvents", "4")))
        {
            var session = host.Grains.GetGrain<ISessionGrain>("client_1");
            var answer = await session.RecallAsync(RecallRequest.For("note0 note1 note4"), Cancelled);
            Assert.Equal(["note4", "note1"], answer.Hits.Select(h => h.Memory.Content));
            Assert.Equal(["hot_index"], answer.Degraded);
            Assert.Equal(oldest, await session.GetEventAsync(oldest.Id, Cancelled));
        }
    }

    [Fact]
    public async Task of_more_text_than_may_be_hot_the_newest_is_searched_and_the_answer_says_so()
    {
        await using var database = await TestPostgres.CreateAsync();
        var filler = new string('x', 250_000);
        async Task<RecallAnswer> AskAsync(ISessionGrain session) =>
            await session.RecallAsync(RecallRequest.For("note0 note1 note2 note3 note4 note5", 10), Cancelled);
        string[] newest = [$"note5 {filler}", $"note4 {filler}", $"note3 {filler}", $"note2 {filler}"];
        (string, string) limit = ("Sessions:MaxHotCharacters", "1048576");
        await using (var host = await GrainHost.StartAsync(database, null, limit))
        {
            var session = host.Grains.GetGrain<ISessionGrain>("client_1");
            for (var i = 0; i < 4; i++)
            {
                await session.RememberAsync($"note{i} {filler}");
            }

            Assert.Empty((await AskAsync(session)).Degraded);
            await session.RememberAsync($"note4 {filler}");
            await session.RememberAsync($"note5 {filler}");
            var answer = await AskAsync(session);
            Assert.Equal(newest, answer.Hits.Select(h => h.Memory.Content));
            Assert.Equal(["hot_index"], answer.Degraded);
        }

        await using (var host = await GrainHost.StartAsync(database, null, limit))
        {
            var session = host.Grains.GetGrain<ISessionGrain>("client_1");
            var answer = await AskAsync(session);
            Assert.Equal(newest, answer.Hits.Select(h => h.Memory.Content));
            Assert.Equal(["hot_index"], answer.Degraded);

            // One that alone is more than the limit has room all the same.
            var metadata = $$"""{"log": "{{new string('y', 1_000_000)}}"}""";
            await session.RememberAsync(new NewMemory($"note6 {filler}", MetadataJson: metadata));
            Assert.Equal([$"note6 {filler}"], await session.RecallAsync("note4 note5 note6"));
        }
    }

    [Fact]
    public async Task facts_are_hot_before_events()
    {
        await using var database = await TestPostgres.CreateAsync();
        await database.PsqlAsync("insert into facts (client_id, subject_type, subject_id, fact_type, content) values ('1', 'user', '1', 'diet', 'vegan lunch')");
        await database.PsqlAsync("insert into events (client_id, content) select '1', 'lunch ' || i from generate_series(1, 5) i");
        await using var host = await GrainHost.StartAsync(database, null, ("Sessions:MaxHotEvents", "3"));
        var session = host.Grains.GetGrain<ISessionGrain>("client_1");

        Assert.Equal(["lunch 4", "lunch 5", "vegan lunch"], (await session.RecallAsync("lunch")).Order());
        await session.RememberAsync("lunch 6");
        Assert.Equal(["lunch 5", "lunch 6", "vegan lunch"], (await session.RecallAsync("lunch")).Order());
    }

    [Fact]
    public async Task writes_beyond_the_limit_are_turned_away_and_the_others_are_stored()
    {
        await using var database = await TestPostgres.CreateAsync();
        await using var host = await GrainHost.StartAsync(database, null, ("Sessions:MaxWaitingMemories", "1000"));
        var session = host.Grains.GetGrain<ISessionGrain>("client_1");
        await session.RememberAsync("start");
        await using var blocker = await database.DataSource.OpenConnectionAsync(Cancelled);
        await using var transaction = await blocker.BeginTransactionAsync(Cancelled);
        await ExecuteAsync(blocker, "select 1 from session_heads where client_id = '1' for update");

        var first = session.RememberAsync(new RememberRequest([.. Enumerable.Range(0, 600).Select(i => new NewMemory($"fits {i}"))]), Cancelled);
        await database.LockAwaitedAsync();
        await Assert.ThrowsAsync<SessionBusyException>(
            () => session.RememberAsync(new RememberRequest([.. Enumerable.Range(0, 600).Select(i => new NewMemory($"too many {i}"))]), Cancelled));
        await transaction.RollbackAsync(Cancelled);

        Assert.Equal(600, (await first).Memories.Length);
        Assert.Equal("601", await database.PsqlAsync("select count(*) from events"));
    }

    [Fact]
    public async Task a_writer_that_waits_too_long_for_another_gets_unavailable_and_nothing_is_written()
    {
        await using var database = await TestPostgres.CreateAsync();
        await using var host = await GrainHost.StartAsync(database);
        var session = host.Grains.GetGrain<ISessionGrain>("client_1");
        await session.RememberAsync("start");
        await using var blocker = await database.DataSource.OpenConnectionAsync(Cancelled);
        await using (var transaction = await blocker.BeginTransactionAsync(Cancelled))
        {
            await ExecuteAsync(blocker, "select 1 from session_heads where client_id = '1' for update");
            await Assert.ThrowsAsync<StorageUnavailableException>(() => session.RememberAsync("late"));
        }

        Assert.Empty(await session.RecallAsync("late"));
        await session.RememberAsync("later");
        Assert.Equal("2", await database.PsqlAsync("select count(*) from events"));
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancelled);
    }
}
