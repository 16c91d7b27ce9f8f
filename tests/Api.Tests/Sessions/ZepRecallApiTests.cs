using System.Text.Json.Nodes;
using Actors.Support;

namespace Actors.Api.Tests.Sessions;

/// <summary>Recall of a service that has a Zep, over HTTP.</summary>
public sealed class ZepRecallApiTests : IAsyncLifetime
{
    private readonly string _data = Path.Combine(Path.GetTempPath(), $"zep-test-{Guid.NewGuid():N}");
    private TestDatabase _database = null!;
    private FakeZep _zep = null!;
    private ServiceProcess _service = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestPostgres.CreateAsync();
        _zep = await FakeZep.StartAsync();
        // Long, since a busy machine must not make Zep slow.
        _service = await ServiceProcess.StartAsync(
            _data, "--postgres", _database.ConnectionString, "--Zep:BaseUrl", _zep.BaseUrl, "--Zep:ApiKey", FakeZep.Key, "--Zep:SearchBudget", "00:00:10");
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _zep.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task what_Zep_alone_knows_is_a_result_with_its_id_there()
    {
        await _database.PsqlAsync("insert into zep_clients (client_id, ensured_at) values ('1', now())");
        var since = new DateTimeOffset(2026, 3, 1, 9, 30, 0, TimeSpan.Zero);
        var id = _zep.AddForeignFact("client_1", "Ada moved to Lisbon", validAt: since);

        var answer = await GetAsync("/api/v1/memory/recall?client_id=1&query=Lisbon%20Porto");

        Assert.Equal("[]", answer["degraded"]!.ToJsonString());
        var result = Assert.Single(answer["results"]!.AsArray())!;
        Assert.Equal(
            ("zep", id, "Ada moved to Lisbon", 0.5, "fact", "user"),
            ((string?)result["source"], (string?)result["zep_id"], (string?)result["content"], (double)result["similarity_score"]!, (string?)result["memory_type"], (string?)result["memory_scope"]));
        Assert.Equal(since, (DateTimeOffset)result["valid_from"]!);
        Assert.Equal("""{"matched_terms":[],"reasons":["zep"],"bm25":0}""", result["why"]!.ToJsonString());
        Assert.False(result.AsObject().ContainsKey("memory_id"));
        Assert.False(result.AsObject().ContainsKey("fact_id"));

        var context = await GetAsync("/api/v1/memory/recall?client_id=1&query=Lisbon%20Porto&format=context");
        Assert.Equal($"- [since 2026-03-01 09:30] Ada moved to Lisbon (zep {id})\n", (string?)context["context"]);
        Assert.Equal(id, (string?)context["results"]![0]!["zep_id"]);
    }

    [Fact]
    public async Task a_Zep_that_takes_no_key_is_named_and_nothing_else_is_missing()
    {
        await _database.PsqlAsync("insert into zep_clients (client_id, ensured_at) values ('2', now()); insert into events (client_id, content, salience_score) values ('2', 'The kettle is red', 0.1)");
        _zep.Mood = ZepMood.WrongKey;

        var answer = await GetAsync("/api/v1/memory/recall?client_id=2&query=kettle%20bicycle");

        Assert.Equal("""["zep"]""", answer["degraded"]!.ToJsonString());
        Assert.Equal("The kettle is red", (string?)Assert.Single(answer["results"]!.AsArray())!["content"]);
        Assert.DoesNotContain(FakeZep.Key, _service.Output, StringComparison.Ordinal);
    }

    private async Task<JsonNode> GetAsync(string path)
    {
        using var response = await _service.Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }
}
