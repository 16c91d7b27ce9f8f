namespace Actors.Schema;

/// <summary>The statements of the requirements, as written, in psql.</summary>
public sealed class QuotedStatementTests(SchemaDatabase database) : IClassFixture<SchemaDatabase>
{
    [Fact]
    public async Task a_fact_inserted_without_times_is_true_from_now_on()
    {
        await database.PsqlAsync("INSERT INTO facts (subject_type, subject_id, fact_type, content) VALUES ('user', 'insert', 'preference', 'likes tea')");

        var row = await database.PsqlAsync("""
            select content, salience_score, valid_to is null, valid_from <= now() and valid_from > now() - interval '1 minute', client_id is null
            from facts where subject_id = 'insert'
            """);
        Assert.Equal("likes tea|0.7|t|t|t", row);
    }

    [Fact]
    public async Task facts_without_an_end_are_those_true_now()
    {
        await database.PsqlAsync("INSERT INTO facts (subject_type, subject_id, fact_type, content) VALUES ('user', 'open', 'preference', 'first')");
        await database.PsqlAsync("SELECT update_fact_temporal('user','open','preference','second')");

        Assert.Contains("|open|preference|second|", await database.PsqlAsync("SELECT * FROM facts WHERE valid_to IS NULL"), StringComparison.Ordinal);
        Assert.DoesNotContain("|open|preference|first|", await database.PsqlAsync("SELECT * FROM facts WHERE valid_to IS NULL"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task update_fact_temporal_takes_plain_literals_and_returns_the_new_facts_id()
    {
        var id = await database.PsqlAsync("SELECT update_fact_temporal('user','1','preference','...')");

        Assert.Equal("...|0.7|t", await database.PsqlAsync($"select content, salience_score, valid_to is null from facts where id = '{id}'"));
    }

    [Fact]
    public async Task workflows_are_found_by_capability()
    {
        await database.PsqlAsync("INSERT INTO workflows (name, capability) VALUES ('Ship it', 'delivery'), ('Bill it', 'billing')");

        var rows = await database.PsqlAsync("SELECT * FROM workflows WHERE capability='delivery'");
        Assert.Contains("|Ship it||delivery|1|", rows, StringComparison.Ordinal);
        Assert.DoesNotContain("Bill it", rows, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("'1'")]
    public async Task an_event_needs_no_more_columns_than_the_requirement_names(string clientId)
    {
        await database.PsqlAsync($"INSERT INTO events (content, client_id, zep_session_id, memory_scope, salience_score) VALUES ('met Ann', {clientId}, 'client_1', 'user', 0.8)");

        var row = await database.PsqlAsync("""
            select content, client_id, memory_type, memory_scope, salience_score, zep_session_id, metadata, expires_at is null, occurred_at <= created_at
            from events order by created_at desc limit 1
            """);
        Assert.Equal("met Ann|1|event|user|0.8|client_1|{}|t|t", row);
        Assert.Equal("1", await database.PsqlAsync("select id from clients where id = '1'"));
    }

    [Fact]
    public async Task completed_runs_are_ordered_by_their_unrounded_variance()
    {
        await database.PsqlAsync("""
            INSERT INTO execution_runs (status, estimated_hours, actual_hours) VALUES ('completed', 2.6, 3.5), ('completed', 2, 1), ('completed', 1, 2);
            INSERT INTO execution_runs (status, estimated_hours) VALUES ('running', 1)
            """);

        await database.PsqlAsync("SELECT * FROM execution_runs WHERE status = 'completed' ORDER BY variance_pct DESC");
        var variances = await database.PsqlAsync("SELECT variance_pct FROM execution_runs WHERE status = 'completed' ORDER BY variance_pct DESC");
        Assert.Collection(
            variances.Split('\n'),
            first => Assert.StartsWith("100.0", first, StringComparison.Ordinal),
            second => Assert.StartsWith("34.6153846153", second, StringComparison.Ordinal),
            third => Assert.StartsWith("-50.0", third, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("null", "3")]
    [InlineData("0", "3")]
    [InlineData("2", "null")]
    public async Task variance_is_null_when_there_is_nothing_to_compare(string estimated, string actual)
    {
        var id = await database.PsqlAsync($"insert into execution_runs (estimated_hours, actual_hours) values ({estimated}, {actual}) returning id");

        Assert.Equal("t", await database.PsqlAsync($"select variance_pct is null from execution_runs where id = '{id}'"));
    }

    [Fact]
    public async Task a_session_event_of_a_foreign_writer_expires_a_day_after_it_was_created()
    {
        var id = await database.PsqlAsync("insert into events (content, client_id, memory_scope) values ('for now', 'day', 'session') returning id");

        Assert.Equal("t|client_day", await database.PsqlAsync($"select expires_at = created_at + interval '24 hours', zep_session_id from events where id = '{id}'"));
    }

    [Fact]
    public async Task a_foreign_writer_cannot_push_an_events_creation_into_the_future()
    {
        var id = await database.PsqlAsync("insert into events (content, client_id, created_at) values ('early', 'future', now() + interval '1 year') returning id");

        Assert.Equal("t", await database.PsqlAsync($"select created_at <= now() from events where id = '{id}'"));
        Assert.Equal("t", await database.PsqlAsync("select last_recorded_at <= now() from session_heads where client_id = 'future'"));
    }

    [Fact]
    public async Task ids_are_ordered_by_time_to_the_millisecond_and_of_version_7()
    {
        var row = await database.PsqlAsync("""
            with made as (
                select n, uuid_v7() as id from generate_series(1, 50000) n)
            select count(distinct id), bool_and(substr(id::text, 15, 1) = '7' and substr(id::text, 20, 1) in ('8', '9', 'a', 'b')),
                   corr(n, rank) > 0.99,
                   abs(('x' || substr(replace(min(id::text), '-', ''), 1, 12))::bit(48)::bigint - extract(epoch from now()) * 1000) < 60000
            from (select n, id, rank() over (order by id) as rank from made) ranked
            """);

        Assert.Equal("50000|t|t|t", row);
    }
}
