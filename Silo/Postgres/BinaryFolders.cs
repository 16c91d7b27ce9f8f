namespace Actors.Postgres;

/// <summary>Where installed PostgreSQL binaries are looked for. The folders need not exist.</summary>
/// <param name="Chosen">Wins over newer versions elsewhere when it fits; null: no choice was made.</param>
internal sealed record BinaryFolders(string? Chosen, IReadOnlyList<string> Others)
{
    public IEnumerable<string> All => Chosen is null ? Others : Others.Prepend(Chosen);

    /// <summary><c>PG_BIN</c> as the choice; else <c>pg_config --bindir</c>, the packages' folders and <c>PATH</c>.</summary>
    public static async Task<BinaryFolders> UsualAsync(CancellationToken ct)
    {
        var folders = new List<string>();
        var config = await Command.RunAsync(["pg_config", "--bindir"], ct);
        if (config.Succeeded)
        {
            folders.Add(config.Output.Trim());
        }

        folders.AddRange(Matching("/usr/lib/postgresql", "*"));
        folders.AddRange(Matching("/usr", "pgsql-*"));
        folders.Add("/usr/local/pgsql/bin");
        folders.AddRange(Matching("/home/linuxbrew/.linuxbrew/opt", "postgresql*"));
        folders.AddRange((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries));
        var chosen = Environment.GetEnvironmentVariable("PG_BIN");
        return new BinaryFolders(string.IsNullOrEmpty(chosen) ? null : chosen, folders);
    }

    private static IEnumerable<string> Matching(string parent, string pattern) =>
        Directory.Exists(parent)
            ? Directory.EnumerateDirectories(parent, pattern).Select(folder => Path.Combine(folder, "bin"))
            : [];
}
