using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Actors.Support;

namespace Actors.Api.Tests.Cluster;

/// <summary>API processes outlive their silos, and say that there are none.</summary>
public class NoSiloTests
{
    // What the service promises; a request that takes longer fails its test.
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task without_silos_requests_get_503_within_5_s_and_with_the_next_silo_they_are_served()
    {
        await using var cluster = await ProcessCluster.StartAsync(silos: 1, apis: 1);
        var client = cluster.Apis[0].Client;
        using (var before = await RememberAsync(client, "before"))
        {
            Assert.Equal(HttpStatusCode.Created, before.StatusCode);
        }

        // A silo that hangs keeps its connections: nothing but its silence tells.
        var silo = cluster.Silos[0];
        silo.Process.Suspend();
        await Task.WhenAll(
            AssertRefusedAsync(RememberAsync(client, "without")),
            AssertRefusedAsync(client.GetAsync("/api/v1/memory/recall?client_id=nobody&query=before", Stop)),
            AssertRefusedAsync(client.DeleteAsync($"/api/v1/memory/events/{Guid.NewGuid()}", Stop)));
        await AssertRefusedAsync(client.GetAsync("/api/v1/memory/events?client_id=nobody", Stop));
        await silo.Process.KillAsync();
        await AssertRefusedAsync(RememberAsync(client, "without"));
        Assert.Equal("""{"status":"ok"}""", await client.GetStringAsync("/health", Stop));
        Assert.Contains("No silo answers", await (await client.GetAsync("/health/ready", Stop)).Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);

        await cluster.RestartAsync(silo);
        var (status, _) = await new PatientClient(client).PostAsync("/api/v1/memory/remember", new { client_id = "nobody", content = "after" });
        Assert.Equal(201, status);
        var stored = await client.ListEventsAsync("nobody");
        Assert.Equal(["before", "after"], stored.Where(memory => memory.Content is "before" or "after").Select(memory => memory.Content).Reverse());
    }

    [Fact]
    public async Task an_api_that_is_there_before_the_first_silo_says_so_and_serves_when_it_comes()
    {
        await using var cluster = await ProcessCluster.StartAsync(silos: 0, apis: 1);
        var client = cluster.Apis[0].Client;
        await AssertRefusedAsync(RememberAsync(client, "too early"));
        // Whose key it is cannot be told yet, so it is not called unknown.
        using (var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/memory/recall?client_id=nobody&query=x"))
        {
            request.Headers.Authorization = new("Bearer", "pm_not_known_yet");
            await AssertRefusedAsync(client.SendAsync(request, Stop));
        }

        cluster.Silos.Add(await cluster.StartSiloAsync(HostArguments.Port(), HostArguments.Port()));
        var (status, _) = await new PatientClient(client).PostAsync("/api/v1/memory/remember", new { client_id = "nobody", content = "in time" });
        Assert.Equal(201, status);
    }

    private static Task<HttpResponseMessage> RememberAsync(HttpClient client, string content) =>
        client.PostAsJsonAsync("/api/v1/memory/remember", new { client_id = "nobody", content }, Stop);

    private static async Task AssertRefusedAsync(Task<HttpResponseMessage> request)
    {
        using var response = await request.WaitAsync(AnswerLimit, Stop);
        var problem = await response.Content.ReadFromJsonAsync<JsonNode>(Stop);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "not_hosted"), (response.StatusCode, problem!["code"]!.GetValue<string>()));
        Assert.NotNull(response.Headers.RetryAfter?.Delta);
    }
}
