using Actors.Migrations;
using Actors.Storage;
using Microsoft.Extensions.Configuration;
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
        """;

    private const string MigrateFlag = "--migrate-only";

    /// <summary>Its flags.</summary>
    public static IReadOnlySet<string> Flags { get; } = new HashSet<string> { MigrateFlag };

    /// <summary>Does what the flags ask for, if anything.</summary>
    /// <returns>Whether there was something to do, and the program is done.</returns>
    public static async Task<bool> MaintainAsync(this IHostApplicationBuilder builder, CommandLine arguments)
    {
        if (!Flags.Overlaps(arguments.Flags))
        {
            return false;
        }

        using var logging = LoggerFactory.Create(log => log.AddConfiguration(builder.Configuration.GetSection("Logging")).AddJsonLines());
        await using var database = PostgresConnections.Create(builder.Configuration.GetConnectionString("Postgres")!);
        await new MigrationRunner(database, logging.CreateLogger<MigrationRunner>()).ApplyAsync(CancellationToken.None);
        return true;
    }
}
