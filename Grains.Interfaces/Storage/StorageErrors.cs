namespace Actors.Storage;

/// <summary>Postgres could not be reached, or refused for a passing reason. Nothing was written; repeating later is safe.</summary>
[GenerateSerializer, Alias("StorageUnavailableException")]
public sealed class StorageUnavailableException : Exception
{
    /// <param name="message">What failed, for people; never SQL.</param>
    /// <param name="innerException">The cause.</param>
    public StorageUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>
/// The connection broke after a write was sent and before its commit was confirmed: it may or may not be stored.
/// Look before repeating.
/// </summary>
[GenerateSerializer, Alias("OutcomeUnknownException")]
public sealed class OutcomeUnknownException : Exception
{
    /// <param name="message">What failed, for people; never SQL.</param>
    /// <param name="innerException">The cause.</param>
    public OutcomeUnknownException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>The row has another version than those the write is meant for. Nothing was written; read it again before repeating.</summary>
[GenerateSerializer, Alias("VersionMismatchException")]
public sealed class VersionMismatchException : Exception
{
    /// <summary>A row that was changed meanwhile.</summary>
    public VersionMismatchException()
        : base("It has been changed since that version.")
    {
    }
}
