namespace Actors.Hosting;

/// <summary>
/// This host has lost its lock on the database and may not write until it holds it again, because another host might
/// be writing. Nothing was written; repeating later is safe.
/// </summary>
[GenerateSerializer, Alias("WritesSuspendedException")]
public sealed class WritesSuspendedException : Exception
{
    /// <param name="message">Why writes are suspended, for people.</param>
    public WritesSuspendedException(string message)
        : base(message)
    {
    }
}
