using Microsoft.Extensions.Logging;

namespace Actors.Postgres;

/// <summary>Which folder the service keeps its data in, and its creation.</summary>
internal static class DataFolder
{
    private const UnixFileMode EveryoneMayEnter =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>
    /// The <paramref name="given"/> folder; else the <paramref name="usual"/> one, unless the service is root, the server's account cannot reach it
    /// and no data is there: then <paramref name="system"/>, with a warning.
    /// </summary>
    public static async Task<string> ChooseAsync(string? given, string usual, string system, ILogger logger, CancellationToken ct)
    {
        if (!string.IsNullOrEmpty(given))
        {
            return given;
        }

        var path = Path.GetFullPath(usual);
        var cluster = new ClusterFolder(path);
        // Data that is out of reach now is named by the start's error; an empty database elsewhere would look like its loss.
        if (!Environment.IsPrivilegedProcess || cluster.Exists)
        {
            return usual;
        }

        var user = await ServerUser.ResolveAsync(cluster.Data, ct);
        var nearest = path;
        while (!Directory.Exists(nearest))
        {
            nearest = Path.GetDirectoryName(nearest)!;
        }

        if (await user.MayEnterAsync(nearest, ct))
        {
            return usual;
        }

        PostgresLog.DataFolderMoved(logger, user.Uid, path, system);
        return system;
    }

    /// <summary>Makes the folder and its missing parents, open for the server's account to pass through whatever the umask says. What is there stays as it is.</summary>
    public static void Create(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        if (Path.GetDirectoryName(path) is { } parent)
        {
            Create(parent);
        }

        Directory.CreateDirectory(path);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, EveryoneMayEnter);
        }
    }
}
