using System.Globalization;

namespace Actors.Postgres;

/// <summary>The account the server runs as: the service's own, or an unprivileged one when the service is root (Postgres refuses root).</summary>
/// <param name="Uid">Null: the service's own account.</param>
internal sealed record ServerUser(int? Uid, int? Gid)
{
    public static readonly ServerUser Own = new(null, null);

    private string[] Accounts => Uid is { } uid && Gid is { } gid ? [Text(uid), Text(gid)] : [];

    /// <summary>For root: the owner of <paramref name="existing"/> unless that is root, else <c>postgres</c>, else <c>nobody</c>.</summary>
    public static async Task<ServerUser> ResolveAsync(string existing, CancellationToken ct)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return Own;
        }

        // Data once written by an ordinary user stays usable for that user.
        if (Directory.Exists(existing) && await AskAsync(["stat", "-c", "%u %g", existing], ct) is { Uid: > 0 } owner)
        {
            return owner;
        }

        foreach (var name in new[] { "postgres", "nobody" })
        {
            var uid = await Command.RunAsync(["id", "-u", name], ct);
            var gid = await Command.RunAsync(["id", "-g", name], ct);
            if (uid.Succeeded && gid.Succeeded)
            {
                return Parse($"{uid.Output} {gid.Output}");
            }
        }

        throw new PrivatePostgresException("The service runs as root, Postgres refuses to, and there is neither a user postgres nor nobody to run it as.");
    }

    /// <summary>The command line that runs <paramref name="line"/> under this account. Replaces itself: the process id stays.</summary>
    public IReadOnlyList<string> Wrap(params IReadOnlyList<string> line) =>
        Accounts is [var uid, var gid] ? ["setpriv", "--reuid", uid, "--regid", gid, "--clear-groups", "--", .. line] : line;

    /// <summary>Makes <paramref name="folder"/>, closed to everyone else, and hands it with all below to this account.</summary>
    /// <exception cref="PostgresDataFolderException">This account cannot reach the folder, or it belongs to somebody else.</exception>
    public async Task PrepareFolderAsync(string folder, CancellationToken ct)
    {
        var made = await Command.RunAsync(["mkdir", "-p", "-m", "700", folder], ct);
        if (made.Succeeded && Accounts is [var uid, var gid])
        {
            made = await Command.RunAsync(["chown", "-R", "-h", $"{uid}:{gid}", folder], ct);
        }

        if (!made.Succeeded)
        {
            throw new PostgresDataFolderException($"The folder {folder} cannot be prepared for Postgres: {made.Error.Trim()}");
        }

        if (!(await Command.RunAsync(Wrap("test", "-w", folder, "-a", "-x", folder), ct)).Succeeded)
        {
            throw new PostgresDataFolderException(await BlockedAsync(folder, ct));
        }
    }

    /// <summary>True when this account may enter <paramref name="folder"/> and all above it.</summary>
    public async Task<bool> MayEnterAsync(string folder, CancellationToken ct) => (await Command.RunAsync(Wrap("test", "-x", folder), ct)).Succeeded;

    private async Task<string> BlockedAsync(string folder, CancellationToken ct)
    {
        var parents = new Stack<string>();
        for (var parent = Path.GetDirectoryName(folder); parent is not null; parent = Path.GetDirectoryName(parent))
        {
            parents.Push(parent);
        }

        foreach (var parent in parents)
        {
            if (!await MayEnterAsync(parent, ct))
            {
                return $"The service runs as root, so Postgres runs as user id {Uid}, which may not enter {parent}. "
                    + "Choose a data folder elsewhere (--data /var/lib/planner-memory), "
                    + $"let others pass through (chmod o+x {parent}), or start the service as an ordinary user.";
            }
        }

        return $"The folder {folder} belongs to another user. Start the service as that user or as root, or choose another data folder (--data).";
    }

    private static async Task<ServerUser?> AskAsync(IReadOnlyList<string> line, CancellationToken ct)
    {
        var answer = await Command.RunAsync(line, ct);
        return answer.Succeeded ? Parse(answer.Output) : null;
    }

    private static ServerUser Parse(string uidAndGid)
    {
        var parts = uidAndGid.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return new ServerUser(int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    private static string Text(int id) => id.ToString(CultureInfo.InvariantCulture);
}
