namespace Actors.Schema;

/// <summary>What is to be sent to Zep stands in the outbox with the write itself, whoever writes.</summary>
public sealed class ZepOutboxTests(SchemaDatabase database) : IClassFixture<SchemaDatabase>
{
    private const string Event = "01a20000-0000-7000-8000-00000000d001";

    private static int s_clients;

    [Fact]
    public async Task salient_events_and_facts_of_clients_are_queued_in_their_order_while_zep_is_on()
    {
        await TurnAsync("true");
        await database.PsqlAsync(
            """
            insert into events (client_id, content, salience_score) values ('new', 'chat', 0.69);
            insert into events (client_id, content, salience_score) values ('new', 'first', 0.7);
            insert into facts (client_id, subject_type, subject_id, fact_type, content) values ('new', 'a', 'a', 'a', 'second');
            insert into events (client_id, content, salience_score) values ('new', 'third', 1);
            insert into events (content, salience_score) values ('of the house', 1);
            insert into facts (subject_type, subject_id, fact_type, content) values ('a', 'a', 'a', 'of the house');
            """);

        Assert.Equal(
            "events first\nfacts second\nevents third",
            await database.PsqlAsync(
                "select table_name || ' ' || coalesce(e.content, f.content) from outbox o left join events e on e.id = row_id left join facts f on f.id = row_id where o.client_id = 'new' order by seq"));
        Assert.Equal("0", await database.PsqlAsync("select count(*) from outbox where client_id = '-'"));
    }

    [Fact]
    public async Task a_write_that_is_rolled_back_queues_nothing()
    {
        await TurnAsync("true");
        await database.PsqlAsync("begin; insert into events (client_id, content, salience_score) values ('undone', 'a', 0.9); rollback");
        Assert.Equal("", await QueuedAsync("undone"));
    }

    [Theory]
    [InlineData("content = 'b'", 2)]
    [InlineData("speaker = 'Ada'", 2)]
    [InlineData("occurred_at = '2026-01-02'", 2)]
    [InlineData("salience_score = 0.2", 2)]
    [InlineData("salience_score = 0.8", 1)]
    [InlineData("metadata = '{\"a\": 1}'", 1)]
    [InlineData("memory_scope = 'global'", 1)]
    public async Task a_change_of_what_is_sent_queues_the_event_again_and_no_other_change_does(string change, int rows)
    {
        await TurnAsync("true");
        var client = $"c{Interlocked.Increment(ref s_clients)}";
        await database.PsqlAsync($"insert into events (client_id, content, salience_score, occurred_at) values ('{client}', 'a', 0.9, '2026-01-01')");

        await database.PsqlAsync($"update events set {change} where client_id = '{client}'");

        Assert.Equal(Enumerable.Repeat("events", rows), (await QueuedAsync(client)).Split('\n'));
    }

    [Fact]
    public async Task an_event_that_moves_to_another_client_is_queued_for_both()
    {
        await TurnAsync("true");
        await database.PsqlAsync(
            """
            insert into events (client_id, content, salience_score) values ('left', 'a', 0.9);
            delete from outbox where client_id = 'left';
            update events set client_id = 'entered' where client_id = 'left';
            """);
        Assert.Equal("events|events", $"{await QueuedAsync("left")}|{await QueuedAsync("entered")}");
    }

    [Fact]
    public async Task a_fact_is_queued_when_it_ends_or_goes_and_not_for_its_id_in_zep()
    {
        await TurnAsync("true");
        await database.PsqlAsync(
            """
            insert into facts (client_id, subject_type, subject_id, fact_type, content, valid_from) values ('fact', 'a', 'a', 'a', 'a', '2026-01-01');
            update facts set zep_fact_id = 'edge' where client_id = 'fact';
            update facts set salience_score = 0.1 where client_id = 'fact';
            """);
        Assert.Equal("facts", await QueuedAsync("fact"));

        await database.PsqlAsync("update facts set valid_to = '2026-01-02' where client_id = 'fact'");
        Assert.Equal("facts\nfacts", await QueuedAsync("fact"));

        await database.PsqlAsync("delete from facts where client_id = 'fact'");
        Assert.Equal("facts\nfacts\nfacts", await QueuedAsync("fact"));
    }

    [Fact]
    public async Task a_commit_of_a_session_queues_its_salient_events()
    {
        await TurnAsync("true");
        await SchemaDatabase.ExecuteAsync(
            database.Grains, $"select commit_event('committed', 0, '{Event}', 'a', 'event', 'user', 0.9, '{{}}', null, null, null, now(), now(), null, null)");
        Assert.Equal("events", await QueuedAsync("committed"));
    }

    [Fact]
    public async Task while_it_is_off_only_what_zep_has_is_queued()
    {
        await TurnAsync("false");
        await database.PsqlAsync(
            """
            insert into events (client_id, content, salience_score) values ('off', 'not sent', 0.9), ('off', 'sent', 0.9);
            insert into zep_items (client_id, table_name, row_id, zep_id, sent_hash) select 'off', 'events', id, 'm', id from events where content = 'sent' and client_id = 'off';
            delete from events where client_id = 'off';
            """);
        Assert.Equal("1", await database.PsqlAsync("select count(*) from outbox o join zep_items i on i.row_id = o.row_id where o.client_id = 'off'"));
        Assert.Equal("1", await database.PsqlAsync("select count(*) from outbox where client_id = 'off'"));
    }

    [Fact]
    public async Task an_erasure_takes_what_waits_and_queues_the_removal_of_what_was_sent()
    {
        await TurnAsync("true");
        await database.PsqlAsync(
            """
            insert into events (client_id, content, salience_score) values ('gone', 'a', 0.9), ('gone', 'b', 0.9);
            insert into zep_clients (client_id) values ('gone');
            insert into events (client_id, content, salience_score) values ('unsent', 'a', 0.9);
            """);

        await SchemaDatabase.ExecuteAsync(database.Grains, "select erase_client('gone', now()), erase_client('unsent', now())");

        Assert.Equal("clients|", $"{await QueuedAsync("gone")}|{await QueuedAsync("unsent")}");
        Assert.Equal("gone|pending|2\nunsent|off|1", await database.PsqlAsync("select client_id, zep, removed ->> 'outbox' from erasures where client_id in ('gone', 'unsent') order by 1"));
        Assert.Equal("0", await database.PsqlAsync("select count(*) from zep_clients where client_id = 'gone'"));
    }

    [Fact]
    public async Task an_erasure_waits_for_who_is_about_to_send_and_has_its_traces_removed()
    {
        await TurnAsync("true");
        await database.PsqlAsync("insert into events (client_id, content, salience_score) values ('racing', 'a', 0.9)");
        await using var sender = await database.Grains.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var claim = await sender.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var command = new Npgsql.NpgsqlCommand(
            "select from outbox where client_id = 'racing' for update; insert into zep_clients (client_id) values ('racing')", sender, claim);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var erasing = SchemaDatabase.ExecuteAsync(database.Grains, "select erase_client('racing', now())");
        await database.LockAwaitedAsync();
        await claim.CommitAsync(TestContext.Current.CancellationToken);
        await erasing;

        Assert.Equal("clients", await QueuedAsync("racing"));
    }

    private Task<string> TurnAsync(string isOn) => database.PsqlAsync($"update outside_services set is_on = {isOn} where name = 'zep'");

    private Task<string> QueuedAsync(string client) => database.PsqlAsync($"select table_name from outbox where client_id = '{client}' order by seq");
}
