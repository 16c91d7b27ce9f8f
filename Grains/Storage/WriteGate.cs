using Actors.Hosting;

namespace Actors.Storage;

/// <summary>
/// Says whether this process may write. Every store asks before each write transaction. Open at first: grains start only
/// after the host has its lock.
/// </summary>
public sealed class WriteGate
{
    private volatile string? _closedBecause;

    /// <exception cref="WritesSuspendedException">The gate is closed. Nothing was written; repeating later is safe.</exception>
    public void EnsureOpen()
    {
        if (_closedBecause is { } reason)
        {
            throw new WritesSuspendedException(reason);
        }
    }

    public void Open() => _closedBecause = null;

    public void Close(string reason) => _closedBecause = reason;
}
