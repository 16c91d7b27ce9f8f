using Actors.ClusterSchema;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Actors.Support;

/// <summary>Tables which the grains' host needs beside the schema.</summary>
public static class HostTables
{
    /// <summary>Folder with Orleans' PostgreSQL scripts, which are not in this repository; <c>./test --cluster</c> sets it. Null: there is none.</summary>
    public static string? Scripts { get; } = Environment.GetEnvironmentVariable("ORLEANS_SQL") is { Length: > 0 } folder ? folder : null;

    /// <summary>Orleans' own, if its scripts are there; silos in processes of their own cannot do without.</summary>
    internal static async Task AddAsync(NpgsqlDataSource database)
    {
        if (Scripts is not null)
        {
            await new OrleansSchemaInstaller(
                database, NullLogger<OrleansSchemaInstaller>.Instance, OrleansScriptList.Load(), new OrleansScriptFolder(Scripts)).ApplyAsync(CancellationToken.None);
        }
    }
}
