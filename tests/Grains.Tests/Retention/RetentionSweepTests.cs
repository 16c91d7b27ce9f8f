using Actors.Access;
using Actors.Facts;
using Actors.Grains.Tests.Facts;
using Actors.Grains.Tests.Sessions;
using Actors.Sessions;
using Npgsql;

namespace Actors.Grains.Tests.Retention;

/// <summary>What was kept long enough goes, and answers that would need it say so.</summary>
public class RetentionSweepTests(RetentionStage stage) : IClassFixture<RetentionStage>
{
    private static readonly TimeSpan Microsecond = TimeSpan.FromMicroseconds(1);

    private readonly string _client = stage.NewClient();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ISessionGrain Session => stage.Session(_client);

    [Fact]
    public async Task an_expired_memory_is_deleted_when_its_time_after_its_end_is_over_and_no_other()
    {
        var gone = await Session.RememberAsync(new NewMemory("red apple", Scope: MemoryScope.Session));
        await Session.RememberAsync(new NewMemory("ripe apple", ExpiresAt: stage.Clock.GetUtcNow().AddDays(2)));
        await Session.RememberAsync("green apple");
        stage.Clock.Advance(gone.ExpiresAt!.Value.AddDays(2) - Microsecond - stage.Clock.GetUtcNow());
        await stage.SweepAsync();
        Assert.Equal(3, (await stage.ListAsync(_client, includeExpired: true)).Events.Length);

        stage.Clock.Advance(Microsecond);
        await stage.SweepAsync();

        var left = await stage.ListAsync(_client, includeExpired: true);
        Assert.Equal(["green apple", "ripe apple"], left.Events.Select(e => e.Content));
        Assert.Equal("delete|1|1\nexpire|2|2\ninsert|3|3", await stage.LogAsync(_client));
        Assert.Equal("4|t|t", await stage.Database.PsqlAsync(
            $"select version, purged_to = timestamptz '{gone.ExpiresAt:O}', versions_purged_to is null from session_heads where client_id = '{_client}'"));
    }

    [Fact]
    public async Task an_answer_as_of_a_time_of_which_memories_were_deleted_says_so()
    {
        var gone = await Session.RememberAsync(new NewMemory("red apple", Scope: MemoryScope.Session));
        var later = await Session.RememberAsync("green apple");
        var (before, end) = (later.CreatedAt, gone.ExpiresAt!.Value);
        Assert.Equal(2, (await stage.RecallAsync(_client, "apple", asOf: before)).Hits.Length);
        stage.Clock.Advance(TimeSpan.FromDays(4));
        await stage.SweepAsync();
        await Session.CatchUpAsync(Stop);

        var first = await stage.RecallAsync(_client, "apple", asOf: before);
        var repeated = await stage.RecallAsync(_client, "apple", asOf: end - Microsecond);
        repeated = await stage.RecallAsync(_client, "apple", asOf: end - Microsecond);

        Assert.Equal(("green apple", false, "retention"), (Assert.Single(first.Hits).Memory.Content, first.Cached, Assert.Single(first.Degraded)));
        Assert.Equal((true, "retention"), (repeated.Cached, Assert.Single(repeated.Degraded)));
        Assert.Empty((await stage.RecallAsync(_client, "apple", asOf: end)).Degraded);
        Assert.Empty((await stage.RecallAsync(_client, "apple")).Degraded);
        await stage.RestartAsync();
        Assert.Equal("retention", Assert.Single((await stage.RecallAsync(_client, "apple", asOf: before)).Degraded));

        Assert.True((await stage.ListAsync(_client, asOf: before)).ReachesBehindRetention);
        Assert.False((await stage.ListAsync(_client, asOf: end)).ReachesBehindRetention);
        Assert.True((await stage.ListAsync(_client, includeExpired: true)).ReachesBehindRetention);
        Assert.False((await stage.ListAsync(_client, includeExpired: true, from: end)).ReachesBehindRetention);
        Assert.False((await stage.ListAsync(_client)).ReachesBehindRetention);
    }

    [Fact]
    public async Task a_fact_stands_when_the_memory_it_came_from_is_deleted()
    {
        var source = await Session.RememberAsync(new NewMemory("Ada likes plums.", Scope: MemoryScope.Session));
        var fact = await SubjectOf(_client).CreateAsync(FactCalls.Fact("likes plums") with { SourceEventIds = [source.Id] });
        await stage.Database.PsqlAsync($"update events set promoted_to_fact_id = '{fact.Id}' where id = '{source.Id}'");
        stage.Clock.Advance(TimeSpan.FromDays(4));

        await stage.SweepAsync();

        Assert.Equal("0|0|1", await stage.Database.PsqlAsync(
            $"""
            select (select count(*) from events where client_id = '{_client}'), (select count(*) from fact_sources where fact_id = '{fact.Id}'),
                   (select count(*) from facts where id = '{fact.Id}')
            """));
        Assert.Equal(["likes plums"], (await stage.FactsAsync(_client, subjectId: _client)).Facts.Select(f => f.Content));
        Assert.Empty(Assert.Single((await HistoryAsync(fact.Id))!.Beliefs).Sources);
    }

    [Fact]
    public async Task processes_are_told_whose_memories_were_deleted()
    {
        await using var listener = await stage.Database.DataSource.OpenConnectionAsync(Stop);
        await using (var listen = new NpgsqlCommand("listen actors_changes", listener))
        {
            await listen.ExecuteNonQueryAsync(Stop);
        }

        var told = new List<string>();
        listener.Notification += (_, notification) => told.Add(notification.Payload);
        await Session.RememberAsync(new NewMemory("red apple", Scope: MemoryScope.Session));
        stage.Clock.Advance(TimeSpan.FromDays(4));
        await stage.SweepAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));

        while (!told.Contains(_client))
        {
            await listener.WaitAsync(limit.Token);
        }
    }

    [Fact]
    public async Task a_client_whose_head_an_operator_holds_keeps_no_other_waiting()
    {
        var other = stage.NewClient();
        await Session.RememberAsync(new NewMemory("red apple", Scope: MemoryScope.Session));
        await stage.Session(other).RememberAsync(new NewMemory("red apple", Scope: MemoryScope.Session));
        await using var operators = await stage.Database.DataSource.OpenConnectionAsync(Stop);
        await using var transaction = await operators.BeginTransactionAsync(Stop);
        await using (var insert = new NpgsqlCommand($"insert into events (client_id, content) values ('{_client}', 'a note')", operators))
        {
            await insert.ExecuteNonQueryAsync(Stop);
        }

        stage.Clock.Advance(TimeSpan.FromDays(4));
        await stage.SweepAsync();
        Assert.Equal((1, 0), await CountAsync());

        await transaction.CommitAsync(Stop);
        await stage.SweepAsync();
        Assert.Equal((1, 0), await CountAsync());
        Assert.Equal("a note", await stage.Database.PsqlAsync($"select content from events where client_id = '{_client}'"));

        async Task<(int, int)> CountAsync() => (
            int.Parse(await stage.Database.PsqlAsync($"select count(*) from events where client_id = '{_client}'"), null),
            int.Parse(await stage.Database.PsqlAsync($"select count(*) from events where client_id = '{other}'"), null));
    }

    [Fact]
    public async Task nor_does_one_that_has_more_to_delete_than_a_look_takes_in()
    {
        var other = stage.NewClient();
        await stage.AddExpiringAsync(_client, 10_000);
        await stage.Session(other).RememberAsync(new NewMemory("red apple", Scope: MemoryScope.Session));
        await using var operators = await stage.Database.DataSource.OpenConnectionAsync(Stop);
        await using var transaction = await operators.BeginTransactionAsync(Stop);
        await using (var hold = new NpgsqlCommand($"select from session_heads where client_id = '{_client}' for update", operators))
        {
            await hold.ExecuteNonQueryAsync(Stop);
        }

        stage.Clock.Advance(TimeSpan.FromDays(4));
        await stage.SweepAsync();
        Assert.Equal($"{_client}|10000", await CountAsync());

        await transaction.RollbackAsync(Stop);
        await stage.SweepAsync();
        Assert.Equal("", await CountAsync());

        Task<string> CountAsync() =>
            stage.Database.PsqlAsync($"select client_id, count(*) from events where client_id in ('{_client}', '{other}') group by 1");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_belief_is_deleted_when_its_time_is_over_and_answers_as_of_then_say_so(bool isShared)
    {
        var subject = SubjectOf(isShared ? null : _client);
        var wrong = await subject.CreateAsync(FactCalls.Fact($"likes plums of {_client}"));
        stage.Clock.Advance(TimeSpan.FromDays(1));
        var right = (await subject.CorrectAsync(wrong.Id, $"likes pears of {_client}")).Fact;
        await stage.Host.RefreshSharedFactsAsync();
        Assert.Equal([$"likes plums of {_client}"], await Session.RecallFactsAsync(_client, knownAt: wrong.RecordedAt));
        Assert.False((await stage.FactsAsync(_client, knownAt: wrong.RecordedAt)).ReachesBehindRetention);
        Assert.False((await HistoryAsync(wrong.Id))!.ReachesBehindRetention);

        stage.Clock.Advance(TimeSpan.FromDays(3));
        await stage.SweepAsync();
        await Session.CatchUpAsync(Stop);

        var then = await RecallWithoutAsync(wrong);
        Assert.Equal("retention", Assert.Single(then.Degraded));
        var now = await stage.RecallAsync(_client, _client, knownAt: right.RecordedAt);
        Assert.Equal((right.Content, 0), (Assert.Single(now.Hits).Memory.Content, now.Degraded.Length));
        Assert.True((await stage.FactsAsync(_client, knownAt: wrong.RecordedAt)).ReachesBehindRetention);
        Assert.False((await stage.FactsAsync(_client, knownAt: right.RecordedAt)).ReachesBehindRetention);
        var history = (await HistoryAsync(wrong.Id))!;
        Assert.Equal((right.Content, true), (Assert.Single(history.Beliefs).Fact.Content, history.ReachesBehindRetention));
    }

    [Fact]
    public async Task nothing_is_left_of_a_fact_that_was_retracted_long_ago()
    {
        var source = await Session.RememberAsync("Ada likes plums.");
        var fact = await SubjectOf(_client).CreateAsync(FactCalls.Fact("likes plums") with { SourceEventIds = [source.Id] });
        await SubjectOf(_client).RetractAsync(fact.Id);
        stage.Clock.Advance(TimeSpan.FromDays(4));

        await stage.SweepAsync();

        Assert.Equal("0|0", await stage.Database.PsqlAsync(
            $"select (select count(*) from fact_versions where fact_id = '{fact.Id}'), (select count(*) from fact_sources where fact_id = '{fact.Id}')"));
        Assert.Null(await HistoryAsync(fact.Id));
    }

    private IFactSubjectGrain SubjectOf(string? client) =>
        stage.Grains.GetGrain<IFactSubjectGrain>(FactSubjectKey.Of(new FactSubject(client, "user", _client)));

    private Task<FactHistory?> HistoryAsync(Guid factId) =>
        stage.Grains.GetGrain<IFactQueryGrain>(IFactQueryGrain.Key).HistoryAsync(factId, new ClientVisibility([_client]), Stop);

    // Processes look for shared facts by themselves, by their clocks.
    private async Task<RecallAnswer> RecallWithoutAsync(FactRecord fact)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var answer = await stage.RecallAsync(_client, _client, knownAt: fact.RecordedAt);
            if (answer.Hits.IsEmpty)
            {
                return answer;
            }

            stage.Clock.Advance(TimeSpan.FromHours(1));
            await stage.Host.RefreshSharedFactsAsync();
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
