using System.Globalization;
using Actors.Postgres;
using Npgsql;

namespace Actors.Support;

/// <summary>PostgreSQL's own client programs, looked for where the service looks for the server.</summary>
public static class PostgresPrograms
{
    /// <returns>The program's path.</returns>
    /// <param name="name">Such as <c>psql</c>.</param>
    /// <param name="package">Debian package it comes with.</param>
    /// <exception cref="PostgresBinariesMissingException">It is not installed; the message names the package.</exception>
    public static async Task<string> FindAsync(string name, string package) =>
        (await BinaryFolders.UsualAsync(CancellationToken.None)).All.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new PostgresBinariesMissingException($"{name} was not found. Install it: apt-get install {package}.");

    /// <summary>An Npgsql connection string as the programs take it in place of a database's name.</summary>
    public static string Conninfo(string connectionString)
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
        return string.Join(' ', parts.Where(p => p.Value is not null).Select(p => $"{p.Key}={Quote(p.Value!)}"));
    }

    private static string Quote(string value) => "'" + value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal) + "'";
}
