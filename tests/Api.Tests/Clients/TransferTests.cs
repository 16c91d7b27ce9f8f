using System.Text.Json.Nodes;
using Actors.Support;

namespace Actors.Api.Tests.Clients;

/// <summary>What is exported can be imported, and is then what it was. On a service of its own: other tests' catalogue would be missing in the other database.</summary>
public class TransferTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    [Fact]
    public async Task what_was_exported_is_the_same_client_in_another_database()
    {
        var client = await WholeClient.MakeAsync(service.Client, service.Database, service.NewClient(), "Zebulon");
        var before = await client.ReadAllAsync();
        var export = await service.Client.ExportAsync(client.Id);
        await using var database = await TestPostgres.CreateAsync();
        await using var folder = TestFolder.Create();
        await using var other = await ServiceProcess.StartAsync(folder.Path, "--postgres", database.ConnectionString);
        // Its session is hot before, and knows nothing.
        Assert.Empty((await other.Client.GetAsync<JsonNode>($"/api/v1/memory/recall?client_id=new&query=audit"))["results"]!.AsArray());

        var (status, done) = await other.Client.ImportAsync("new", export);

        Assert.True(status == 200 && (string?)done["type"] == "done", done.ToJsonString());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(export.Rows()[^1])!["rows"], done["rows"]), done.ToJsonString());
        Assert.Equal(before, await client.ReadAllAsync(other.Client, "new"));
        Assert.Equal(
            export.Rows().Select(line => line.Replace($"\"client_{client.Id}\"", "\"client_new\"", StringComparison.Ordinal)), (await other.Client.ExportAsync("new")).Rows());
    }

    [Fact]
    public async Task an_export_has_every_table_with_rows_of_the_client_and_none_of_others()
    {
        var client = await WholeClient.MakeAsync(service.Client, service.Database, service.NewClient(), "Yolanda");
        var other = await WholeClient.MakeAsync(service.Client, service.Database, service.NewClient(), "Xenophon");

        var export = await service.Client.ExportAsync(client.Id);

        Assert.Equal(Actors.Clients.ClientTables.All.Select(table => table.Name).Order(), JsonNode.Parse(export.Rows()[^1])!["rows"]!.AsObject().Select(table => table.Key));
        Assert.DoesNotContain(other.Word, export, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, "no JSON", 3, "nonsense")]
    [InlineData(400, "no object", 3, "[1]")]
    [InlineData(400, "no type", 3, """{"id":"a"}""")]
    [InlineData(400, "an unknown type", 3, """{"type":"api_keys"}""")]
    [InlineData(400, "an unknown member", 3, """{"type":"projects","client_id":"2"}""")]
    [InlineData(400, "a second header", 3, """{"type":"header","format":1}""")]
    [InlineData(400, "too late", 5, """{"type":"projects"}""", """{"type":"tasks"}""")]
    [InlineData(422, "no name", 3, """{"type":"projects","id":"01a20000-0000-7000-8000-000000000009"}""")]
    [InlineData(422, "no uuid", 3, """{"type":"projects","id":"nonsense"}""")]
    [InlineData(422, "no such fact", 3, """{"type":"fact_sources","fact_id":"01a20000-0000-7000-8000-000000000009","event_id":"01a20000-0000-7000-8000-000000000009","extractor":"a","extractor_version":"1","created_at":"2026-01-01T00:00:00Z"}""")]
    public async Task a_faulty_line_is_named_and_nothing_of_its_import_is_stored(int expected, string why, int line, string faulty, string? before = null)
    {
        var client = service.NewClient();
        var lines = string.Join(
            '\n',
            ["""{"type":"header","format":1}""", """{"type":"clients","name":"somebody","created_at":"2026-11-20T09:00:00Z"}""", .. before is null ? [] : new[] { before, before }, faulty, """{"type":"end","rows":{}}"""]);
        // What stands before a line that is looked at by its form only has to be sound.
        lines = lines.Replace("""{"type":"tasks"}""", $$"""{"type":"tasks","id":"ID","title":"a","status":"todo","priority":0,"tags":[],"depends_on":[],"created_at":"2026-11-20T09:00:00Z","updated_at":"2026-11-20T09:00:00Z"}""", StringComparison.Ordinal);
        lines = string.Join('\n', lines.Split('\n').Select(text => text.Replace("\"ID\"", $"\"{Guid.NewGuid()}\"", StringComparison.Ordinal)));

        var (status, problem) = await service.Client.ImportAsync(client, lines);

        Assert.True(status == expected, $"{why}: {problem.ToJsonString()}");
        Assert.StartsWith($"Line {line}", (string?)problem["detail"], StringComparison.Ordinal);
        Assert.Equal("0", await service.Database.PsqlAsync($"select count(*) from clients where id = '{client}'"));
    }

    [Fact]
    public async Task a_header_or_an_end_with_a_million_levels_is_refused_at_once()
    {
        var deep = new string('[', 1_000_000) + new string(']', 1_000_000);
        foreach (var lines in new[] { $$"""{"type":"header","format":1,"client_id":{{deep}}}""", $$"""
            {"type":"header","format":1}
            {"type":"end","rows":{{deep}}}
            """ })
        {
            Assert.Equal((400, "invalid_request"), Code(await service.Client.ImportAsync(service.NewClient(), lines)));
        }
    }

    [Fact]
    public async Task of_many_rows_the_first_faulty_one_is_named()
    {
        var client = service.NewClient();
        var events = Enumerable.Range(0, 2_000).Select(n => Event(n is 1_234 or 1_700 ? "dream" : "event"));

        var (status, problem) = await service.Client.ImportAsync(client, Lines(events));

        Assert.Equal((422, "import_refused"), (status, (string?)problem["code"]));
        Assert.Equal("Line 1236: The row of events breaks the rule 'events_memory_type_is_known'.", (string?)problem["detail"]);
    }

    [Fact]
    public async Task what_goes_wrong_after_the_answer_has_begun_is_its_last_line()
    {
        var client = service.NewClient();
        var events = Enumerable.Range(0, 60_000).Select(n => Event(n == 59_999 ? "dream" : "event"));

        var (status, last) = await service.Client.ImportAsync(client, Lines(events));

        Assert.Equal((200, "error", 422, "import_refused"), (status, (string?)last["type"], (int?)last["status"], (string?)last["code"]));
        Assert.StartsWith("Line 60001:", (string?)last["detail"], StringComparison.Ordinal);
        Assert.Equal("0", await service.Database.PsqlAsync($"select count(*) from events where client_id = '{client}'"));
    }

    [Fact]
    public async Task a_body_that_is_no_lines_or_has_no_end_is_refused()
    {
        using var json = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
        Assert.Equal(415, (await service.Client.ImportAsync(service.NewClient(), json)).Status);
        Assert.Equal((422, "import_incomplete"), Code(await service.Client.ImportAsync(service.NewClient(), "")));
        Assert.Equal((422, "import_incomplete"), Code(await service.Client.ImportAsync(service.NewClient(), """{"type":"header","format":1}""")));
        Assert.Equal(400, (await service.Client.ImportAsync(service.NewClient(), """{"type":"header","format":2}""")).Status);
        Assert.Equal(404, (await service.Client.ImportAsync("-", """{"type":"header","format":1}""")).Status);
        Assert.Equal((413, "body_too_large"), Code(await service.Client.ImportAsync(service.NewClient(), new string('x', Actors.Clients.IImportGrain.MaxLineBytes + 1))));
    }

    [Fact]
    public async Task references_to_workflows_that_are_not_there_are_left_out_and_counted()
    {
        var client = service.NewClient();
        var run = $$"""{"type":"execution_runs","id":"{{Guid.NewGuid()}}","run_identifier":"a","workflow_id":"{{Guid.NewGuid()}}","status":"pending","telemetry":{},"created_at":"2026-11-20T09:00:00Z","updated_at":"2026-11-20T09:00:00Z"}""";

        var (status, done) = await service.Client.ImportAsync(client, Lines([run], "execution_runs"));

        Assert.Equal((200, 1), (status, (int?)done["unlinked"]));
        Assert.Equal("1", await service.Database.PsqlAsync($"select count(*) from execution_runs where client_id = '{client}' and workflow_id is null"));
    }

    [Theory]
    [InlineData("run_steps", "run_steps_refer_to_rows_of_their_client", """{"run_id":"RUN","step_number":9,"title":"a"}""")]
    [InlineData("tasks", "tasks_refer_to_rows_of_their_client", """{"id":"NEW","title":"a","project_id":"PROJECT","status":"todo","priority":0,"tags":[],"depends_on":[],"created_at":"2026-11-20T09:00:00Z","updated_at":"2026-11-20T09:00:00Z"}""")]
    [InlineData("scheduler_runs", "scheduler_runs_refer_to_rows_of_their_client", """{"id":"NEW","plan_id":"PLAN","status":"planned","horizon_days":7,"start_date":"2026-11-20","time_zone":"UTC","calendar":"a","events_created":0,"calendar_events":[],"unscheduled":[],"created_at":"2026-11-20T09:00:00Z","updated_at":"2026-11-20T09:00:00Z"}""")]
    [InlineData("fact_sources", "fact_sources_refer_to_rows_of_their_client", """{"fact_id":"FACT","event_id":"EVENT","extractor":"a","extractor_version":"1","created_at":"2026-11-20T09:00:00Z"}""")]
    [InlineData("graph_edges", "graph_edges_refer_to_rows_of_their_client", """{"id":"NEW","from_node_id":"NODE","to_node_id":"NODE","relation":"a","valid_from":"2026-11-20T09:00:00Z","properties":{},"created_at":"2026-11-20T09:00:00Z","updated_at":"2026-11-20T09:00:00Z"}""")]
    [InlineData("fact_versions", "fact_versions_do_not_overlap_beliefs_of_other_clients", """{"fact_id":"FACT","subject_type":"a","subject_id":"a","fact_type":"a","content":"a","salience_score":0.5,"valid_from":"2026-01-01T00:00:00Z","metadata":{},"created_at":"2026-01-01T00:00:00Z","recorded_at":"2026-01-01T00:00:00Z","retracted_at":"NOW","operation":"update","actor":"a"}""")]
    public async Task a_line_that_reaches_into_another_client_is_refused(string table, string rule, string row)
    {
        var victim = await WholeClient.MakeAsync(service.Client, service.Database, service.NewClient(), $"Ursula_{table}");
        var before = await victim.ReadAllAsync();
        row = row.Replace("NEW", $"{Guid.NewGuid()}", StringComparison.Ordinal);
        foreach (var (name, sql) in new[]
                 {
                     ("RUN", "min(id::text) from execution_runs"), ("PROJECT", "min(id::text) from projects"), ("PLAN", "min(id::text) from plans"), ("FACT", "min(id::text) from facts"),
                     ("EVENT", "min(id::text) from events"), ("NODE", "min(id::text) from graph_nodes"), ("NOW", "to_json(max(recorded_at) + interval '1 microsecond') #>> '{}' from facts"),
                 })
        {
            row = row.Replace($"\"{name}\"", $"\"{(await service.Database.PsqlAsync($"select {sql} where client_id = '{victim.Id}'")).Trim()}\"", StringComparison.Ordinal);
        }

        var (status, problem) = await service.Client.ImportAsync(service.NewClient(), Lines([$$"""{"type":"{{table}}",{{row[1..]}}"""], table));

        Assert.True((422, "import_refused", $"Line 2: The row of {table} breaks the rule '{rule}'.") == (status, (string?)problem["code"], (string?)problem["detail"]), problem.ToJsonString());
        Assert.Equal(before, await victim.ReadAllAsync());
    }

    // Triggers keep others from writing such: the client's clock would be dragged along, and its rows could not be read.
    [Theory]
    [InlineData("events", "events_were_written_by_now", "created_at", "9998-12-31T23:59:59Z")]
    [InlineData("facts", "facts_were_written_by_now", "recorded_at", "infinity")]
    [InlineData("facts", "facts_have_calendar_times", "created_at", "0044-03-15 00:00:00+00 BC")]
    [InlineData("fact_versions", "fact_versions_were_written_by_now", "retracted_at", "infinity")]
    [InlineData("fact_versions", "fact_versions_have_calendar_times", "valid_from", "-infinity")]
    [InlineData("fact_versions", "fact_versions_hold_what_facts_may", "content", "")]
    [InlineData("clients", "clients_were_written_by_now", "versions_purged_to", "infinity")]
    [InlineData("clients", "clients_have_calendar_times", "purged_to", "-infinity")]
    public async Task a_line_that_would_leave_a_client_nobody_can_read_or_write_is_refused(string table, string rule, string member, string value)
    {
        const string Belief = """ "subject_type":"a","subject_id":"a","fact_type":"a","content":"a","salience_score":0.5,"valid_from":"2026-01-01T00:00:00Z","metadata":{},"created_at":"2026-01-01T00:00:00Z","recorded_at":"2026-01-01T00:00:00Z", """;
        var row = JsonNode.Parse(table switch
        {
            "clients" => """{"type":"clients","name":"a","created_at":"2026-01-01T00:00:00Z"}""",
            "events" => Event("event"),
            "facts" => $$"""{"type":"facts","id":"{{Guid.NewGuid()}}",{{Belief}}"updated_at":"2026-01-01T00:00:00Z"}""",
            _ => $$"""{"type":"fact_versions","fact_id":"{{Guid.NewGuid()}}",{{Belief}}"retracted_at":"2026-01-02T00:00:00Z","operation":"update","actor":"a"}""",
        })!;
        var client = service.NewClient();
        var sound = await service.Client.ImportAsync(service.NewClient(), Lines([row.ToJsonString()], table));
        Assert.True(sound.Status == 200, sound.Last.ToJsonString());
        if (row["id"] is not null)
        {
            row["id"] = $"{Guid.NewGuid()}";
        }

        if (row["fact_id"] is not null)
        {
            row["fact_id"] = $"{Guid.NewGuid()}";
        }

        row[member] = value;

        var (status, problem) = await service.Client.ImportAsync(client, Lines([row.ToJsonString()], table));

        Assert.True((422, "import_refused", $"Line 2: The row of {table} breaks the rule '{rule}'.") == (status, (string?)problem["code"], (string?)problem["detail"]), problem.ToJsonString());
    }

    [Fact]
    public async Task a_fact_that_was_given_to_another_client_leaves_no_edge_behind_that_could_not_be_imported()
    {
        var client = await WholeClient.MakeAsync(service.Client, service.Database, service.NewClient(), "Theodor");
        var heir = service.NewClient();
        await service.Database.PsqlAsync($"insert into clients (id) values ('{heir}'); update facts set client_id = '{heir}' where client_id = '{client.Id}'");
        var export = await service.Client.ExportAsync(client.Id);
        await using var database = await TestPostgres.CreateAsync();
        await using var folder = TestFolder.Create();
        await using var other = await ServiceProcess.StartAsync(folder.Path, "--postgres", database.ConnectionString);

        foreach (var moved in (string[])[client.Id, heir])
        {
            var (status, last) = await other.Client.ImportAsync(moved, moved == heir ? await service.Client.ExportAsync(heir) : export);
            Assert.True((200, "done") == (status, (string?)last["type"]), last.ToJsonString());
        }
    }

    private static string Event(string type) =>
        $$"""{"type":"events","id":"{{Guid.NewGuid()}}","memory_type":"{{type}}","content":"tea","occurred_at":"2026-11-20T09:00:00Z","created_at":"2026-11-20T09:00:00Z","metadata":{},"memory_scope":"user","salience_score":0.5}""";

    private static string Lines(IEnumerable<string> rows, string table = "events")
    {
        var all = rows.ToArray();
        return string.Join('\n', ["""{"type":"header","format":1}""", .. all, $$"""{"type":"end","rows":{"{{table}}":{{all.Length}} } }"""]);
    }

    private static (int, string?) Code((int Status, JsonNode Last) answer) => (answer.Status, (string?)answer.Last["code"]);
}
