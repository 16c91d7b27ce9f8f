using Actors.Postgres;

namespace Actors.Support;

/// <summary>The real psql.</summary>
internal static class Psql
{
    private static readonly Lazy<Task<string>> Program = new(() => PostgresPrograms.FindAsync("psql", "postgresql-client"));

    public static async Task<string> RunAsync(string connectionString, string sql)
    {
        var result = await Command.RunAsync(
            [await Program.Value, "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-f", "-", PostgresPrograms.Conninfo(connectionString)],
            CancellationToken.None,
            sql);
        return result.Succeeded ? result.Output.TrimEnd('\n') : throw new PsqlException(result.ExitCode, result.Error);
    }
}

/// <summary>psql failed; the message is what it wrote to standard error.</summary>
public sealed class PsqlException(int exitCode, string error) : Exception($"psql ended with exit code {exitCode}: {error}")
{
    public int ExitCode { get; } = exitCode;
}
