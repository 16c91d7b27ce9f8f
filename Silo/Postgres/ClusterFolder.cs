using System.Globalization;

namespace Actors.Postgres;

/// <summary>
/// The files of one private server below <c>&lt;data&gt;/postgres</c>, all owned by the server's account:
/// <c>cluster/</c> (Postgres' own data, with the role's password in it, so that both appear in one rename), <c>log</c> (of this start), <c>log.1</c> (of the one before).
/// </summary>
internal sealed class ClusterFolder(string dataFolder)
{
    private const int LogTailBytes = 16 * 1024;
    private const int PortLine = 3;
    private const int StatusLine = 7;

    public string Home { get; } = Path.Combine(dataFolder, "postgres");

    public string Data => Path.Combine(Home, "cluster");

    public string Log => Path.Combine(Home, "log");

    public string PasswordFile => PasswordFileIn(Data);

    public string PidFile => Path.Combine(Data, "postmaster.pid");

    public bool Exists => Directory.Exists(Data);

    public static string PasswordFileIn(string data) => Path.Combine(data, "service.password");

    /// <summary>The PostgreSQL version that wrote the data; null when there is none yet.</summary>
    /// <exception cref="PostgresDataFolderException">Too old, or not a Postgres data folder.</exception>
    public int? MajorVersion()
    {
        if (!Exists)
        {
            return null;
        }

        var file = Path.Combine(Data, "PG_VERSION");
        var text = ReadOrNull(file)?.Trim();
        if (!int.TryParse(text?.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major))
        {
            throw new PostgresDataFolderException(
                $"{Data} is not a Postgres data folder: {file} {(text is null ? "is missing" : $"says '{text}'")}. Restore it from a backup, or choose another data folder (--data).");
        }

        return major >= PostgresBinaries.OldestMajor
            ? major
            : throw new PostgresDataFolderException(
                $"{Data} was written by PostgreSQL {text}; this service needs {PostgresBinaries.OldestMajor} or newer. Carry it over with pg_upgrade, or with pg_dump into a new data folder.");
    }

    /// <exception cref="PostgresDataFolderException">The password is gone.</exception>
    public string ReadPassword() =>
        ReadOrNull(PasswordFile)?.Trim() is { Length: > 0 } password
            ? password
            : throw new PostgresDataFolderException(
                $"{PasswordFile} is missing: it holds the password of the role {ServerSettings.Role}. Restore it, or start the server by hand, give the role a new password and write that to the file.");

    /// <summary>True when postmaster.pid says that the server <paramref name="pid"/> takes connections, and so has the port for itself.</summary>
    public bool IsReady(int pid)
    {
        try
        {
            // Lines: process, data folder, start time, port, socket folder, address, shared memory, status.
            var lines = File.ReadAllLines(PidFile);
            return lines.Length > StatusLine && lines[0] == pid.ToString(CultureInfo.InvariantCulture) && lines[StatusLine].Trim() == "ready";
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    /// <summary>The port of the server that takes connections on this data; null when there is none.</summary>
    public int? ReadyPort()
    {
        if (!File.Exists(PidFile))
        {
            return null;
        }

        var lines = File.ReadAllLines(PidFile);
        return lines.Length > StatusLine && int.TryParse(lines[0], CultureInfo.InvariantCulture, out var pid) && ServerProcesses.BelongsTo(pid, Data) && IsReady(pid)
            && int.TryParse(lines[PortLine], CultureInfo.InvariantCulture, out var port)
                ? port
                : null;
    }

    /// <summary>The last lines of the server's log, at most 16 KiB of them.</summary>
    public string LogTail(int lines = 20)
    {
        if (!File.Exists(Log))
        {
            return "";
        }

        using var log = new StreamReader(new FileStream(Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        log.BaseStream.Position = Math.Max(0, log.BaseStream.Length - LogTailBytes);
        return string.Join('\n', log.ReadToEnd().TrimEnd().Split('\n').TakeLast(lines));
    }

    private static string? ReadOrNull(string file) => File.Exists(file) ? File.ReadAllText(file) : null;
}
