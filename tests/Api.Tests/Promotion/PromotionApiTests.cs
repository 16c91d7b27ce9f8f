using System.Text.Json.Nodes;
using Actors.Api.Tests.Access;

namespace Actors.Api.Tests.Promotion;

/// <summary>What became of important memories, over HTTP. Promotions that were given up stay so, whatever the sweeper does meanwhile.</summary>
[Collection(ServiceTests.Name)]
public class PromotionApiTests(ServiceFixture service)
{
    private const string Promotions = "/api/v1/memory/promotions";

    private readonly string _client = service.NewClient();

    [Fact]
    public async Task failed_promotions_are_listed_newest_first_page_by_page()
    {
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            ids.Insert(0, await FailedAsync());
        }

        await service.RememberAsync(new { client_id = _client, content = "not important", salience_score = 0.1 });

        var (status, first) = await service.GetAsync($"{Promotions}?client_id={_client}&state=failed&limit=2");
        var (_, second) = await service.GetAsync($"{Promotions}?client_id={_client}&state=failed&limit=2&cursor={first!["next_cursor"]}");

        Assert.Equal(200, status);
        Assert.Equal(ids, [.. IdsOf(first), .. IdsOf(second!)]);
        Assert.Null(second!["next_cursor"]);
        Assert.Equal(
            $$"""{"memory_id":"{{ids[0]}}","client_id":"{{_client}}","state":"failed","attempts":5,"next_attempt_at":null,"last_error":"llm_garbage: No JSON.","extractor":null,"extractor_version":null,"model":null,"fact_ids":[],"set_aside_count":0,"set_aside":[]}""",
            Without(first["items"]![0]!, "created_at", "updated_at"));
        Assert.Empty(IdsOf((await service.GetAsync($"{Promotions}?client_id={_client}&state=extracted")).Body!));
        // The same to a key of that client which names none.
        var key = await service.Client.CreateKeyAsync("agent", _client);
        Assert.Equal(ids, IdsOf(JsonNode.Parse((await service.Client.AskAsync(key, "GET", $"{Promotions}?state=failed")).Body)!));
    }

    [Fact]
    public async Task a_promotion_that_was_given_up_is_tried_again_when_asked_for()
    {
        var id = await FailedAsync();

        var (status, body) = await service.PostAsync($"{Promotions}/{id}/retry", new { delay_seconds = 3_600 });

        Assert.Equal((202, "waiting", 0), (status, (string?)body!["state"], (int)body["attempts"]!));
        Assert.Equal(TimeProvider.System.GetUtcNow().AddHours(1), DateTimeOffset.Parse((string)body["next_attempt_at"]!, null), TimeSpan.FromMinutes(5));
        Assert.Equal("llm_garbage: No JSON.", (string?)body["last_error"]);
        Assert.Equal([id], IdsOf((await service.GetAsync($"{Promotions}?client_id={_client}&state=waiting")).Body!));
    }

    [Theory]
    [InlineData("?state=lost", "query:state")]
    [InlineData("?limit=0", "query:limit")]
    [InlineData("?cursor=x", "query:cursor")]
    [InlineData("?client_id=-", "query:client_id")]
    [InlineData("?memory_id=1", "query:memory_id")]
    public async Task a_strange_query_is_refused(string query, string where)
    {
        var (status, problem) = await service.GetAsync(Promotions + query);
        Assert.Equal((400, where), (status, (string)problem!["errors"]![0]!["pointer"]!));
    }

    [Fact]
    public async Task a_memory_without_a_promotion_is_not_found()
    {
        var memory = (string)(await service.RememberAsync(new { client_id = _client, content = "not important", salience_score = 0.1 }))["memory_id"]!;
        Assert.Equal(404, (await service.PostAsync($"{Promotions}/{memory}/retry", new { })).Status);
        Assert.Equal(404, (await service.PostAsync($"{Promotions}/nonsense/retry", new { })).Status);
    }

    private async Task<string> FailedAsync()
    {
        var id = (string)(await service.RememberAsync(new { client_id = _client, content = $"Nothing to find {Guid.NewGuid()}", salience_score = 0.9 }))["memory_id"]!;
        await service.Database.PsqlAsync(
            $"""
            update promotion_jobs set state = 'failed', attempts = 5, failures = 5, last_error = 'llm_garbage: No JSON.', extractor = null, extractor_version = null, result = null
            where event_id = '{id}'
            """);
        return id;
    }

    private static IEnumerable<string> IdsOf(JsonNode page) => page["items"]!.AsArray().Select(item => (string)item!["memory_id"]!);

    private static string Without(JsonNode item, params string[] members)
    {
        var copy = item.DeepClone().AsObject();
        foreach (var member in members)
        {
            copy.Remove(member);
        }

        return copy.ToJsonString();
    }
}
