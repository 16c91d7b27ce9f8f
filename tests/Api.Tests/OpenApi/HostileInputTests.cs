using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Actors.Support;

namespace Actors.Api.Tests.OpenApi;

/// <summary>Whatever is sent, the service answers, tells nothing of its inside, and goes on.</summary>
public class HostileInputTests
{
    private const int RequestsPerOperation = 200;
    private const int Seed = 20261122;

    // What an answer would hold if an exception, a statement or a path got into it.
    private static readonly string[] Insides = ["   at ", "Exception", "Npgsql", "Postgres", "SQLSTATE", ".cs:line", "insert into", "/artifacts/"];

    [Fact]
    public async Task hostile_requests_to_every_route_are_answered_without_5xx_and_leave_the_service_well()
    {
        await using var database = await TestPostgres.CreateAsync();
        await using var folder = TestFolder.Create();
        // As many transfers at once as there are requests at once: who comes too many is told 503.
        await using var service = await ServiceProcess.StartAsync(folder.Path, "--postgres", database.ConnectionString, "--Transfers:MaxAtOnce", "8");
        // An answer that does not come is a hang.
        service.Client.Timeout = TimeSpan.FromSeconds(60);
        var document = await service.Client.GetFromJsonAsync<JsonNode>("/openapi/v1.json", TestContext.Current.CancellationToken);
        var hostile = new HostileRequests(document!, Seed);
        var statuses = new System.Collections.Concurrent.ConcurrentDictionary<int, int>();
        var requests = Enumerable.Range(0, RequestsPerOperation * hostile.OperationCount).Select(hostile.Next).ToArray();
        await Parallel.ForEachAsync(
            requests, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken }, async (hostileRequest, cancellationToken) =>
            {
                var (request, name) = hostileRequest;
                using (request)
                {
                    using var response = await service.Client.SendAsync(request, cancellationToken);
                    var body = await response.Content.ReadAsStringAsync(cancellationToken);
                    statuses.AddOrUpdate((int)response.StatusCode, 1, (_, count) => count + 1);
                    Assert.True((int)response.StatusCode < 500, $"{name}: {(int)response.StatusCode} {body}");
                    if (response.Content.Headers.ContentType?.MediaType == "application/problem+json")
                    {
                        Assert.All(Insides, inside => Assert.False(body.Contains(inside, StringComparison.OrdinalIgnoreCase), $"{name}: {body}"));
                    }
                }
            });

        TestContext.Current.SendDiagnosticMessage($"{hostile.OperationCount} operations: {string.Join(", ", statuses.OrderBy(s => s.Key).Select(s => $"{s.Key} {s.Value} times"))}");
        // The requests got somewhere: some were taken, some refused for what they say, not all for their form.
        Assert.True(statuses.Keys.Any(status => status < 300) && statuses.ContainsKey(400) && statuses.ContainsKey(404) && statuses.ContainsKey(422),
            string.Join(", ", statuses.OrderBy(s => s.Key)));

        using var remembered = await service.Client.PostAsJsonAsync(
            "/api/v1/memory/remember", new { client_id = "after", content = "all is well" }, TestContext.Current.CancellationToken);
        Assert.Equal(201, (int)remembered.StatusCode);
        Assert.Single(await service.Client.RecallByFirstWordAsync("after", "well"));
        Assert.Equal(200, (int)(await service.Client.GetAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode);
        AssertLogIsClean(service.Output);
    }

    // Every line is one JSON object of ours; nothing of what was sent is in it, and nothing went wrong unexpectedly.
    private static void AssertLogIsClean(string output)
    {
        Assert.DoesNotContain(HostileRequests.Mark, output, StringComparison.Ordinal);
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var entry = JsonDocument.Parse(Encoding.UTF8.GetBytes(line));
            Assert.NotEqual("Error", entry.RootElement.GetProperty("LogLevel").GetString());
            Assert.NotEqual("Critical", entry.RootElement.GetProperty("LogLevel").GetString());
        }
    }
}
