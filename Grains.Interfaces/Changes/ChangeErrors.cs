namespace Actors.Changes;

/// <summary>A text is no cursor of the change feed. Repeating does not help.</summary>
[GenerateSerializer, Alias("MalformedCursorException")]
public sealed class MalformedCursorException : Exception
{
    /// <summary>A text that is no cursor.</summary>
    public MalformedCursorException()
        : base("The text is no cursor of the change feed.")
    {
    }
}

/// <summary>
/// What changed after a cursor can no longer be told: its changes were removed from the log after their retention time, or the database
/// is another one, or an earlier one, than that of the cursor. Repeating does not help.
/// </summary>
[GenerateSerializer, Alias("CursorExpiredException")]
public sealed class CursorExpiredException : Exception
{
    /// <param name="message">Why, for people.</param>
    public CursorExpiredException(string message)
        : base(message)
    {
    }
}
