using Npgsql;

namespace Actors.Schema;

/// <summary>What the service commits by functions leaves the same traces as what others write by statements.</summary>
public sealed class SessionCommitTests(SchemaDatabase database) : IClassFixture<SchemaDatabase>
{
    private static string Event(string client, long version, string id = "gen_random_uuid()") =>
        $"select commit_event('{client}', {version}, {id}, 'text', 'event', 'user', 0.5, '{{}}', null, null, null, '2026-01-01+00', '2026-01-02+00', null, null)";

    private static string Events(string clients, string versions, string sessions) =>
        $"""
        select commit_sessions('{clients}', '{versions}', array_fill(timestamptz '2026-01-02+00', array[cardinality('{clients}'::text[])]),
            s, i, c, t, m, f, j, n, n, u, o, o, e, null)
        from (select array_agg(place) as s, array_agg(gen_random_uuid()) as i, array_agg(text 'text') as c, array_agg(text 'event') as t, array_agg(text 'user') as m,
                     array_agg(0.5::double precision) as f, array_agg(jsonb_build_object()) as j, array_agg(null::text) as n, array_agg(null::uuid) as u,
                     array_agg(timestamptz '2026-01-02+00') as o, array_agg(null::timestamptz) as e
              from unnest('{sessions}'::integer[]) as place) columns
        """;

    private Task<string> TracesAsync(string client) => database.PsqlAsync(
        $"""
        select h.version, h.last_recorded_at at time zone 'UTC', count(l.*), min(l.head_version), max(l.head_version), min(l.table_name || ' ' || l.operation), min(l.writer)
        from session_heads h left join change_log l using (client_id) where client_id = '{client}' group by 1, 2
        """);

    private Task GrainsAsync(string sql) => SchemaDatabase.ExecuteAsync(database.Grains, sql);

    [Fact]
    public async Task a_commit_of_one_event_makes_the_client_moves_its_head_once_and_logs_the_row()
    {
        await GrainsAsync(Event("one", 0));
        Assert.Equal("1|2026-01-02 00:00:00|1|1|1|events insert|grain", await TracesAsync("one"));

        await GrainsAsync(Event("one", 1));
        Assert.Equal("2|2026-01-02 00:00:00|2|1|2|events insert|grain", await TracesAsync("one"));
        Assert.Equal("client_one|2", await database.PsqlAsync("select zep_session_id, count(*) from events where client_id = 'one' group by 1"));
    }

    [Fact]
    public async Task a_commit_of_several_sessions_moves_each_head_once_and_logs_each_row()
    {
        await GrainsAsync(Event("m-b", 0));
        await GrainsAsync(Events("{m-a,m-b,m-c}", "{0,1,0}", "{1,2,2,2,1}"));

        Assert.Equal("1|2026-01-02 00:00:00|2|1|1|events insert|grain", await TracesAsync("m-a"));
        Assert.Equal("2|2026-01-02 00:00:00|4|1|2|events insert|grain", await TracesAsync("m-b"));
        Assert.Equal("1|2026-01-02 00:00:00|0||||", await TracesAsync("m-c"));
    }

    [Theory]
    [InlineData("{x-a,x-b}", "{0,3}")]
    [InlineData("{x-a,x-a}", "{0,0}")]
    public async Task one_session_with_another_version_stops_the_commit_of_all(string clients, string versions)
    {
        var conflict = await Assert.ThrowsAsync<PostgresException>(() => GrainsAsync(Events(clients, versions, "{1,2}")));

        Assert.Equal("PM001", conflict.SqlState);
        Assert.Equal("0", await database.PsqlAsync("select count(*) from session_heads where client_id like 'x-%'"));
    }

    [Fact]
    public async Task a_commit_with_an_old_version_is_a_conflict()
    {
        await database.PsqlAsync("insert into events (content, client_id) values ('by hand', 'old')");

        Assert.Equal("PM001", (await Assert.ThrowsAsync<PostgresException>(() => GrainsAsync(Event("old", 0)))).SqlState);
        await GrainsAsync(Event("old", 1));
    }

    [Fact]
    public async Task a_malformed_client_is_refused_by_name()
    {
        var refused = await Assert.ThrowsAsync<PostgresException>(() => GrainsAsync(Event("no spaces", 0)));

        Assert.Equal("clients_id_has_a_safe_form", refused.ConstraintName);
    }

    [Fact]
    public async Task what_is_logged_by_functions_is_logged_by_triggers_again_in_the_next_transaction()
    {
        await using var connection = await database.Grains.OpenConnectionAsync(TestContext.Current.CancellationToken);
        foreach (var statement in new[] { Event("next", 0), "insert into events (content, client_id) values ('plain', 'next')" })
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal("2|2", await database.PsqlAsync("select version, (select count(*) from change_log where client_id = 'next') from session_heads where client_id = 'next'"));
    }

    [Fact]
    public async Task deletions_are_logged_by_triggers_after_a_commit_too()
    {
        await GrainsAsync($"{Event("gone", 0, "'00000000-0000-7000-8000-0000000000aa'")}; delete from events where id = '00000000-0000-7000-8000-0000000000aa'");

        Assert.Equal("1|insert\n2|delete", await database.PsqlAsync("select head_version, operation from change_log where client_id = 'gone' order by 1"));
        Assert.Equal("2", await database.PsqlAsync("select version from session_heads where client_id = 'gone'"));
    }

    [Fact]
    public async Task an_ended_belief_becomes_a_version_and_its_successor_is_recorded_at_the_instant_given()
    {
        const string Old = "'00000000-0000-7000-8000-0000000000b1'";
        const string New = "'00000000-0000-7000-8000-0000000000b2'";
        const string Columns = "array['user'], array['1'], array['likes'], array['text'], array[0.7::double precision], array[null::text], array['k']";
        await GrainsAsync($"""
            {Events("{f}", "{0}", "{}")};
            select add_facts(array['f'], array[1::bigint], array[{Old}::uuid], array[timestamptz '2026-01-01+00'], {Columns}, array[timestamptz '2026-01-01+00'],
                             array[null::timestamptz], array[jsonb_build_object()], array[null::uuid]);
            {Events("{f}", "{1}", "{}")};
            select end_beliefs(array['f'], array[2::bigint], array[{Old}::uuid], array[timestamptz '2026-01-01+00'], array[timestamptz '2026-01-03+00'], array['change'],
                               array['ada'], array[null::text], array['text'], array[timestamptz '2026-01-01+00'], array[timestamptz '2026-01-03+00'], array[{New}::uuid]);
            select add_facts(array['f'], array[2::bigint], array[{New}::uuid], array[timestamptz '2026-01-03+00'], {Columns}, array[timestamptz '2026-01-03+00'],
                             array[null::timestamptz], array[jsonb_build_object()], array[null::uuid]);
            """);

        Assert.Equal("b1|2026-01-01|2026-01-03|change|ada||t", await database.PsqlAsync(
            "select right(fact_id::text, 2), recorded_at::date, retracted_at::date, operation, actor, reason, valid_to is null from fact_versions where client_id = 'f'"));
        Assert.Equal("b1|2026-01-03|2026-01-03\nb2|2026-01-03|", await database.PsqlAsync(
            "select right(id::text, 2), recorded_at::date, valid_to::date from facts where client_id = 'f' order by 1"));
        Assert.Equal("1|insert\n2|insert\n2|update", await database.PsqlAsync("select head_version, operation from change_log where client_id = 'f' order by 1, 2"));
        Assert.Equal("PM004", (await Assert.ThrowsAsync<PostgresException>(() => GrainsAsync($"""
            select end_beliefs(array['f'], array[3::bigint], array[{Old}::uuid], array[timestamptz '2026-01-01+00'], array[timestamptz '2026-01-04+00'], array['correct'],
                               array['ada'], array['late'], array['late'], array[timestamptz '2026-01-01+00'], array[null::timestamptz], array[null::uuid])
            """))).SqlState);
    }

    [Fact]
    public async Task answers_of_several_clients_are_kept_and_a_taken_key_is_refused()
    {
        const string Keep =
            "select keep_answers('{k-a,null}', array_fill('00000000-0000-7000-8000-0000000000c1'::uuid, array[2]), '{/p,/p}', '{one,two}', array_fill(sha256('x'), array[2]), '{200,200}', array_fill(sha256('y'), array[2]), array[timestamptz '2026-01-01+00', '2026-01-02+00'])";
        await GrainsAsync(Keep);

        Assert.Equal("k-a|one|2026-01-02\n|two|2026-01-03", await database.PsqlAsync(
            "select client_id, idempotency_key, (expires_at at time zone 'UTC')::date from idempotency_keys where path = '/p' order by 2"));
        Assert.Equal("PM005", (await Assert.ThrowsAsync<PostgresException>(() => GrainsAsync(Keep))).SqlState);
    }
}
