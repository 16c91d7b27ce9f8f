using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Actors.Postgres;

/// <summary>
/// What a killed service or a killed server leaves behind in a data folder, and its removal. Only for the holder of the service's lock:
/// whatever runs on the folder then is an orphan.
/// </summary>
internal static class LeftoverServer
{
    private static readonly TimeSpan QuitLimit = TimeSpan.FromSeconds(10);

    /// <summary>When it returns no process works on the data, and postmaster.pid does not stand in the way of a start.</summary>
    /// <exception cref="PostgresDataFolderException">Somebody repairs the data in single-user mode, a process does not end, or it cannot be told whose it is.</exception>
    public static async Task RemoveAsync(ClusterFolder cluster, TimeSpan stopLimit, ILogger logger, CancellationToken ct)
    {
        var owner = ReadPid(cluster);
        if (owner < 0 && ServerProcesses.BelongsTo(-owner, cluster.Data))
        {
            throw new PostgresDataFolderException($"A single-user postgres (process {-owner}) works on {cluster.Data}. End it first.");
        }

        if (owner > 0 && ServerProcesses.BelongsTo(owner, cluster.Data))
        {
            PostgresLog.StoppingOrphan(logger, owner, cluster.Data);
            await StopAsync([owner], cluster, stopLimit, ct);
        }

        // Children that outlived their postmaster hold its shared memory; no server starts beside them.
        var children = ServerProcesses.Of(cluster.Data);
        if (children.Count > 0)
        {
            PostgresLog.StoppingChildren(logger, children.Count, cluster.Data);
            await StopAsync(children, cluster, TimeSpan.Zero, ct);
        }

        // An orphan that was stopped in order has removed the file.
        owner = ReadPid(cluster);

        // Postgres clears a file that names a dead process, and uses its other lines to find shared memory in use. It gives up
        // when the number meanwhile belongs to a program of the same user. Here that program is known for a stranger, or BelongsTo
        // had thrown, so the file may go.
        if (owner != 0 && Directory.Exists($"/proc/{Math.Abs(owner)}") && !ServerProcesses.BelongsTo(Math.Abs(owner), cluster.Data))
        {
            PostgresLog.RemovingPidFile(logger, cluster.PidFile, owner);
            File.Delete(cluster.PidFile);
        }
    }

    /// <summary>Fast shutdown within the limit (zero: skipped), then immediate shutdown, then SIGKILL.</summary>
    public static async Task StopAsync(IReadOnlyList<int> pids, ClusterFolder cluster, TimeSpan limit, CancellationToken ct)
    {
        foreach (var step in Steps(limit))
        {
            foreach (var pid in pids.Where(pid => ServerProcesses.BelongsTo(pid, cluster.Data)))
            {
                ServerProcesses.Signal(pid, step.Signal);
            }

            if (await ServerProcesses.GoneAsync(pids, cluster.Data, step.Limit, ct))
            {
                return;
            }
        }

        throw new PostgresDataFolderException($"Server processes {string.Join(", ", pids)} on {cluster.Data} do not end, not even on SIGKILL.");
    }

    /// <summary>Signals in the order they are tried, each with the time it has to work.</summary>
    public static IEnumerable<(ServerSignal Signal, TimeSpan Limit)> Steps(TimeSpan limit)
    {
        (ServerSignal Signal, TimeSpan Limit)[] steps = [(ServerSignal.Interrupt, limit), (ServerSignal.Quit, QuitLimit), (ServerSignal.Kill, QuitLimit)];
        return steps.Where(step => step.Limit > TimeSpan.Zero);
    }

    // First line of postmaster.pid: the process id, negative for a single-user server. 0: no file, or not written to the end.
    private static int ReadPid(ClusterFolder cluster)
    {
        try
        {
            return int.TryParse(File.ReadLines(cluster.PidFile).FirstOrDefault(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var pid) ? pid : 0;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return 0;
        }
    }
}
