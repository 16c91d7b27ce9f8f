namespace Actors.Schema;

/// <summary>Whoever writes, session_heads moves once per statement and client, and change_log names each changed row.</summary>
public sealed class ChangeLogTests : IAsyncLifetime
{
    private SchemaDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await SchemaDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private Task<string> LogAsync() => _database.PsqlAsync(
        "select client_id, head_version, table_name, operation, count(*) from change_log group by 1, 2, 3, 4 order by 1, 2, 3, 4");

    private Task<string> HeadsAsync() => _database.PsqlAsync("select client_id, version from session_heads order by 1");

    [Fact]
    public async Task a_bulk_insert_of_several_clients_moves_each_head_once_and_logs_each_row()
    {
        await _database.PsqlAsync("""
            insert into events (content, client_id) select n, case n % 3 when 0 then null else (n % 3)::text end from generate_series(1, 300) n
            """);

        Assert.Equal("-|1\n1|1\n2|1", await HeadsAsync());
        Assert.Equal("-|1|events|insert|100\n1|1|events|insert|100\n2|1|events|insert|100", await LogAsync());
        Assert.Equal("0", await _database.PsqlAsync("""
            select count(*) from events e where not exists (
                select from change_log where row_id = e.id and client_id = coalesce(e.client_id, '-'))
            """));
        Assert.Equal("1\n2", await _database.PsqlAsync("select id from clients order by id"));
    }

    [Fact]
    public async Task each_statement_has_a_version_of_its_own()
    {
        await _database.PsqlAsync("""
            insert into events (content, client_id) values ('a', '1'), ('b', '1');
            update events set content = 'c' where content = 'a';
            delete from events;
            """);

        Assert.Equal("1|1|events|insert|2\n1|2|events|update|1\n1|3|events|delete|2", await LogAsync());
        Assert.Equal("1|3", await HeadsAsync());
    }

    [Fact]
    public async Task rows_left_as_they_were_are_not_logged()
    {
        await _database.PsqlAsync("""
            insert into events (content, client_id) values ('a', '1'), ('b', '2');
            insert into tasks (title, client_id) values ('t', '1');
            insert into execution_runs (client_id, estimated_hours, actual_hours) values ('1', 2, 3);
            """);
        var before = await LogAsync();

        await _database.PsqlAsync("""
            update events set content = content;
            update tasks set title = title, updated_at = now() + interval '1 hour';
            update execution_runs set updated_at = now() + interval '1 hour';
            update events set content = 'x' where false;
            delete from events where false;
            insert into events (content) select 'x' where false;
            """);

        Assert.Equal(before, await LogAsync());
        Assert.Equal("1|3\n2|1", await HeadsAsync());
    }

    [Fact]
    public async Task a_row_that_moves_is_logged_for_the_client_it_left_and_the_one_it_came_to()
    {
        await _database.PsqlAsync("""
            insert into events (content, client_id, created_at) values ('a', 'from', '2024-05-01+00');
            update events set client_id = 'to';
            """);

        Assert.Equal("from|1|events|insert|1\nfrom|2|events|update|1\nto|1|events|update|1", await LogAsync());
        Assert.Equal("t|to", await _database.PsqlAsync("""
            select last_recorded_at = '2024-05-01+00', (select id from clients where id = 'to') from session_heads where client_id = 'to'
            """));
    }

    [Fact]
    public async Task an_upsert_logs_what_it_did_to_each_row()
    {
        await _database.PsqlAsync("""
            insert into projects (id, client_id, name) values ('00000000-0000-7000-8000-000000000001', '1', 'old');
            insert into projects (id, client_id, name) values
                ('00000000-0000-7000-8000-000000000001', '1', 'new'), ('00000000-0000-7000-8000-000000000002', '1', 'other')
            on conflict (id) do update set name = excluded.name;
            """);

        // Which of the upsert's two statement triggers fires first is Postgres' business.
        Assert.Equal("insert|...1\ninsert|...2\nupdate|...1", await _database.PsqlAsync(
            "select operation, '...' || right(row_id::text, 1) from change_log order by 1, 2"));
        Assert.Equal("1|3", await HeadsAsync());
    }

    [Fact]
    public async Task copied_rows_are_completed_and_logged()
    {
        await _database.PsqlAsync("copy events (content, client_id, memory_scope) from stdin with (format csv);\nhello,1,session\nworld,1,user\n\\.\n");

        Assert.Equal("1|1|events|insert|2", await LogAsync());
        Assert.Equal("client_1|t\nclient_1|f", await _database.PsqlAsync("select zep_session_id, expires_at is not null from events order by content"));
    }

    [Fact]
    public async Task what_a_deletion_does_to_other_tables_is_logged_too()
    {
        await _database.PsqlAsync("""
            insert into facts (id, client_id, subject_type, subject_id, fact_type, content) values ('00000000-0000-7000-8000-00000000000f', '1', 'user', '1', 'likes', 'tea');
            insert into events (content, client_id, promoted_to_fact_id) values ('a', '2', '00000000-0000-7000-8000-00000000000f');
            delete from facts;
            """);

        Assert.Equal("1|1|facts|insert|1\n1|2|facts|delete|1\n2|1|events|insert|1\n2|2|events|update|1", await LogAsync());
    }

    [Theory]
    [InlineData("events", "content")]
    [InlineData("execution_runs", "run_identifier")]
    [InlineData("plans", "title")]
    [InlineData("tasks", "title")]
    [InlineData("projects", "name")]
    public async Task every_client_owned_table_is_logged(string table, string column)
    {
        await _database.PsqlAsync($"""
            insert into {table} (client_id, {column}) values ('1', 'a');
            update {table} set {column} = 'b';
            delete from {table};
            """);

        Assert.Equal($"1|1|{table}|insert|1\n1|2|{table}|update|1\n1|3|{table}|delete|1", await LogAsync());
    }

    [Fact]
    public async Task sprints_are_logged()
    {
        await _database.PsqlAsync("insert into sprints (client_id, name, starts_on, ends_on) values ('1', 'a', '2026-01-05', '2026-01-11')");

        Assert.Equal("1|1|sprints|insert|1", await LogAsync());
    }

    [Fact]
    public async Task the_log_says_who_wrote()
    {
        await _database.PsqlAsync("insert into events (content, client_id) values ('a', '1')");
        await SchemaDatabase.ExecuteAsync(_database.Grains, "insert into events (content, client_id) values ('b', '1')");

        Assert.Equal("t|f\nf|t", await _database.PsqlAsync("select writer = session_user || '/psql', writer = 'grain' from change_log order by seq"));
    }

    [Fact]
    public async Task what_grains_write_is_taken_as_they_give_it()
    {
        await SchemaDatabase.ExecuteAsync(_database.Grains, """
            insert into events (content, client_id, memory_scope, occurred_at, created_at) values ('a', '1', 'session', '2030-01-01+00', '2030-01-01+00')
            """);

        Assert.Equal("t|t|t", await _database.PsqlAsync("select created_at = '2030-01-01+00', expires_at is null, zep_session_id is null from events"));
        Assert.Equal("t", await _database.PsqlAsync("select last_recorded_at = '2030-01-01+00' from session_heads"));
    }

    [Fact]
    public async Task crossing_statements_over_many_clients_do_not_deadlock()
    {
        var clients = Enumerable.Range(0, 20).Select(n => $"('e', 'c{n:00}')").ToArray();
        var forth = $"insert into events (content, client_id) values {string.Join(',', clients)}";
        var back = $"insert into events (content, client_id) values {string.Join(',', clients.Reverse())}";

        await Task.WhenAll(Enumerable.Range(0, 20).Select(n => _database.PsqlAsync(n % 2 == 0 ? forth : back)));

        Assert.Equal("20|20|20", await _database.PsqlAsync("select count(*), min(version), max(version) from session_heads"));
    }

    [Fact]
    public async Task triggers_work_for_a_session_with_another_search_path()
    {
        await _database.PsqlAsync("""
            set search_path = pg_catalog;
            insert into public.events (content, client_id) values ('a', '1');
            select public.update_fact_temporal('user', '1', 'likes', 'tea');
            update public.facts set content = 'coffee';
            """);

        Assert.Equal("-|1|facts|insert|1\n-|2|facts|update|1\n1|1|events|insert|1", await LogAsync());
    }

    [Theory]
    [InlineData("truncate events cascade", "events_are_not_truncated")]
    [InlineData("truncate facts cascade", "facts_are_not_truncated")]
    [InlineData("truncate change_log", "change_log_are_not_truncated")]
    [InlineData("update change_log set client_id = 'x'", "change_log_are_not_rewritten")]
    [InlineData("delete from change_log", "change_log_are_not_rewritten")]
    [InlineData("delete from session_heads", "session_heads_are_not_rewritten")]
    [InlineData("delete from clients", "session_heads_belong_to_a_client")]
    [InlineData("update events set created_at = created_at - interval '1 day'", "events_id_and_created_at_never_change")]
    [InlineData("update events set id = uuid_v7()", "events_id_and_created_at_never_change")]
    public async Task the_log_cannot_be_gone_around(string statement, string constraint)
    {
        await _database.PsqlAsync("insert into events (content, client_id) values ('a', '1')");

        Assert.Equal(constraint, (await _database.RefusedAsync(statement)).ConstraintName);
    }
}
