using System.Globalization;
using Actors.Postgres;
using Npgsql;

namespace Actors.Support;

/// <summary>The real psql.</summary>
internal static class Psql
{
    private static readonly Lazy<Task<string>> Program = new(FindAsync);

    public static async Task<string> RunAsync(string connectionString, string sql)
    {
        var target = new NpgsqlConnectionStringBuilder(connectionString);
        var parts = new Dictionary<string, string?>
        {
            ["host"] = target.Host,
            ["port"] = target.Port.ToString(CultureInfo.InvariantCulture),
            ["user"] = target.Username,
            ["password"] = target.Password,
            ["dbname"] = target.Database,
        };
        var conninfo = string.Join(' ', parts.Where(p => p.Value is not null).Select(p => $"{p.Key}={Quote(p.Value!)}"));
        var result = await Command.RunAsync(
            [await Program.Value, "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-f", "-", conninfo], CancellationToken.None, sql);
        return result.Succeeded ? result.Output.TrimEnd('\n') : throw new PsqlException(result.ExitCode, result.Error);
    }

    private static async Task<string> FindAsync()
    {
        foreach (var folder in (await BinaryFolders.UsualAsync(CancellationToken.None)).All)
        {
            if (Path.Combine(folder, "psql") is var psql && File.Exists(psql))
            {
                return psql;
            }
        }

        throw new PostgresBinariesMissingException("psql was not found. Install it: apt-get install postgresql-client.");
    }

    private static string Quote(string value) => "'" + value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal) + "'";
}

/// <summary>psql failed; the message is what it wrote to standard error.</summary>
public sealed class PsqlException(int exitCode, string error) : Exception($"psql ended with exit code {exitCode}: {error}")
{
    public int ExitCode { get; } = exitCode;
}
