namespace Actors.Embedded;

/// <summary>A stored grain state: JSON, and the etag that the next write must name.</summary>
public sealed record GrainStateRow(string Json, string Etag);

/// <summary>
/// Where <see cref="IPersistentState{TState}"/> is kept. Rows are found by grain id (<c>type/key</c>) and state name.
/// </summary>
public interface IGrainStateTable
{
    /// <summary>The row, or null if there is none.</summary>
    Task<GrainStateRow?> ReadAsync(string grainId, string stateName, CancellationToken cancellationToken);

    /// <summary>Writes in one statement and returns the new etag. A null etag expects that there is no row.</summary>
    /// <exception cref="Orleans.Storage.InconsistentStateException">The row has another etag; nothing was written.</exception>
    Task<string> WriteAsync(string grainId, string stateName, string json, string? etag, CancellationToken cancellationToken);

    /// <summary>Deletes the row in one statement. A null etag expects that there is no row.</summary>
    /// <exception cref="Orleans.Storage.InconsistentStateException">The row has another etag; nothing was deleted.</exception>
    Task ClearAsync(string grainId, string stateName, string? etag, CancellationToken cancellationToken);
}
