using System.Text.Json.Nodes;

namespace Actors.Api.Tests.Sessions;

[Collection(ServiceTests.Name)]
public class MemoryApiTests(ServiceFixture service)
{
    [Fact]
    public async Task remember_answers_with_what_was_stored()
    {
        var client = service.NewClient();
        var answer = await service.RememberAsync(new { content = "Ada prefers tea", client_id = client });

        Assert.True(Guid.TryParse((string)answer["memory_id"]!, out _));
        Assert.Equal(["postgres"], Texts(answer["stored_in"]));
        Assert.Empty(Texts(answer["queued_for"]));
        Assert.Equal($"client_{client}", (string)answer["zep_session_id"]!);
        Assert.Equal("user", (string)answer["memory_scope"]!);
        Assert.Equal(0.5, (double)answer["salience_score"]!);
        Assert.Null(answer["expires_at"]);
        Assert.Equal("1", await service.Database.PsqlAsync($"select count(*) from events where id = '{answer["memory_id"]}'"));
    }

    [Fact]
    public async Task recall_answers_with_results_in_the_contracts_shape()
    {
        var client = service.NewClient();
        var stored = await service.RememberAsync(new
        {
            content = "Ada prefers tea in the morning",
            client_id = client,
            memory_type = "decision",
            memory_scope = "project",
            salience_hint = 0.8,
            metadata = new { topic = "drinks", tags = new[] { "a" } },
            conversation_id = "talk",
            speaker = "Ada",
            occurred_at = "2026-03-01T09:30:00+01:00",
            expires_at = "2999-01-01T00:00:00Z",
        });

        var (status, body) = await service.GetAsync($"/api/v1/memory/recall?client_id={client}&query=who+prefers+tea%3F");

        Assert.Equal(200, status);
        Assert.Equal(
            ["query", "client_id", "results", "result_count", "cached", "degraded", "search_time_ms"],
            body!.AsObject().Select(member => member.Key));
        Assert.Equal("who prefers tea?", (string)body["query"]!);
        Assert.Equal(1, (int)body["result_count"]!);
        Assert.Empty(Texts(body["degraded"]));
        var hit = body["results"]![0]!;
        Assert.Equal((string)stored["memory_id"]!, (string)hit["memory_id"]!);
        Assert.Equal("event", (string)hit["source"]!);
        Assert.Equal("decision", (string)hit["memory_type"]!);
        Assert.Equal("project", (string)hit["memory_scope"]!);
        Assert.Equal("Ada", (string)hit["speaker"]!);
        Assert.Equal("talk", (string)hit["conversation_id"]!);
        Assert.Equal(DateTimeOffset.Parse("2026-03-01T08:30:00Z", null), (DateTimeOffset)hit["occurred_at"]!);
        Assert.Equal("drinks", (string)hit["metadata"]!["topic"]!);
        Assert.Equal(["prefers", "tea"], Texts(hit["why"]!["matched_terms"]));
        Assert.InRange((double)hit["similarity_score"]!, 0.01, 1);
    }

    [Fact]
    public async Task recall_takes_the_same_as_a_body()
    {
        var client = service.NewClient();
        await service.RememberAsync(new { content = "apple one", client_id = client, memory_scope = "global", metadata = new { n = 1 } });
        await service.RememberAsync(new { content = "apple two", client_id = client, metadata = new { n = 2 } });

        var (_, all) = await service.PostAsync("/api/v1/memory/recall", new { query = "apple", client_id = client, scopes = new[] { "user", "global" } });
        var (_, one) = await service.PostAsync("/api/v1/memory/recall", new { query = "apple", client_id = client, metadata = new { n = 2 }, k = 5 });
        var (_, scoped) = await service.PostAsync("/api/v1/memory/recall", new { query = "apple", client_id = client, scopes = "global" });

        Assert.Equal(["apple two", "apple one"], Contents(all!["results"]!));
        Assert.Equal(["apple two"], Contents(one!["results"]!));
        Assert.Equal(["apple one"], Contents(scoped!["results"]!));
    }

    [Theory]
    [InlineData("scopes=project", "p")]
    [InlineData("scopes=%5B%22project%22%2C%22user%22%5D", "u,p")]
    [InlineData("memory_type=reflection", "u")]
    [InlineData("conversation_id=c2", "p")]
    [InlineData("speaker=BOB", "p")]
    [InlineData("from=2026-02-01T00:00:00Z", "u")]
    [InlineData("to=2026-02-01T00:00:00Z", "p")]
    [InlineData("as_of=2026-01-15T00:00:00Z", "p")]
    [InlineData("as_of=2026-02-15T00:00:00+01:00", "u,p")]
    [InlineData("known_at=2020-01-01T00:00:00Z", "")]
    [InlineData("metadata.kind=x", "p")]
    [InlineData("k=1", "u")]
    public async Task each_filter_narrows_recall(string filter, string expected)
    {
        var client = service.NewClient();
        await service.RememberAsync(new
        {
            content = "pear p", client_id = client, memory_scope = "project", conversation_id = "c2", speaker = "Bob",
            occurred_at = "2026-01-01T00:00:00Z", metadata = new { kind = "x" },
        });
        await service.RememberAsync(new
        {
            content = "pear u", client_id = client, memory_type = "reflection", occurred_at = "2026-02-02T00:00:00Z",
        });

        var results = await service.RecallAsync($"client_id={client}&query=pear&{filter}");

        Assert.Equal(expected, string.Join(',', Contents(results).Select(content => content[^1])));
    }

    [Fact]
    public async Task with_no_match_the_list_is_empty()
    {
        var client = service.NewClient();
        await service.RememberAsync(new { content = "something else", client_id = client });
        Assert.Empty(await service.RecallAsync($"client_id={client}&query=zeppelin"));
        Assert.Empty(await service.RecallAsync($"client_id={service.NewClient()}&query=something"));
    }

    [Fact]
    public async Task a_batch_is_stored_in_order_for_one_client()
    {
        var client = service.NewClient();
        var (status, body) = await service.PostAsync(
            "/api/v1/memory/remember/batch",
            new { client_id = client, items = Enumerable.Range(0, 300).Select(i => new { content = $"item {i}" }) });
        Assert.Equal(201, status);
        var ids = body!["items"]!.AsArray().Select(item => (string)item!["memory_id"]!).ToList();
        Assert.Equal(300, ids.Count);

        var listed = new List<string>();
        var cursor = "";
        do
        {
            var (_, page) = await service.GetAsync($"/api/v1/memory/events?client_id={client}&limit=70{cursor}");
            listed.AddRange(page!["items"]!.AsArray().Select(item => (string)item!["memory_id"]!));
            cursor = page["next_cursor"] is { } next ? $"&cursor={next}" : null;
        }
        while (cursor is not null);

        Assert.Equal(Enumerable.Reverse(ids), listed);
    }

    [Fact]
    public async Task a_batch_may_be_a_bare_array()
    {
        var client = service.NewClient();
        var (status, body) = await service.PostAsync(
            "/api/v1/memory/remember/batch", new[] { new { content = "a", client_id = client }, new { content = "b", client_id = client } });
        Assert.Equal((201, 2), (status, body!["items"]!.AsArray().Count));
    }

    [Theory]
    [InlineData("scope=session", "s")]
    [InlineData("min_salience=0.85", "u")]
    [InlineData("from=2026-02-01T00:00:00Z", "s")]
    [InlineData("to=2026-02-01T00:00:00Z", "u")]
    [InlineData("include_expired=true", "e,s,u")]
    [InlineData("limit=1", "s")]
    public async Task the_list_of_events_is_filtered(string filter, string expected)
    {
        var client = service.NewClient();
        await service.RememberAsync(new { content = "u", client_id = client, salience_score = 0.9, occurred_at = "2026-01-01T00:00:00Z" });
        await service.RememberAsync(new { content = "s", client_id = client, memory_scope = "session", occurred_at = "2026-02-02T00:00:00Z" });
        await service.RememberAsync(new { content = "e", client_id = client, occurred_at = "2025-02-02T00:00:00Z", expires_at = "2025-02-03T00:00:00Z" });

        var (status, page) = await service.GetAsync($"/api/v1/memory/events?client_id={client}&{filter}");

        Assert.Equal(200, status);
        Assert.Equal(expected, string.Join(',', Contents(page!["items"]!)));
    }

    [Fact]
    public async Task one_event_can_be_read_and_deleted()
    {
        var client = service.NewClient();
        var id = (string)(await service.RememberAsync(new { content = "short lived", client_id = client }))["memory_id"]!;
        var (status, body) = await service.GetAsync($"/api/v1/memory/events/{id}");
        Assert.Equal((200, "short lived", client), (status, (string)body!["content"]!, (string)body["client_id"]!));

        Assert.Equal(204, (await service.SendAsync(HttpMethod.Delete, $"/api/v1/memory/events/{id}")).Status);

        Assert.Equal(404, (await service.GetAsync($"/api/v1/memory/events/{id}")).Status);
        Assert.Equal(404, (await service.SendAsync(HttpMethod.Delete, $"/api/v1/memory/events/{id}")).Status);
        Assert.Empty(await service.RecallAsync($"client_id={client}&query=short"));
    }

    [Fact]
    public async Task a_client_id_may_be_written_as_a_whole_number()
    {
        var answer = await service.RememberAsync(new { content = "number seven", client_id = 7 });
        Assert.Equal("client_7", (string)answer["zep_session_id"]!);
        Assert.Single(await service.RecallAsync("client_id=7&query=seven"));
        Assert.Equal(400, (await service.PostAsync("/api/v1/memory/remember", """{"content": "x", "client_id": 7.0}""")).Status);
    }

    [Fact]
    public async Task an_event_that_an_operator_moved_to_another_client_is_found_there()
    {
        var (from, to) = (service.NewClient(), service.NewClient());
        var id = (string)(await service.RememberAsync(new { content = "misfiled", client_id = from }))["memory_id"]!;
        Assert.Equal(from, (string)(await service.GetAsync($"/api/v1/memory/events/{id}")).Body!["client_id"]!);

        await service.Database.PsqlAsync($"update events set client_id = '{to}' where id = '{id}'");
        await service.RememberAsync(new { content = "the session catches up with a write", client_id = from });

        Assert.Equal(to, (string)(await service.GetAsync($"/api/v1/memory/events/{id}")).Body!["client_id"]!);
    }

    [Fact]
    public async Task metadata_reads_the_same_before_and_after_a_restart()
    {
        var client = service.NewClient();
        await service.RememberAsync("""{"content": "numbers", "client_id": "CLIENT", "metadata": {"b": 1e2, "a": 1.50}}""".Replace("CLIENT", client, StringComparison.Ordinal));
        Assert.Single(await service.RecallAsync($"client_id={client}&query=numbers&metadata.b=100"));
        Assert.Empty(await service.RecallAsync($"client_id={client}&query=numbers&metadata.b=1e2"));
    }

    [Fact]
    public async Task an_expired_event_is_read_only_when_asked_for()
    {
        var memory = await service.RememberAsync(new
        {
            content = "old news", client_id = service.NewClient(), occurred_at = "2025-01-01T00:00:00Z", expires_at = "2025-01-02T00:00:00Z",
        });
        var path = $"/api/v1/memory/events/{memory["memory_id"]}";
        Assert.Equal(404, (await service.GetAsync(path)).Status);
        Assert.Equal(200, (await service.GetAsync($"{path}?include_expired=true")).Status);
    }

    [Fact]
    public async Task an_answer_about_a_time_of_which_memories_were_deleted_says_so()
    {
        var client = service.NewClient();
        // As if a memory that ended then had been deleted.
        await service.Database.PsqlAsync(
            $"insert into clients (id) values ('{client}'); insert into session_heads (client_id, purged_to) values ('{client}', '2026-02-01T00:00:00Z')");
        const string Before = "as_of=2026-01-31T00:00:00Z";
        const string After = "as_of=2026-02-01T00:00:00Z";

        foreach (var path in new[] { $"/api/v1/memory/recall?client_id={client}&query=news", $"/api/v1/memory/events?client_id={client}" })
        {
            Assert.Equal(["retention"], Texts((await service.GetAsync($"{path}&{Before}")).Body!["degraded"]));
            Assert.Empty(Texts((await service.GetAsync($"{path}&{After}")).Body!["degraded"]));
            Assert.Empty(Texts((await service.GetAsync(path)).Body!["degraded"]));
        }
    }

    [Theory]
    [InlineData("00000000-0000-7000-8000-000000000000")]
    [InlineData("no-id")]
    [InlineData("%0A")]
    public async Task an_id_that_is_none_is_not_found(string id)
    {
        var (status, body) = await service.GetAsync($"/api/v1/memory/events/{id}");
        Assert.Equal((404, "not_found"), (status, (string)body!["code"]!));
    }

    private static IEnumerable<string> Texts(JsonNode? array) => array!.AsArray().Select(node => (string)node!);

    private static IEnumerable<string> Contents(JsonNode results) => results.AsArray().Select(node => (string)node!["content"]!);
}
