using System.Net;
using System.Text.Json.Nodes;

namespace Actors.Api.Tests.Facts;

[Collection(ServiceTests.Name)]
public class FactReadTests(ServiceFixture service)
{
    private const string Facts = "/api/v1/memory/facts";

    private Task<string> InsertAsync(string client, string content, string columns = "", string values = "") => service.Database.PsqlAsync($"""
        insert into facts (client_id, subject_type, subject_id, fact_type, content{columns}) values ('{client}', 'user', '{client}', 'likes', '{content}'{values}) returning id
        """);

    private async Task<JsonNode> ReadAsync(string path)
    {
        var (status, body) = await service.GetAsync(path);
        Assert.True(status == 200, body?.ToJsonString());
        return body!;
    }

    private static string ContentsOf(JsonNode items) => string.Join(',', items.AsArray().Select(fact => (string)fact!["content"]!));

    [Fact]
    public async Task a_fact_is_answered_in_the_contracts_shape()
    {
        var client = service.NewClient();
        var id = await InsertAsync(
            client, "tea", ", salience_score, category, fact_key, valid_from, valid_to, metadata", """, 0.25, 'food', 'drink', '2026-01-01T00:00Z', '2999-01-01T00:00Z', '{"n": 1}'""");

        var fact = await ReadAsync($"{Facts}/{id}");

        Assert.Equal(
            [
                "fact_id", "zep_fact_id", "client_id", "subject_type", "subject_id", "fact_type", "content", "salience_score", "category", "fact_key", "valid_from",
                "valid_to", "created_at", "recorded_at", "retracted_at", "superseded_by", "metadata", "proof_count",
            ],
            fact.AsObject().Select(member => member.Key));
        Assert.Equal(
            (id, client, "user", client, "likes", "tea", 0.25, "food", "drink"),
            ((string)fact["fact_id"]!, (string)fact["client_id"]!, (string)fact["subject_type"]!, (string)fact["subject_id"]!, (string)fact["fact_type"]!,
                (string)fact["content"]!, (double)fact["salience_score"]!, (string)fact["category"]!, (string)fact["fact_key"]!));
        Assert.Equal("2026-01-01T00:00:00+00:00", (string)fact["valid_from"]!);
        Assert.Equal(1, (int)fact["metadata"]!["n"]!);
        Assert.Null(fact["retracted_at"]);
        // Lists do not count proofs.
        fact.AsObject().Remove("proof_count");
        Assert.Equal(fact.ToJsonString(), (await ReadAsync($"{Facts}?client_id={client}&subject_id={client}"))["items"]![0]!.ToJsonString());
    }

    [Fact]
    public async Task both_axes_are_asked_for()
    {
        var client = service.NewClient();
        var id = await InsertAsync(client, "tea", ", valid_from, valid_to", ", '2026-01-01T00:00Z', '2026-03-01T00:00Z'");
        var before = await KnownNowAsync();
        await service.Database.PsqlAsync($"update facts set content = 'coffee', valid_to = '2026-02-01T00:00Z' where id = '{id}'");

        Assert.Equal("", await AtAsync(""));
        Assert.Equal("coffee", await AtAsync("&include=history"));
        Assert.Equal("coffee", await AtAsync("&include=all"));
        Assert.Equal("coffee", await AtAsync("&as_of=2026-01-15T00:00:00Z"));
        Assert.Equal("", await AtAsync("&as_of=2026-02-15T00:00:00Z"));
        Assert.Equal("tea", await AtAsync($"&as_of=2026-02-15T00:00:00Z&known_at={before}"));
        Assert.Equal("", await AtAsync("&as_of=2026-02-15T00:00:00Z&known_at=2020-01-01T00:00:00Z"));
        Assert.Equal("tea", (string)(await ReadAsync($"{Facts}/{id}?known_at={before}"))["content"]!);
        Assert.Equal(404, (await service.GetAsync($"{Facts}/{id}?known_at=2020-01-01T00:00:00Z")).Status);
        Assert.Equal("tea", ContentsOf((await ReadAsync($"/api/v1/memory/subjects/user/{client}?as_of=2026-02-15T00:00:00Z&known_at={before}"))["facts"]!));
        Assert.Empty((await ReadAsync($"/api/v1/memory/subjects/user/{client}"))["facts"]!.AsArray());

        async Task<string> AtAsync(string query) => ContentsOf((await ReadAsync($"{Facts}?subject_type=user&subject_id={client}{query}"))["items"]!);
        Task<string> KnownNowAsync() => service.Database.PsqlAsync("""select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""");
    }

    [Fact]
    public async Task a_list_is_paged_with_its_own_cursors()
    {
        var client = service.NewClient();
        await service.Database.PsqlAsync($"""
            insert into facts (client_id, subject_type, subject_id, fact_type, content) select '{client}', 'user', '{client}', 'likes', n::text from generate_series(1, 12) n
            """);
        foreach (var (list, items) in new[] { ($"{Facts}?subject_id={client}&limit=5", "items"), ($"/api/v1/memory/subjects/user/{client}?limit=5", "facts") })
        {
            var contents = new List<string>();
            var (cursor, pages) = ("", 0);
            do
            {
                var page = await ReadAsync($"{list}{cursor}");
                contents.Add(ContentsOf(page[items]!));
                cursor = page["next_cursor"] is { } next ? $"&cursor={next}" : null;
                pages++;
            }
            while (cursor is not null);

            Assert.Equal((3, 12), (pages, string.Join(',', contents).Split(',').Distinct().Count()));
        }

        var ofFacts = (string)(await ReadAsync($"{Facts}?subject_id={client}&limit=5"))["next_cursor"]!;
        var ofSubject = (string)(await ReadAsync($"/api/v1/memory/subjects/user/{client}?limit=5"))["next_cursor"]!;
        foreach (var path in new[]
                 {
                     $"{Facts}?cursor={ofSubject}", $"/api/v1/memory/subjects/user/x?cursor={ofFacts}", $"{Facts}?cursor={ofFacts}A", $"{Facts}?cursor=x",
                     $"/api/v1/memory/events?client_id={client}&cursor={ofFacts}",
                 })
        {
            var (status, problem) = await service.GetAsync(path);
            Assert.Equal((400, "query:cursor"), (status, (string)problem!["errors"]![0]!["pointer"]!));
        }
    }

    [Fact]
    public async Task a_history_tells_what_was_believed_what_ended_it_and_where_it_came_from()
    {
        var client = service.NewClient();
        var memory = (string)(await service.RememberAsync(new { content = "she drinks tea", client_id = client }))["memory_id"]!;
        var tea = await InsertAsync(client, "tea");
        await service.Database.PsqlAsync($"""
            insert into fact_sources (fact_id, event_id, span_start, span_end) values ('{tea}', '{memory}', 11, 14);
            begin; select describe_change('correct', 'ann', 'typo'); update facts set content = 'green tea' where id = '{tea}'; commit;
            """);
        var coffee = await service.Database.PsqlAsync($"select update_fact_temporal('user', '{client}', 'likes', 'coffee', 0.5, '{client}')");

        var history = await ReadAsync($"{Facts}/{coffee}/history");

        var role = await service.Database.PsqlAsync("select session_user");
        Assert.Equal((coffee, false), ((string)history["fact_id"]!, (bool)history["truncated"]!));
        Assert.Equal(
            ["tea correct ann typo  11-14", $"green tea change {role}   11-14", "green tea     11-14", $"coffee    {tea} "],
            history["items"]!.AsArray().Select(b =>
                $"{b!["fact"]!["content"]} {b["ended_by"]} {b["actor"]} {b["reason"]} {b["supersedes"]} "
                + string.Join(',', b["sources"]!.AsArray().Select(s => $"{s!["span_start"]}-{s["span_end"]}"))));
        Assert.Equal(
            $$"""[{"memory_id":"{{memory}}","span_start":11,"span_end":14,"extractor":"manual","extractor_version":"1","model":null}]""",
            history["items"]![0]!["sources"]!.ToJsonString());
        Assert.Equal([1, 1, 1, 0], history["items"]!.AsArray().Select(b => (int)b!["fact"]!["proof_count"]!));
        Assert.Equal(1, (int)(await ReadAsync($"{Facts}/{tea}"))["proof_count"]!);
        Assert.Equal((string)history["items"]![1]!["fact"]!["recorded_at"]!, (string)history["items"]![0]!["fact"]!["retracted_at"]!);
    }

    [Fact]
    public async Task what_is_known_about_an_entity_are_its_facts_and_links()
    {
        var client = service.NewClient();
        var id = await InsertAsync(client, "works for Acme");
        await service.Database.PsqlAsync($"""
            with nodes as (insert into graph_nodes (client_id, subject_type, subject_id) values ('{client}', 'user', '{client}'), ('{client}', 'company', 'Acme/West') returning *)
            insert into graph_edges (client_id, from_node_id, to_node_id, relation, fact_id)
            select '{client}', a.id, b.id, 'works_for', '{id}' from nodes a, nodes b where a.subject_type = 'user' and b.subject_type = 'company'
            """);

        var user = await ReadAsync($"/api/v1/memory/subjects/user/{client}?client_id={client}");
        var company = await ReadAsync($"/api/v1/memory/subjects/company/Acme%2FWest?client_id={client}");

        Assert.Equal(["subject_type", "subject_id", "facts", "links", "next_cursor", "degraded"], user.AsObject().Select(member => member.Key));
        Assert.Equal("works for Acme", ContentsOf(user["facts"]!));
        Assert.Equal(
            $$"""{"relation":"works_for","direction":"outgoing","client_id":"{{client}}","subject_type":"company","subject_id":"Acme/West","fact_id":"{{id}}","valid_from":"{{user["facts"]![0]!["valid_from"]}}","valid_to":null}""",
            user["links"]!.AsArray().Single()!.ToJsonString(new(System.Text.Json.JsonSerializerDefaults.Web) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Equal(("Acme/West", 0), ((string)company["subject_id"]!, company["facts"]!.AsArray().Count));
        Assert.Equal(("incoming", client), ((string)company["links"]![0]!["direction"]!, (string)company["links"]![0]!["subject_id"]!));
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a%2Fb")]
    [InlineData("50% + ü?#&")]
    [InlineData("..a")]
    public async Task an_entity_may_be_called_anything(string name)
    {
        await service.Database.PsqlAsync($"insert into facts (subject_type, subject_id, fact_type, content) values ('{name}', '{name}', 'is', '{name}')");

        var answer = await ReadAsync($"/api/v1/memory/subjects/{Uri.EscapeDataString(name)}/{Uri.EscapeDataString(name)}");

        Assert.Equal((name, name, name), ((string)answer["subject_type"]!, (string)answer["subject_id"]!, ContentsOf(answer["facts"]!)));
    }

    [Theory]
    [InlineData("facts?include=none&limit=501&as_of=now&client_id=-&subject_id=%01&nonsense=1", "query:as_of,query:client_id,query:include,query:limit,query:nonsense,query:subject_id")]
    [InlineData("facts?include=1", "query:include")]
    [InlineData("facts/00000000-0000-7000-8000-000000000000?known_at=1&as_of=2026-01-01T00:00:00Z", "query:as_of,query:known_at")]
    [InlineData("facts/00000000-0000-7000-8000-000000000000/history?known_at=2026-01-01T00:00:00Z", "query:known_at")]
    [InlineData("subjects/%09/%20?include=all&limit=0", "path:id,path:type,query:include,query:limit")]
    public async Task faults_of_a_query_are_named(string path, string faults)
    {
        var (status, problem) = await service.GetAsync($"/api/v1/memory/{path}");

        Assert.Equal(400, status);
        Assert.Equal(faults, string.Join(',', problem!["errors"]!.AsArray().Select(fault => (string)fault!["pointer"]!).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task an_id_that_is_none_gets_the_same_answer_from_every_route()
    {
        const string missing = """{"title":"Not Found","status":404,"code":"not_found","detail":"There is no such fact.","hint":"Check the id; ids of other clients look the same as missing ones."}""";
        foreach (var id in new[] { Guid.NewGuid().ToString(), "no-id", "%0A" })
        {
            Assert.Equal((404, missing), await GetAsync($"{Facts}/{id}"));
            Assert.Equal((404, missing), await GetAsync($"{Facts}/{id}/history"));
            Assert.Equal((404, missing), await PostAsync($"{Facts}/{id}/update", """{"content": "x"}"""));
            Assert.Equal((404, missing), await PostAsync($"{Facts}/{id}/correct", """{"content": "x", "reason": "r"}"""));
            Assert.Equal((404, missing), await PostAsync($"{Facts}/{id}/retract", """{"reason": "r"}"""));
        }

        async Task<(int, string)> GetAsync(string path) => TextOf(await service.GetAsync(path));
        async Task<(int, string)> PostAsync(string path, string json) => TextOf(await service.PostAsync(path, json));
        static (int, string) TextOf((int Status, JsonNode? Body) answer) => (answer.Status, answer.Body!.ToJsonString());
    }

    [Theory]
    [InlineData("facts", "/content,/fact_type,/subject_id,/subject_type")]
    [InlineData("facts/x/update", "/content")]
    [InlineData("facts/x/correct", ",/reason")]
    [InlineData("facts/x/retract", "/reason")]
    public async Task a_write_of_the_wrong_shape_is_refused(string path, string faults)
    {
        var (status, problem) = await service.PostAsync($"/api/v1/memory/{path}", "{}");
        Assert.Equal(400, status);
        Assert.Equal(faults, string.Join(',', problem!["errors"]!.AsArray().Select(fault => (string)fault!["pointer"]!).Order(StringComparer.Ordinal)));

        Assert.Equal(400, (await service.PostAsync($"/api/v1/memory/{path}", "[]")).Status);
        using var text = new StringContent("{}", System.Text.Encoding.UTF8, "text/plain");
        using var response = await service.Client.PostAsync($"/api/v1/memory/{path}", text, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }
}
