namespace Actors.Postgres;

/// <summary>How the private server is started, and where it keeps its files.</summary>
internal sealed class PrivatePostgresOptions
{
    /// <summary>The service's data folder; created when missing. The server's files go to <c>postgres/</c> below it.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Where to look for binaries. Null (default): <see cref="BinaryFolders.UsualAsync"/>.</summary>
    public BinaryFolders? Binaries { get; init; }

    /// <summary>False switches fsync and synchronous_commit off. Only for tests that never look at durability.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>Chooses the port; asked again, ten times at most, when another program took it meanwhile. Default: any free one.</summary>
    public Func<int> ChoosePort { get; init; } = FreePort.Choose;

    /// <summary>How long a start may take, crash recovery included. Default 30 minutes: recovery replays at most the WAL since the last checkpoint, on a slow disk.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a fast shutdown (final checkpoint included) may take before the server is stopped the hard way. Default 60 s.</summary>
    public TimeSpan StopLimit { get; init; } = TimeSpan.FromSeconds(60);
}
