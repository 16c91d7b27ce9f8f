using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Actors.Postgres;

/// <summary>
/// The folder a process works in, also where root may not look at other accounts' processes (containers without CAP_SYS_PTRACE):
/// the link <c>/proc/PID/cwd</c> is then read with the process's own account as this thread's file system identity.
/// </summary>
internal static class WorkingFolder
{
    private const int PermissionDenied = 13;
    private const int NotPermitted = 1;
    private const int LongestPath = 4096;

    /// <summary>Null when the process is gone, belongs to an account whose processes are not the service's business, or (<paramref name="denied"/>) may not be looked at.</summary>
    /// <exception cref="IOException">The process ended meanwhile.</exception>
    public static string? Of(int pid, out bool denied)
    {
        var path = Encoding.ASCII.GetBytes($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/cwd\0");
        var folder = Read(path, out denied);
        if (!denied)
        {
            return folder;
        }

        if (!Environment.IsPrivilegedProcess)
        {
            // Postgres works only on data of its own account, and an ordinary user's service only on data of that user.
            denied = Account(pid, "Uid:") == GetEffectiveUid();
            return null;
        }

        var (uid, gid) = (Account(pid, "Uid:"), Account(pid, "Gid:"));
        // Per thread, and nothing between the calls leaves this thread. The group first: only root may change it.
        var ownGid = SetFileSystemGid(gid);
        var ownUid = SetFileSystemUid(uid);
        try
        {
            return Read(path, out denied);
        }
        finally
        {
            _ = SetFileSystemUid((uint)ownUid);
            _ = SetFileSystemGid((uint)ownGid);
        }
    }

    private static string? Read(byte[] path, out bool denied)
    {
        var target = new byte[LongestPath];
        var length = ReadLink(path, target, (nuint)target.Length);
        denied = length < 0 && Marshal.GetLastPInvokeError() is (PermissionDenied or NotPermitted);
        return length < 0 ? null : Encoding.UTF8.GetString(target, 0, (int)length);
    }

    // Lines of /proc/PID/status: name, then the real, effective, saved and file system id.
    private static uint Account(int pid, string kind)
    {
        var line = File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith(kind, StringComparison.Ordinal));
        return uint.Parse(line.Split('\t')[2], CultureInfo.InvariantCulture);
    }

    [DllImport("libc", EntryPoint = "readlink", SetLastError = true)]
    private static extern nint ReadLink(byte[] path, byte[] target, nuint size);

    [DllImport("libc", EntryPoint = "geteuid")]
    private static extern uint GetEffectiveUid();

    [DllImport("libc", EntryPoint = "setfsuid")]
    private static extern int SetFileSystemUid(uint uid);

    [DllImport("libc", EntryPoint = "setfsgid")]
    private static extern int SetFileSystemGid(uint gid);
}
