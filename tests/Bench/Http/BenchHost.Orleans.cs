using Actors.Api;
using Actors.ClusterSchema;
using Actors.Hosting;
using Actors.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Actors.Bench.Http;

/// <summary>What the grains' host brings into the measuring: here the service is an API process and a silo.</summary>
internal static class BenchHost
{
    public const string Name = "Orleans";

    /// <summary>The processes whose processor time is the service's.</summary>
    public const string Servers = "API and silo";

    /// <summary>Throughput of recalls, as a share of empty grain calls over the same way, from request to answer.</summary>
    public const double RepeatedRecallBar = 0.5;

    /// <inheritdoc cref="RepeatedRecallBar"/>
    public const double DistinctRecallBar = 0.5;

    /// <summary>Parts that cannot be measured of this host: those with services beside the one, which would need clusters of their own.</summary>
    public static readonly string[] Lacks = ["important"];

    private const string SiloCommand = "silo";

    /// <summary>Programs that nobody but <c>./bench</c> itself starts: the silo, as its own program is composed, with an empty grain besides.</summary>
    public static Task<int>? RunProgram(string[] args) => args is [SiloCommand, .. var rest]
        ? CommandLine.RunAsync(rest, ApiCommand.Syntax, async arguments =>
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Configuration.AddCommandLine(arguments.Settings);
            builder.AddLogs();
            builder.AddTelemetry("planner-memory-silo");
            builder.AddActorHost();
            builder.AddSiloHttp();
            await using var app = builder.Build();
            app.MapSiloHealth();
            await app.RunAsync();
        })
        : null;

    /// <summary>Servers that have to be there before the service: the silo, on a database that has Orleans' tables.</summary>
    /// <exception cref="InvalidDataException">Orleans' scripts are not there.</exception>
    public static async Task<ServerProcess[]> StartAsync(NpgsqlDataSource database, string connectionString, string dataFolder)
    {
        var scripts = Environment.GetEnvironmentVariable("ORLEANS_SQL")
            ?? throw new InvalidDataException("Orleans' PostgreSQL scripts are needed: ./bench --cluster --scripts DIR http");
        await new OrleansSchemaInstaller(
            database, NullLogger<OrleansSchemaInstaller>.Instance, OrleansScriptList.Load(), new OrleansScriptFolder(scripts)).ApplyAsync(CancellationToken.None);
        return
        [
            await ServerProcess.StartAsync(
                "Actors.Bench.dll", [SiloCommand, "--silo-port", $"{FreePort.Choose()}", "--gateway-port", $"{FreePort.Choose()}"], dataFolder, connectionString),
        ];
    }

    /// <summary>The endpoint's database: it calls grains of the same silo.</summary>
    public static Task<string> EndpointDatabaseAsync(NpgsqlDataSource database, string connectionString) => Task.FromResult(connectionString);

    /// <summary>What the endpoint does for an answer: an empty grain call.</summary>
    public static Task CallAsync(IGrainFactory grains, CancellationToken cancellationToken) =>
        grains.GetGrain<IBenchGrain>("bench").NoOpAsync();
}
