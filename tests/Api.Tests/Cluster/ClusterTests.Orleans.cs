using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Actors.Api.Tests.Access;
using Actors.Support;

namespace Actors.Api.Tests.Cluster;

/// <summary>Two silos and two API processes, of which everything can be had through either.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    internal ProcessCluster Cluster { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (HostTables.Scripts is not null)
        {
            Cluster = await ProcessCluster.StartAsync(silos: 2, apis: 2);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Cluster is not null)
        {
            await Cluster.DisposeAsync();
        }
    }
}

public class ClusterTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ProcessCluster Cluster
    {
        get
        {
            ProcessCluster.SkipWithoutTables();
            return fixture.Cluster;
        }
    }

    [Fact]
    public async Task what_is_written_through_one_api_is_read_through_the_other_at_once()
    {
        for (var i = 0; i < 50; i++)
        {
            var (writer, reader) = (Cluster.Apis[i % 2].Client, Cluster.Apis[(i + 1) % 2].Client);
            var client = $"either{i % 5}";
            var content = $"word{i} of a session";
            using var remembered = await writer.PostAsJsonAsync("/api/v1/memory/remember", new { client_id = client, content }, Stop);
            Assert.Equal(HttpStatusCode.Created, remembered.StatusCode);
            Assert.Single(await reader.RecallByFirstWordAsync(client, content));

            using var stated = await writer.PostAsJsonAsync(
                "/api/v1/memory/facts?on_conflict=change",
                new { client_id = client, subject_type = "loop", subject_id = "1", fact_type = "round", fact_key = "round", content = $"fact{i}" },
                Stop);
            Assert.Equal(HttpStatusCode.Created, stated.StatusCode);
            var recalled = await reader.GetFromJsonAsync<JsonNode>($"/api/v1/memory/recall?client_id={client}&query=fact{i}", Stop);
            Assert.Equal(1, recalled!["result_count"]!.GetValue<int>());
        }

        // Sessions are spread over the silos, whichever API process asks.
        Assert.Equal("2", await Cluster.Database.PsqlAsync("select count(*) from orleansmembershiptable where status = 3"));
    }

    [Fact]
    public async Task a_key_made_through_one_api_works_through_the_other_within_a_second_or_so()
    {
        var key = await Cluster.Apis[0].Client.CreateKeyAsync("agent", "either-key");
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while ((await Cluster.Apis[1].Client.AskAsync(key, "GET", "/api/v1/memory/recall?client_id=either-key&query=x")).Status == 401)
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    [Fact]
    public async Task silos_tell_their_health_and_so_does_the_program_that_probes_it()
    {
        var silo = Cluster.Silos[0].Process.Client;
        Assert.Equal("""{"status":"ok"}""", await silo.GetStringAsync("/health", Stop));
        Assert.Equal("""{"status":"ready","checks":{"postgres":"ok","hosting":"ok"}}""", await silo.GetStringAsync("/health/ready", Stop));
        Assert.Equal("""{"status":"ready","checks":{"silos":"ok"}}""", await Cluster.Apis[0].Client.GetStringAsync("/health/ready", Stop));

        var ready = new Uri(silo.BaseAddress!, "/health/ready").ToString();
        Assert.Equal(0, (await ServiceProcess.RunProgramToEndAsync(SiloProcess.Program, "--probe", ready)).ExitCode);
        Assert.Equal(1, (await ServiceProcess.RunProgramToEndAsync(ServiceProcess.Api, "--probe", "http://127.0.0.1:1/health")).ExitCode);
        Assert.Equal(2, (await ServiceProcess.RunProgramToEndAsync(ServiceProcess.Api, "--probe", "nonsense")).ExitCode);
    }

    [Fact]
    public async Task the_dashboard_is_for_admins_who_have_signed_in()
    {
        var api = Cluster.Apis[0].Client;
        var agent = await api.CreateKeyAsync("agent", "dashboard");
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = api.BaseAddress };
        browser.DefaultRequestHeaders.Add("Accept", "text/html");
        using var stranger = await browser.GetAsync("/dashboard/", Stop);

        Assert.Equal((HttpStatusCode.Redirect, "/login?return=%2Fdashboard%2F"), (stranger.StatusCode, stranger.Headers.Location!.ToString()));
        Assert.Equal(401, (await api.AskAsync(null, "GET", "/dashboard/ClusterStats")).Status);
        Assert.Equal(403, (await api.AskAsync(agent, "GET", "/dashboard/")).Status);
        Assert.Equal(403, (await api.AskAsync(agent, "GET", "/dashboard/DashboardCounters")).Status);
        Assert.Contains("<html", await api.GetStringAsync("/dashboard/", Stop), StringComparison.Ordinal);
        var counters = await api.GetFromJsonAsync<JsonNode>("/dashboard/DashboardCounters", Stop);
        Assert.Equal(2, counters!["hosts"]!.AsArray().Count);
        // The live log of a silo is not for the page.
        Assert.Equal(403, (int)(await api.GetAsync("/dashboard/Trace", Stop)).StatusCode);
    }
}
