using System.Globalization;
using System.Text.RegularExpressions;

namespace Actors.Postgres;

/// <summary>One installed PostgreSQL: its <c>bin</c> folder and major version.</summary>
internal sealed partial record PostgresBinaries(string Folder, int Major)
{
    /// <summary>The oldest major version the schema is written for.</summary>
    public const int OldestMajor = 15;

    public string Postgres => Path.Combine(Folder, "postgres");

    public string InitDb => Path.Combine(Folder, "initdb");

    /// <summary>Picks binaries: of exactly <paramref name="dataMajor"/> for existing data; else the chosen folder's, else the newest.</summary>
    /// <exception cref="PostgresBinariesMissingException">Nothing fits.</exception>
    public static async Task<PostgresBinaries> FindAsync(BinaryFolders folders, int? dataMajor, CancellationToken ct)
    {
        var found = new List<PostgresBinaries>();
        foreach (var folder in folders.All.Distinct())
        {
            if (await InspectAsync(folder, ct) is { } binaries)
            {
                found.Add(binaries);
            }
        }

        var fitting = found.Where(b => dataMajor is null ? b.Major >= OldestMajor : b.Major == dataMajor).ToList();
        return fitting.FirstOrDefault(b => b.Folder == folders.Chosen)
            ?? fitting.MaxBy(b => b.Major)
            ?? throw Missing(found, dataMajor);
    }

    private static async Task<PostgresBinaries?> InspectAsync(string folder, CancellationToken ct)
    {
        if (!File.Exists(Path.Combine(folder, "postgres")) || !File.Exists(Path.Combine(folder, "initdb")))
        {
            return null;
        }

        var version = await Command.RunAsync([Path.Combine(folder, "postgres"), "--version"], ct);
        var major = MajorVersion().Match(version.Output);
        return version.Succeeded && major.Success
            ? new PostgresBinaries(folder, int.Parse(major.Groups[1].Value, CultureInfo.InvariantCulture))
            : null;
    }

    private static PostgresBinariesMissingException Missing(List<PostgresBinaries> found, int? dataMajor)
    {
        var need = dataMajor is { } major
            ? $"The data folder was created by PostgreSQL {major} and needs binaries of that version"
            : $"PostgreSQL {OldestMajor} or newer is needed to start the private server";
        var seen = found.Count == 0
            ? "none were found"
            : "found only " + string.Join(", ", found.Select(b => $"{b.Major} in {b.Folder}"));
        var package = dataMajor is { } exact ? $"postgresql-{exact}" : "postgresql";
        return new PostgresBinariesMissingException(
            $"{need}; {seen}. Install them (Debian, Ubuntu: apt-get install {package}), name their folder in PG_BIN, "
            + "or use a server of your own: --postgres \"Host=...;Database=...;Username=...;Password=...\".");
    }

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)")]
    private static partial Regex MajorVersion();
}
