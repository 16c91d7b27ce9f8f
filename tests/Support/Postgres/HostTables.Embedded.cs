using Npgsql;

namespace Actors.Support;

/// <summary>Tables which the grains' host needs beside the schema.</summary>
internal static class HostTables
{
    /// <summary>The single-process host has its own in the schema.</summary>
    public static Task AddAsync(NpgsqlDataSource database) => Task.CompletedTask;
}
