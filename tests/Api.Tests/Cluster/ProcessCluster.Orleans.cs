using System.Net.Http.Headers;
using Actors.Support;
using Npgsql;

namespace Actors.Api.Tests.Cluster;

/// <summary>Silos and API processes, as on several machines, on a database of their own.</summary>
internal sealed class ProcessCluster : IAsyncDisposable
{
    public const string AdminKey = "pm_admin_0123456789abcdef0123456789abcdef";

    private readonly List<ServiceProcess> _started = [];
    private readonly string _data = Path.Combine(Path.GetTempPath(), $"cluster-test-{Guid.NewGuid():N}");

    private ProcessCluster(TestDatabase database) => Database = database;

    public TestDatabase Database { get; }

    /// <summary>For its processes: the tests' server has not as many connections as two silos with full pools would take.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder(Database.ConnectionString) { MaxPoolSize = 16 }.ConnectionString;

    public List<SiloProcess> Silos { get; } = [];

    public List<ServiceProcess> Apis { get; } = [];

    /// <summary>Skips the test where Orleans' own tables cannot be had.</summary>
    public static void SkipWithoutTables() =>
        Assert.SkipUnless(HostTables.Scripts is not null, "needs Orleans' PostgreSQL scripts in the folder that ORLEANS_SQL names; see ./test --help");

    /// <summary>A cluster whose silos have joined and whose API processes have found them. Skips the test where Orleans' tables cannot be had.</summary>
    public static async Task<ProcessCluster> StartAsync(int silos, int apis)
    {
        SkipWithoutTables();
        var cluster = new ProcessCluster(await TestPostgres.CreateAsync());
        for (var i = 0; i < silos; i++)
        {
            cluster.Silos.Add(await cluster.StartSiloAsync(HostArguments.Port(), HostArguments.Port()));
        }

        for (var i = 0; i < apis; i++)
        {
            cluster.Apis.Add(await cluster.StartApiAsync());
        }

        return cluster;
    }

    public async Task<SiloProcess> StartSiloAsync(int siloPort, int gatewayPort, IReadOnlyDictionary<string, string>? environment = null)
    {
        var process = await ServiceProcess.StartProgramAsync(
            SiloProcess.Program, ["--postgres", ConnectionString, "--silo-port", $"{siloPort}", "--gateway-port", $"{gatewayPort}"], environment);
        _started.Add(process);
        return new SiloProcess(process, siloPort, gatewayPort);
    }

    /// <summary>Starts a silo in the place of one that has ended.</summary>
    public async Task<SiloProcess> RestartAsync(SiloProcess ended)
    {
        var restarted = await StartSiloAsync(ended.SiloPort, ended.GatewayPort);
        Silos[Silos.IndexOf(ended)] = restarted;
        return restarted;
    }

    public async Task<ServiceProcess> StartApiAsync(IReadOnlyDictionary<string, string>? environment = null, params string[] arguments)
    {
        var api = await ServiceProcess.StartProgramAsync(
            ServiceProcess.Api,
            ["--postgres", ConnectionString, "--data", Path.Combine(_data, $"{_started.Count}"), "--Access:AdminKey", AdminKey, .. arguments],
            environment);
        api.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminKey);
        _started.Add(api);
        return api;
    }

    /// <summary>Ends when the membership table says that a silo is dead.</summary>
    public async Task DeclaredDeadAsync(SiloProcess silo)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (await LivesAsync(silo))
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _started)
        {
            process.Resume();
        }

        // API processes first: they lose silos they could not tell apart from faults.
        foreach (var process in Enumerable.Reverse(_started))
        {
            await process.DisposeAsync();
        }

        await Database.DisposeAsync();
    }

    private async Task<bool> LivesAsync(SiloProcess silo) =>
        await Database.PsqlAsync($"select count(*) from orleansmembershiptable where port = {silo.SiloPort} and status <> 6") != "0";
}

/// <summary>A silo and the ports others know it by.</summary>
internal sealed record SiloProcess(ServiceProcess Process, int SiloPort, int GatewayPort)
{
    public const string Program = "Actors.Silo.dll";
}
