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

/// <summary>A webhook breaks a rule. Nothing was written; repeating does not help.</summary>
[GenerateSerializer, Alias("WebhookRefusedException")]
public sealed class WebhookRefusedException : Exception
{
    /// <param name="code">Stable code in snake_case, for example <c>too_many_webhooks</c>.</param>
    /// <param name="message">What is wrong and what to do, for people.</param>
    public WebhookRefusedException(string code, string message)
        : base(message) => Code = code;

    /// <summary>Stable code in snake_case.</summary>
    [Id(0)]
    public string Code { get; }
}
