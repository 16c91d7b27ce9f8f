using System.Globalization;

namespace Actors.Hosting;

internal enum HostLockMode
{
    /// <summary>The single-process host: nobody else may serve the database.</summary>
    Exclusive,

    /// <summary>A silo: other silos may, a single-process host may not.</summary>
    Shared,
}

/// <summary>Another host serves the database, so this one does not start.</summary>
internal sealed class HostLockHeldException(HostLockMode wanted, IReadOnlyList<HostLockHolder> holders) : Exception(Explain(wanted, holders))
{
    public IReadOnlyList<HostLockHolder> Holders { get; } = holders;

    /// <summary>Only the message: the stack says nothing about a second start, and hosts log the whole exception.</summary>
    public override string ToString() => Message;

    private static string Explain(HostLockMode wanted, IReadOnlyList<HostLockHolder> holders)
    {
        var who = holders.Count == 0 ? "one that has just let go" : string.Join("; ", holders);
        var why = wanted == HostLockMode.Exclusive
            ? "This build hosts its grains in a single process (Embedded), which must be the only one. Stop the other host, or run several with the cluster build: -p:ActorHost=Orleans."
            : "A silo of the cluster build cannot serve a database together with a single-process (Embedded) host. Stop that host first; silos need the build -p:ActorHost=Orleans.";
        return $"Another host already serves this database: {who}. {why}";
    }
}

/// <summary>Who holds the lock, as the server sees it.</summary>
internal sealed record HostLockHolder(string ApplicationName, int Pid, DateTime? BackendStart)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"\"{ApplicationName}\" (server process {Pid}, connected since {BackendStart:yyyy-MM-dd HH:mm:ss}Z)");
}
