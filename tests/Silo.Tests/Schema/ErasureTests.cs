using Npgsql;

namespace Actors.Schema;

/// <summary>No table with rows of clients is forgotten by erasure, import or export.</summary>
public sealed class ErasureTests(SchemaDatabase database) : IClassFixture<SchemaDatabase>
{
    // Kept on purpose: by them a client that was erased is told from one that never was; and webhooks, which hold no content, are the operator's.
    private static readonly string[] Kept = ["clients", "session_heads", "erasures", "webhooks", "webhook_dead_letters"];

    // Made again, about requests, or the operator's: no part of an export.
    private static readonly string[] NotExported =
        [
            "session_heads", "erasures", "change_log", "embeddings", "embedding_progress", "idempotency_keys", "webhooks", "webhook_dead_letters", "outbox",
            "zep_clients", "zep_items", "zep_removed", "llm_usage",
        ];

    // Every table with a client's id, and every table that refers to a row of one.
    private const string OfClients =
        """
        with recursive owned (id) as (
            select attrelid from pg_attribute join pg_class on pg_class.oid = attrelid
            where attname = 'client_id' and relkind = 'r' and relnamespace = 'public'::regnamespace
            union
            select 'clients'::regclass
            union
            select conrelid from pg_constraint join owned on confrelid = owned.id and contype = 'f' and conrelid::regclass::text not in (select * from shared))
        , shared (name) as (values ('workflows'), ('service_blueprints'), ('process_templates'), ('prompt_templates'))
        select id::regclass::text from owned
        """;

    [Fact]
    public async Task erasure_takes_from_every_table_that_has_rows_of_clients()
    {
        var function = await database.PsqlAsync("select prosrc from pg_proc where proname = 'erase_client'");
        var tables = (await TablesAsync()).Except(Kept).ToArray();
        Assert.True(tables.Length >= 18);
        Assert.All(tables, table => Assert.True(function.Contains($"delete from {table} ", StringComparison.Ordinal) || function.Contains($"'{table}'", StringComparison.Ordinal), table));
    }

    [Fact]
    public async Task an_import_goes_into_a_client_that_has_nothing_in_any_table()
    {
        var function = await database.PsqlAsync("select prosrc from pg_proc where proname = 'begin_import'");
        // Rows of these are there only with rows of others.
        var tables = (await TablesAsync()).Except(NotExported).Except(["clients", "fact_sources", "run_steps"]);
        Assert.All(tables, table => Assert.Contains($"'{table}'", function, StringComparison.Ordinal));
    }

    [Fact]
    public async Task an_export_has_every_table_and_every_column_that_has_rows_of_clients()
    {
        Assert.Equal((await TablesAsync()).Except(NotExported).Order(), Clients.ClientTables.All.Select(table => table.Name).Order());
        foreach (var table in Clients.ClientTables.All)
        {
            var columns = await database.PsqlAsync($"select attname from pg_attribute where attrelid = '{table.Name}'::regclass and attnum > 0 and not attisdropped and attgenerated = ''");
            var known = table.Columns.Concat(table.Filled.Select(filled => filled.Column)).Distinct();
            Assert.Equal(columns.Split('\n').Except(table.Name == "clients" ? ["id"] : []).Order(), known.Except(table.Name == "clients" ? ["client_id", "purged_to", "versions_purged_to"] : []).Order());
        }
    }

    [Fact]
    public async Task runs_that_an_event_of_the_house_names_and_facts_that_others_were_promoted_to_go_and_the_others_stay()
    {
        await database.PsqlAsync(
            """
            insert into execution_runs (id, client_id) values ('01a20000-0000-7000-8000-00000000ee01', 'gone');
            insert into events (content, run_id) values ('of the house', '01a20000-0000-7000-8000-00000000ee01');
            insert into facts (id, client_id, subject_type, subject_id, fact_type, content) values ('01a20000-0000-7000-8000-00000000ee02', 'gone', 'a', 'a', 'a', 'a');
            insert into events (client_id, content, promoted_to_fact_id) values ('stays', 'of another', '01a20000-0000-7000-8000-00000000ee02');
            insert into projects (id, client_id, name) values ('01a20000-0000-7000-8000-00000000ee03', 'gone', 'a');
            insert into tasks (client_id, title, project_id) values ('stays', 'a', '01a20000-0000-7000-8000-00000000ee03');
            """);
        var before = await database.PsqlAsync("select version from session_heads where client_id = 'stays'");

        await SchemaDatabase.ExecuteAsync(database.Grains, "select erase_client('gone', now())");

        Assert.Equal("0", await database.PsqlAsync("select count(*) from execution_runs where client_id = 'gone'"));
        Assert.Equal("1", await database.PsqlAsync("select count(*) from events where content = 'of the house' and run_id is null"));
        Assert.Equal("1", await database.PsqlAsync("select count(*) from events where client_id = 'stays' and promoted_to_fact_id is null"));
        Assert.Equal("1", await database.PsqlAsync("select count(*) from tasks where client_id = 'stays' and project_id is null"));
        // Which its session hears of.
        Assert.True(long.Parse(await database.PsqlAsync("select version from session_heads where client_id = 'stays'"), null) > long.Parse(before, null));
        Assert.Equal("gone|1", await database.PsqlAsync("select client_id, erase_epoch from session_heads where client_id = 'gone'"));
        Assert.Equal("0", await database.PsqlAsync("select (select count(*) from change_log where client_id = 'gone') + (select count(*) from fact_versions where client_id = 'gone')"));
    }

    [Fact]
    public async Task only_the_service_erases()
    {
        await database.PsqlAsync("insert into facts (client_id, subject_type, subject_id, fact_type, content) values ('mine', 'a', 'a', 'a', 'a')");
        var refusal = await database.RefusedAsync("select erase_client('mine', now())");
        Assert.Equal(PostgresErrorCodes.RestrictViolation, refusal.SqlState);
        Assert.Equal("1", await database.PsqlAsync("select count(*) from facts where client_id = 'mine'"));
    }

    private async Task<string[]> TablesAsync() => (await database.PsqlAsync(OfClients)).Split('\n');
}
