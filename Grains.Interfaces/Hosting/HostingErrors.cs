namespace Actors.Hosting;

/// <summary>
/// This host may not write: it has lost its lock on the database and another host might be writing, or its cluster has declared
/// it dead. Nothing was written; repeating later is safe.
/// </summary>
[GenerateSerializer, Alias("WritesSuspendedException")]
public sealed class WritesSuspendedException : Exception
{
    /// <param name="message">Why writes are suspended, for people.</param>
    /// <param name="isServedElsewhere">See <see cref="IsServedElsewhere"/>.</param>
    public WritesSuspendedException(string message, bool isServedElsewhere = false)
        : base(message) => IsServedElsewhere = isServedElsewhere;

    /// <summary>Whether another silo serves the grain by now, so that repeating at once helps.</summary>
    [Id(0)]
    public bool IsServedElsewhere { get; }
}
