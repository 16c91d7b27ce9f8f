using Actors.Facts;
using Actors.Grains.Tests.Facts;
using Actors.Grains.Tests.Sessions;
using Npgsql;

namespace Actors.Grains.Tests.Retention;

/// <summary>Old rows of the change log go, in order, and who would need them starts anew.</summary>
public class ChangeLogRetentionTests(RetentionStage stage) : IClassFixture<RetentionStage>
{
    private readonly string _client = stage.NewClient();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task rows_of_30_days_ago_are_deleted_up_to_the_first_that_is_younger()
    {
        await stage.Session(_client).RememberAsync("red apple");
        await stage.Session(_client).RememberAsync("green apple");
        await stage.Database.PsqlAsync($"insert into embedding_progress (client_id, model, version) values ('{_client}', 'small', 1)");
        // All is there before anything is old: the sweeper may look by itself at any moment.
        await stage.Session(_client).RememberAsync("ripe apple");
        await AgeAsync(days: 31, but: $"client_id = '{_client}' and head_version = 3");

        await stage.SweepAsync();

        Assert.Equal("1|3|2|0", await stage.Database.PsqlAsync(
            $"""
            select (select count(*) from change_log where client_id = h.client_id), version, log_pruned_to,
                   (select count(*) from embedding_progress where client_id = h.client_id)
            from session_heads h where client_id = '{_client}'
            """));
        Assert.Equal(3, (await stage.Session(_client).RecallAsync("apple")).Length);
    }

    [Fact]
    public async Task rows_behind_a_younger_one_wait_for_it()
    {
        await stage.Session(_client).RememberAsync("red apple");
        var first = await stage.Database.PsqlAsync("select min(seq) from change_log where client_id = '" + _client + "'");
        await stage.Database.PsqlAsync(
            $"""
            set actors.writer = 'grain';
            insert into change_log (client_id, head_version, table_name, row_id, operation, writer, changed_at)
            select '{_client}', 1, 'events', uuid_v7(), 'update', 'psql', now() - interval '40 days' from generate_series(1, 3)
            """);

        await stage.SweepAsync();

        Assert.Equal($"{first}|4", await stage.Database.PsqlAsync($"select min(seq), count(*) from change_log where client_id = '{_client}'"));
        await AgeAsync(days: 31);
        await stage.SweepAsync();
        Assert.Equal("0", await stage.Database.PsqlAsync($"select count(*) from change_log where client_id = '{_client}'"));
    }

    [Fact]
    public async Task a_session_that_missed_what_the_log_no_longer_tells_is_read_anew()
    {
        await stage.Session(_client).RememberAsync("red apple");
        await stage.Database.PsqlAsync($"insert into events (client_id, content) values ('{_client}', 'green apple'); delete from events where content = 'red apple' and client_id = '{_client}'");
        await AgeAsync(days: 31);
        await stage.SweepAsync();

        await stage.Session(_client).RememberAsync("ripe apple");

        Assert.Equal(["green apple", "ripe apple"], (await stage.Session(_client).RecallAsync("apple")).Order());
    }

    [Fact]
    public async Task a_process_that_missed_shared_facts_which_the_log_no_longer_tells_reads_all()
    {
        var subject = stage.Grains.GetGrain<IFactSubjectGrain>(FactSubjectKey.Of(new FactSubject(null, "user", _client)));
        await subject.CreateAsync(FactCalls.Fact($"likes plums of {_client}"));
        await stage.Host.RefreshSharedFactsAsync();
        Assert.Equal([$"likes plums of {_client}"], await stage.Session(_client).RecallFactsAsync(_client));
        await stage.Database.PsqlAsync(
            $"""
            delete from facts where subject_id = '{_client}';
            insert into facts (subject_type, subject_id, fact_type, content, valid_from) values ('user', '{_client}', 'likes', 'likes pears of {_client}', '2026-01-01')
            """);
        await AgeAsync(days: 31);
        await stage.SweepAsync();

        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!(await stage.Session(_client).RecallFactsAsync(_client)).SequenceEqual([$"likes pears of {_client}"]))
        {
            stage.Clock.Advance(TimeSpan.FromHours(1));
            await stage.Host.RefreshSharedFactsAsync();
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    // History is not rewritten, but for a test: all rows are put back as if they had been written so long ago.
    private async Task AgeAsync(int days, string but = "false")
    {
        await using var command = stage.Database.DataSource.CreateCommand(
            $"""
            begin;
            alter table change_log disable trigger change_log_refuse_updates;
            update change_log set changed_at = changed_at - interval '{days} days' where not ({but});
            alter table change_log enable trigger change_log_refuse_updates;
            commit
            """);
        await command.ExecuteNonQueryAsync(Stop);
    }
}
