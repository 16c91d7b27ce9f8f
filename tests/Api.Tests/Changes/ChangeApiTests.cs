using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Actors.Api.Tests.Access;

namespace Actors.Api.Tests.Changes;

/// <summary>The feed over HTTP: pages and streams.</summary>
[Collection(ServiceTests.Name)]
public class ChangeApiTests(ServiceFixture service)
{
    [Fact]
    public async Task a_page_shows_memories_as_their_own_routes_do_and_names_the_next()
    {
        var client = service.NewClient();
        var remembered = await service.RememberAsync(new { client_id = client, content = "A \"quoted\" line\nand é <b>", speaker = "Ada", metadata = new { a = 1.50, b = "ü" } });
        var (_, fact) = await service.PostAsync(
            "/api/v1/memory/facts", new { client_id = client, subject_type = "user", subject_id = "1", fact_type = "drink", content = "tea", metadata = new { n = 1 } });
        var (_, ofEvent) = await service.GetAsync($"/api/v1/memory/events/{remembered["memory_id"]}");
        var (_, ofFact) = await service.GetAsync($"/api/v1/memory/facts/{fact!["fact_id"]}");

        var page = await PageAsync($"?client_id={client}");
        var items = page["items"]!.AsArray();
        Assert.Equal(2, items.Count);
        Assert.Equal(ofEvent!.ToJsonString(), items[0]!["memory"]!.ToJsonString());
        // Its own route counts its proofs, besides.
        Assert.True(ofFact!.AsObject().Remove("proof_count"));
        Assert.Equal(ofFact.ToJsonString(), items[1]!["memory"]!.ToJsonString());
        Assert.Equal(("created", "event", "service", client), Described(items[0]!));
        Assert.Equal((string?)remembered["memory_id"], (string?)items[0]!["memory_id"]);
        Assert.Equal((string?)fact["fact_id"], (string?)items[1]!["fact_id"]);
        Assert.False((bool)page["has_more"]!);

        var first = await PageAsync($"?client_id={client}&limit=1");
        Assert.True((bool)first["has_more"]!);
        var second = await PageAsync($"?client_id={client}&limit=1&after={first["next_cursor"]}");
        Assert.Equal((long)items[1]!["seq"]!, (long)second["items"]![0]!["seq"]!);
        Assert.Empty((await PageAsync($"?client_id={client}&after={second["next_cursor"]}"))["items"]!.AsArray());
    }

    [Fact]
    public async Task a_page_can_be_waited_for()
    {
        var client = service.NewClient();
        var end = (string)(await PageAsync("?after=now"))["next_cursor"]!;
        var waiting = PageAsync($"?client_id={client}&after={end}&wait=20");
        await service.RememberAsync(new { client_id = client, content = "awaited" });
        Assert.Equal("awaited", (string?)(await waiting)["items"]![0]!["memory"]!["content"]);
    }

    [Fact]
    public async Task an_agents_stream_has_its_clients_changes_goes_on_after_the_last_id_and_ends_with_its_key()
    {
        var (mine, others) = (service.NewClient(), service.NewClient());
        var key = await service.Client.CreateKeyAsync("agent", mine);
        using var agent = new HttpClient { BaseAddress = service.Client.BaseAddress };
        agent.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Secret);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));

        string? lastId = null;
        foreach (var text in (string[])["first", "second"])
        {
            await foreach (var change in agent.StreamAsync("?after=now", lastId, limit.Token))
            {
                lastId = change.Id;
                if (change.Data is not null)
                {
                    Assert.Equal(("change", text), (change.Name, (string?)change.Data["memory"]!["content"]));
                    break;
                }

                // Connected: now something happens, to others too.
                await service.RememberAsync(new { client_id = others, content = "not theirs" });
                await service.RememberAsync(new { client_id = mine, content = text });
            }

            if (text == "first")
            {
                await service.RememberAsync(new { client_id = mine, content = "second" });
            }
        }

        var ended = 0;
        await foreach (var change in agent.StreamAsync("?after=now", null, limit.Token))
        {
            Assert.Null(change.Data);
            ended++;
            await service.Client.ChangeKeyAsync(key, new { disabled = true });
            await service.Database.PsqlAsync($"insert into events (client_id, content) values ('{mine}', 'wakes the stream')");
        }

        Assert.Equal(1, ended);
        Assert.Equal(401, (int)(await agent.GetAsync(new Uri("/api/v1/memory/changes", UriKind.Relative), limit.Token)).StatusCode);
    }

    [Fact]
    public async Task a_cursor_of_another_feed_has_expired_and_other_texts_are_none()
    {
        var (status, problem) = await service.GetAsync("/api/v1/memory/changes?after=AQAAAAAAAAAAAQAAAAAA");
        Assert.Equal((410, "cursor_expired"), (status, (string?)problem!["code"]));
        (status, problem) = await service.GetAsync("/api/v1/memory/changes?after=nonsense");
        Assert.Equal((400, "query:after"), (status, (string?)problem!["errors"]![0]!["pointer"]));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/memory/changes?after=now");
        request.Headers.Add("Last-Event-ID", "nonsense");
        using var response = await service.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains("header:Last-Event-ID", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static (string?, string?, string?, string?) Described(JsonNode change) =>
        ((string?)change["operation"], (string?)change["kind"], (string?)change["by"], (string?)change["client_id"]);

    private async Task<JsonNode> PageAsync(string query)
    {
        var (status, body) = await service.GetAsync($"/api/v1/memory/changes{query}");
        Assert.True(status == 200, body?.ToJsonString());
        return body!;
    }
}
