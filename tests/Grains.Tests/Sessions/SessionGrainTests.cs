using Actors.Sessions;

namespace Actors.Grains.Tests.Sessions;

public class SessionGrainTests(SessionFixture fixture) : IClassFixture<SessionFixture>
{
    // Each a double, but Postgres prints all 301 digits.
    private static readonly string LongNumbers = $$"""{"n": [{{string.Join(',', Enumerable.Repeat("1e300", 4_000))}}]}""";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_memory_is_recalled_as_soon_as_it_was_acknowledged()
    {
        var session = fixture.Session(fixture.NewClient());
        for (var i = 0; i < 20; i++)
        {
            await session.RememberAsync($"Invoice number{i} was paid");
            Assert.Equal([$"Invoice number{i} was paid"], await session.RecallAsync($"number{i}"));
        }
    }

    [Fact]
    public async Task a_session_is_rebuilt_from_postgres()
    {
        var client = fixture.NewClient();
        var stored = await fixture.Session(client).RememberAsync(new NewMemory(
            "The contract ends in May",
            MemoryType.Decision,
            MemoryScope.Project,
            0.9,
            """{"a": [1, {"b": "ü"}]}""",
            "talk-1",
            "Ada",
            new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)),
            ExpiresAt: new DateTimeOffset(9000, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        await fixture.RestartAsync();

        var session = fixture.Session(client);
        Assert.Equal(stored, await session.GetEventAsync(stored.Id, Cancelled));
        Assert.Equal([stored.Content], await session.RecallAsync("contract"));
    }

    [Fact]
    public async Task clients_do_not_see_each_other()
    {
        var (mine, theirs) = (fixture.Session(fixture.NewClient()), fixture.Session(fixture.NewClient()));
        var secret = await theirs.RememberAsync("The password is swordfish");
        Assert.Empty(await mine.RecallAsync("password swordfish"));
        Assert.Null(await mine.GetEventAsync(secret.Id, Cancelled));
        Assert.False(await mine.ForgetAsync(secret.Id, Cancelled));
        Assert.Equal([secret.Content], await theirs.RecallAsync("password"));
    }

    [Fact]
    public async Task concurrent_remembers_share_commits_and_none_is_lost()
    {
        var client = fixture.NewClient();
        var session = fixture.Session(client);
        await session.RememberAsync("start");
        var before = await VersionAsync(client);

        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => session.RememberAsync($"parallel memory{i}")));

        Assert.Equal(500, answers.Select(a => a.Id).Distinct().Count());
        Assert.InRange(await VersionAsync(client) - before, 1, 100);
        Assert.Equal(500, await CountAsync(client, "parallel%"));
        Assert.Equal(100, (await session.RecallAsync("parallel", 100)).Length);
        Assert.Equal(["parallel memory123"], await session.RecallAsync("memory123"));
    }

    [Fact]
    public async Task transaction_times_of_a_session_are_distinct_and_in_the_order_of_a_batch()
    {
        var client = fixture.NewClient();
        var session = fixture.Session(client);
        var singles = Enumerable.Range(0, 50).Select(i => session.RememberAsync($"single {i}"));
        var batch = await session.RememberAsync(
            new RememberRequest([.. Enumerable.Range(0, 200).Select(i => new NewMemory($"batch {i}"))]), Cancelled);
        var all = batch.Memories.Concat(await Task.WhenAll(singles)).ToList();

        Assert.Equal(batch.Memories.OrderBy(m => m.CreatedAt), batch.Memories);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"batch {i}"), batch.Memories.Select(m => m.Content));
        Assert.Equal(250, all.Select(m => m.CreatedAt).Distinct().Count());
    }

    [Fact]
    public async Task of_concurrent_writes_the_faulty_one_fails_alone()
    {
        var client = fixture.NewClient();
        var session = fixture.Session(client);
        var good = Enumerable.Range(0, 40).Select(i => session.RememberAsync($"good item{i}")).ToList();
        var unknownRun = session.RememberAsync(new NewMemory("bad", RunId: Guid.CreateVersion7()));
        var longNumbers = session.RememberAsync(new NewMemory("bad", MetadataJson: LongNumbers));
        good.AddRange(Enumerable.Range(40, 40).Select(i => session.RememberAsync($"good item{i}")));

        Assert.Equal("unknown_run", (await Assert.ThrowsAsync<MemoryRefusedException>(() => unknownRun)).Code);
        Assert.Equal("events_metadata_has_at_most_1048576_bytes", (await Assert.ThrowsAsync<MemoryRefusedException>(() => longNumbers)).Code);
        await Task.WhenAll(good);
        Assert.Equal(80, (await session.RecallAsync("good")).Length);
        Assert.Equal(80, await CountAsync(client, "%"));
    }

    [Fact]
    public async Task a_memory_that_would_expire_before_it_occurs_fails_alone()
    {
        var session = fixture.Session(fixture.NewClient());
        var tomorrow = DateTimeOffset.MaxValue.AddYears(-2);
        var good = Enumerable.Range(0, 20).Select(i => session.RememberAsync($"fine item{i}")).ToList();
        var bad = session.RememberAsync(new NewMemory("bad", Scope: MemoryScope.Session, OccurredAt: tomorrow));
        good.AddRange(Enumerable.Range(20, 20).Select(i => session.RememberAsync($"fine item{i}")));

        Assert.Equal("expires_before_it_occurred", (await Assert.ThrowsAsync<MemoryRefusedException>(() => bad)).Code);
        await Task.WhenAll(good);
        Assert.Equal(40, (await session.RecallAsync("fine")).Length);
    }

    [Fact]
    public async Task a_run_of_another_client_looks_like_none()
    {
        var client = fixture.NewClient();
        var run = Guid.Parse(await fixture.Database.PsqlAsync($"insert into execution_runs (client_id) values ('{client}') returning id"));
        var theirs = fixture.Session(fixture.NewClient());
        var refusal = await Assert.ThrowsAsync<MemoryRefusedException>(() => theirs.RememberAsync(new NewMemory("x", RunId: run)));
        Assert.Equal("unknown_run", refusal.Code);
        await fixture.Session(client).RememberAsync(new NewMemory("x", RunId: run));
    }

    [Fact]
    public async Task when_the_commits_answer_is_lost_the_caller_is_told_and_the_session_learns_what_happened()
    {
        var client = fixture.NewClient();
        var session = fixture.Session(client);
        await session.RememberAsync("start");
        await using var blocker = await fixture.Database.DataSource.OpenConnectionAsync(Cancelled);
        await using (var transaction = await blocker.BeginTransactionAsync(Cancelled))
        {
            await using var hold = new Npgsql.NpgsqlCommand($"select pg_backend_pid() from session_heads where client_id = '{client}' for update", blocker);
            await hold.ExecuteNonQueryAsync(Cancelled);
            var lost = session.RememberAsync("perhaps stored");
            var killed = "";
            while (killed.Length == 0)
            {
                killed = await fixture.Database.PsqlAsync(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
            }

            await Assert.ThrowsAsync<Actors.Storage.OutcomeUnknownException>(() => lost);
        }

        Assert.Empty(await session.RecallAsync("perhaps"));
        await session.RememberAsync("perhaps again");
        Assert.Equal(["perhaps again"], await session.RecallAsync("perhaps"));
        Assert.Equal(2, await CountAsync(client, "%"));
    }

    [Fact]
    public async Task a_batch_is_stored_whole_or_not_at_all()
    {
        var client = fixture.NewClient();
        var session = fixture.Session(client);
        var request = new RememberRequest([new("first"), new("second", RunId: Guid.CreateVersion7()), new("third")]);

        await Assert.ThrowsAsync<MemoryRefusedException>(() => session.RememberAsync(request, Cancelled));

        Assert.Equal(0, await CountAsync(client, "%"));
        Assert.Empty(await session.RecallAsync("first second third"));
    }

    [Fact]
    public async Task a_forgotten_memory_is_gone_from_recall_and_storage()
    {
        var client = fixture.NewClient();
        var session = fixture.Session(client);
        var memory = await session.RememberAsync("Delete this address");
        await session.RememberAsync("Keep this address");

        Assert.True(await session.ForgetAsync(memory.Id, Cancelled));
        Assert.False(await session.ForgetAsync(memory.Id, Cancelled));

        Assert.Equal(["Keep this address"], await session.RecallAsync("address"));
        Assert.Null(await session.GetEventAsync(memory.Id, Cancelled));
        Assert.Equal(1, await CountAsync(client, "%"));
    }

    [Fact]
    public async Task what_psql_wrote_is_seen_from_the_next_write_on()
    {
        var client = fixture.NewClient();
        var session = fixture.Session(client);
        var edited = await session.RememberAsync("The offer is open");
        var deleted = await session.RememberAsync("The offer is void");
        await fixture.Database.PsqlAsync(
            $"""
            insert into events (content, client_id, memory_scope, salience_score) values ('The offer came by post', '{client}', 'user', 0.8);
            update events set content = 'The offer is closed' where id = '{edited.Id}';
            delete from events where id = '{deleted.Id}';
            """);

        await session.RememberAsync("An offer of ours");

        Assert.Equal(
            ["An offer of ours", "The offer came by post", "The offer is closed"],
            (await session.RecallAsync("offer")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task a_write_with_an_old_version_is_refused_by_postgres()
    {
        var client = fixture.NewClient();
        var session = fixture.Session(client);
        await session.RememberAsync("one");
        var failure = await Assert.ThrowsAsync<Support.PsqlException>(
            () => fixture.Database.PsqlAsync($"select claim_session('{client}', 0)"));
        Assert.Contains("session_version_conflict", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_repeated_recall_is_answered_from_recent_answers_until_something_is_written()
    {
        var session = fixture.Session(fixture.NewClient());
        await session.RememberAsync("The lamp is red");
        var request = RecallRequest.For("lamp");

        var first = await session.RecallAsync(request, Cancelled);
        var second = await session.RecallAsync(request, Cancelled);
        Assert.False(first.Cached);
        Assert.True(second.Cached);
        Assert.Equal(first.Hits.Select(hit => (hit.Memory, hit.Similarity)), second.Hits.Select(hit => (hit.Memory, hit.Similarity)));

        await session.RememberAsync("The lamp is blue");
        var third = await session.RecallAsync(request, Cancelled);
        Assert.False(third.Cached);
        Assert.Equal(2, third.Hits.Length);
    }

    [Fact]
    public async Task a_caller_that_has_the_answer_is_told_that_it_still_holds_until_something_is_written()
    {
        var session = fixture.Session(fixture.NewClient());
        await session.RememberAsync("The lamp is red");
        var request = RecallRequest.For("lamp");
        Assert.Null((await session.RecallAsync(request, Cancelled)).Tag);
        var repeated = await session.RecallAsync(request, Cancelled);
        Assert.Single(repeated.Hits);

        var known = await session.RecallAsync(request with { KnownAnswer = repeated.Tag }, Cancelled);
        Assert.True(known is { IsKnown: true, Cached: true, Hits.IsEmpty: true });
        Assert.Equal(repeated.Tag, known.Tag);
        Assert.False((await session.RecallAsync(request with { KnownAnswer = repeated.Tag + 1 }, Cancelled)).IsKnown);

        await session.RememberAsync("The lamp is blue");
        var changed = await session.RecallAsync(request with { KnownAnswer = repeated.Tag }, Cancelled);
        Assert.True(changed is { IsKnown: false, Cached: false, Hits.Length: 2 });
    }

    private async Task<long> VersionAsync(string client) =>
        long.Parse(await fixture.Database.PsqlAsync($"select version from session_heads where client_id = '{client}'"), null);

    private async Task<long> CountAsync(string client, string pattern) =>
        long.Parse(await fixture.Database.PsqlAsync($"select count(*) from events where client_id = '{client}' and content like '{pattern}'"), null);
}
