using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Actors.Support;

namespace Actors.Api.Tests.Cluster;

/// <summary>One database serves the single-process host or silos, never both at once, and either goes on with what the other left.</summary>
public sealed class OneDatabaseTests : IDisposable
{
    private const string Clients = "both";

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("one-database-test-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // The other build of the same tree; ./test --cluster makes it.
    private static string Embedded => SourceTree.PathOf("artifacts/Embedded/bin/Api/release/Actors.Api.dll");

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task what_one_host_left_the_other_goes_on_with()
    {
        await using var cluster = await ProcessCluster.StartAsync(silos: 0, apis: 0);
        const string Rate = """{"client_id":"both","subject_type":"project","subject_id":"audit","fact_type":"rate","fact_key":"rate","content":"120 EUR"}""";
        var key = Guid.NewGuid().ToString();
        Guid fact;
        await using (var embedded = await StartEmbeddedAsync(cluster))
        {
            await RememberAsync(embedded.Client, "stays");
            await RememberAsync(embedded.Client, "ends", expiresAt: TimeProvider.System.GetUtcNow().AddSeconds(1));
            fact = (await PostAsync(embedded.Client, "/api/v1/memory/facts", Rate, key))["fact_id"]!.GetValue<Guid>();
        }

        cluster.Silos.Add(await cluster.StartSiloAsync(HostArguments.Port(), HostArguments.Port()));
        cluster.Apis.Add(await cluster.StartApiAsync());
        var client = cluster.Apis[0].Client;
        Assert.Equal("stays", Assert.Single((await RecallAsync(client, "stays ends")).Select(hit => hit!["content"]!.GetValue<string>())));
        Assert.Equal(fact, (await RecallAsync(client, "EUR")).Single()!["fact_id"]!.GetValue<Guid>());
        // A repeat of what the other host has answered is recognised.
        Assert.Equal(fact, (await PostAsync(client, "/api/v1/memory/facts", Rate, key))["fact_id"]!.GetValue<Guid>());

        var changed = await PostAsync(client, $"/api/v1/memory/facts/{fact}/update", """{"content":"150 EUR"}""", Guid.NewGuid().ToString());
        await RememberAsync(client, "written by silos");
        Assert.Equal("1", await cluster.Database.PsqlAsync("select count(*) from orleansreminderstable where grainid like 'idempotency-sweeper/%'"));
        await cluster.Apis[0].StopAsync();
        await cluster.Silos[0].Process.StopAsync();

        await using var again = await StartEmbeddedAsync(cluster);
        Assert.Equal(2, (await RecallAsync(again.Client, "stays ends written silos")).Count);
        var current = (await RecallAsync(again.Client, "EUR")).Single()!;
        Assert.Equal(("150 EUR", changed["fact_id"]!.GetValue<Guid>()), (current["content"]!.GetValue<string>(), current["fact_id"]!.GetValue<Guid>()));
    }

    [Fact]
    public async Task silos_do_not_start_beside_the_single_process_host_nor_it_beside_them()
    {
        await using var cluster = await ProcessCluster.StartAsync(silos: 0, apis: 0);
        string[] silo = ["--postgres", cluster.ConnectionString, "--silo-port", $"{HostArguments.Port()}", "--gateway-port", $"{HostArguments.Port()}", "--port", "0"];
        await using (await StartEmbeddedAsync(cluster))
        {
            var (exitCode, output) = await ServiceProcess.RunProgramToEndAsync(SiloProcess.Program, silo);
            Assert.Equal(1, exitCode);
            Assert.Contains("A silo of the cluster build cannot serve a database together with a single-process (Embedded) host.", output, StringComparison.Ordinal);
            Assert.Equal("0", await cluster.Database.PsqlAsync("select count(*) from orleansmembershiptable"));
        }

        cluster.Silos.Add(await cluster.StartSiloAsync(HostArguments.Port(), HostArguments.Port()));
        var (embeddedExit, refusal) = await ServiceProcess.RunProgramToEndAsync(
            Embedded, "--postgres", cluster.ConnectionString, "--data", _data.FullName, "--port", "0");
        Assert.Equal(1, embeddedExit);
        Assert.Contains("which must be the only one. Stop the other host, or run several with the cluster build", refusal, StringComparison.Ordinal);
        Assert.Contains("\"ready\"", await cluster.Silos[0].Process.Client.GetStringAsync("/health/ready", Stop), StringComparison.Ordinal);
    }

    private async Task<ServiceProcess> StartEmbeddedAsync(ProcessCluster cluster)
    {
        Assert.SkipUnless(File.Exists(Embedded), "needs the default build of the service: dotnet build Api -c Release");
        var process = await ServiceProcess.StartProgramAsync(
            Embedded, ["--postgres", cluster.ConnectionString, "--data", _data.FullName, "--Access:AdminKey", ProcessCluster.AdminKey]);
        process.Client.DefaultRequestHeaders.Authorization = new("Bearer", ProcessCluster.AdminKey);
        return process;
    }

    private static async Task RememberAsync(HttpClient client, string content, DateTimeOffset? expiresAt = null)
    {
        using var response = await client.PostAsJsonAsync("/api/v1/memory/remember", new { client_id = Clients, content, expires_at = expiresAt }, Stop);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    private static async Task<JsonNode> PostAsync(HttpClient client, string path, string json, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, null, "application/json") };
        request.Headers.Add("Idempotency-Key", key);
        using var response = await client.SendAsync(request, Stop);
        var text = await response.Content.ReadAsStringAsync(Stop);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    private static async Task<JsonArray> RecallAsync(HttpClient client, string query) =>
        (await client.GetFromJsonAsync<JsonNode>($"/api/v1/memory/recall?client_id={Clients}&query={query}", Stop))!["results"]!.AsArray();
}
