using Actors.ClusterSchema;
using Actors.Migrations;
using Actors.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Actors.Hosting;

/// <summary>What a program does to its database, when asked to, instead of serving.</summary>
internal static class DatabaseUpkeep
{
    /// <summary>Lines of <c>--help</c>.</summary>
    public const string Usage =
        """
          --migrate-only       bring the database's schema up to date and exit
          --cluster-schema     create the tables that Orleans needs for a cluster, and exit; with
                               --ClusterSchema:Scripts DIR from a folder instead of a download
        """;

    private const string MigrateFlag = "--migrate-only";
    private const string ClusterSchemaFlag = "--cluster-schema";

    /// <summary>Its flags; both may be given.</summary>
    public static IReadOnlySet<string> Flags { get; } = new HashSet<string> { MigrateFlag, ClusterSchemaFlag };

    /// <summary>Does what the flags ask for, if anything.</summary>
    /// <returns>Whether there was something to do, and the program is done.</returns>
    public static async Task<bool> MaintainAsync(this IHostApplicationBuilder builder, CommandLine arguments)
    {
        if (!Flags.Overlaps(arguments.Flags))
        {
            return false;
        }

        var configuration = builder.Configuration;
        await using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddLogging(log => log.AddConfiguration(configuration.GetSection("Logging")).AddJsonLines())
            .AddSingleton(_ => PostgresConnections.Create(configuration.GetConnectionString("Postgres")!))
            .AddSingleton<MigrationRunner>()
            .AddClusterSchema()
            .BuildServiceProvider();
        if (arguments.Flags.Contains(MigrateFlag))
        {
            await services.GetRequiredService<MigrationRunner>().ApplyAsync(CancellationToken.None);
        }

        if (arguments.Flags.Contains(ClusterSchemaFlag))
        {
            await services.GetRequiredService<OrleansSchemaInstaller>().ApplyAsync(CancellationToken.None);
        }

        return true;
    }
}
