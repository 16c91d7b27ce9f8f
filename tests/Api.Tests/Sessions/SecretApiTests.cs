using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Actors.Api.Tests.Sessions;

[Collection(ServiceTests.Name)]
public class SecretApiTests(ServiceFixture service)
{
    // Put together here, so that no scanner takes this file for a leak.
    private readonly string _key = "ghp_" + Guid.NewGuid().ToString("N") + "abcd";

    [Fact]
    public async Task a_key_in_a_text_is_neither_stored_nor_answered_nor_logged()
    {
        var client = service.NewClient();
        await service.RememberAsync(new { client_id = client, content = $"Deploy with {_key} on Mondays", metadata = new { token = _key, nested = new { list = new[] { _key } } } });
        var (_, batch) = await service.PostAsync("/api/v1/memory/remember/batch", new { client_id = client, items = new[] { new { content = "plain" }, new { content = $"again {_key}" } } });
        using var create = new HttpRequestMessage(HttpMethod.Post, "/api/v1/memory/facts")
        {
            Content = JsonContent.Create(new { client_id = client, subject_type = "server", subject_id = "1", fact_type = "access", content = $"It is {_key}", metadata = new { key = _key } }),
            Headers = { { "Idempotency-Key", client } },
        };
        using var created = await service.Client.SendAsync(create, TestContext.Current.CancellationToken);
        var fact = JsonNode.Parse(await created.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var (_, changed) = await service.PostAsync($"/api/v1/memory/facts/{fact!["fact_id"]}/update", new { content = $"Now it is {_key}" });
        var (_, corrected) = await service.PostAsync($"/api/v1/memory/facts/{changed!["fact_id"]}/correct", new { content = $"No, it is {_key}", reason = "typo" });

        Assert.Equal("No, it is [masked]", (string?)corrected!["content"]);
        Assert.Equal(2, batch!["items"]!.AsArray().Count);
        Assert.Equal("Deploy with [masked] on Mondays", (string?)(await service.RecallAsync($"client_id={client}&query=deploy+mondays"))[0]!["content"]);
        Assert.Empty(await service.RecallAsync($"client_id={client}&query={_key}"));
        Assert.Equal("0|0|0|0|1", await service.Database.PsqlAsync(
            $"""
            select (select count(*) from events e where e::text like '%{_key}%'), (select count(*) from facts f where f::text like '%{_key}%'),
                   (select count(*) from fact_versions v where v::text like '%{_key}%'),
                   (select count(*) from idempotency_keys k where convert_from(k.response_body, 'UTF8') like '%{_key}%'),
                   (select count(*) from idempotency_keys k where k.client_id = '{client}')
            """));
        Assert.Equal("[masked]|[masked]", await service.Database.PsqlAsync(
            $"select metadata ->> 'token', metadata #>> '{{nested,list,0}}' from events where client_id = '{client}' and content like 'Deploy%'"));
        Assert.DoesNotContain(_key, service.Service.Output, StringComparison.Ordinal);
        Assert.Contains("actors_secrets_masked_total{", await service.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
