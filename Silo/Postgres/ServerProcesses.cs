using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Actors.Postgres;

internal enum ServerSignal
{
    /// <summary>Fast shutdown: connections end, a checkpoint is written.</summary>
    Interrupt = 2,

    /// <summary>Immediate shutdown: no checkpoint, recovery at the next start.</summary>
    Quit = 3,

    Kill = 9,
}

/// <summary>Server processes of one data folder, as the kernel knows them.</summary>
internal static class ServerProcesses
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>True only for a live process named postgres that works in <paramref name="data"/>: Postgres changes into its data folder at start, and so do its children.</summary>
    /// <exception cref="PostgresDataFolderException">It is a live postgres, and the kernel does not tell where it works.</exception>
    public static bool BelongsTo(int pid, string data) =>
        Recognise(pid, data) ?? throw new PostgresDataFolderException(
            $"Process {pid} is a postgres that may work on {data}, but the service is not allowed to see where it works (/proc/{pid}/cwd). "
            + "End that process if it is a server of this folder, or give the service the capability CAP_SYS_PTRACE (Docker: --cap-add SYS_PTRACE).");

    /// <summary>All processes known to work in <paramref name="data"/>: a postmaster, its children, or children that outlived it.</summary>
    /// <remarks>One that cannot be recognised is left out: other people's servers must not stand in the way, and a server does not start beside a child of its predecessor.</remarks>
    public static IReadOnlyList<int> Of(string data) =>
        [.. Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0 && Recognise(pid, data) == true)];

    /// <summary>Does nothing when the process is gone.</summary>
    public static void Signal(int pid, ServerSignal signal) => _ = Kill(pid, (int)signal);

    /// <summary>True when none of <paramref name="pids"/> works in <paramref name="data"/> any more; false when the limit came first.</summary>
    public static async Task<bool> GoneAsync(IReadOnlyList<int> pids, string data, TimeSpan limit, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        while (pids.Any(pid => BelongsTo(pid, data)))
        {
            if (Stopwatch.GetElapsedTime(started) > limit)
            {
                return false;
            }

            await Task.Delay(Poll, ct);
        }

        return true;
    }

    // Null: a live postgres whose folder is not told.
    private static bool? Recognise(int pid, string data)
    {
        try
        {
            if (IsZombie(pid) || File.ReadAllText($"/proc/{pid}/comm").Trim() != "postgres")
            {
                return false;
            }

            var folder = WorkingFolder.Of(pid, out var denied);
            return denied ? null : folder == data;
        }
        catch (IOException)
        {
            // Gone meanwhile.
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            // Where /proc hides other accounts' processes.
            return Environment.IsPrivilegedProcess ? null : false;
        }
    }

    // In containers nobody may collect the dead: a zombie is not a running server. The state follows the name, which is in brackets.
    private static bool IsZombie(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        return stat[stat.LastIndexOf(')')..] is [_, _, 'Z' or 'X', ..];
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int pid, int signal);
}
