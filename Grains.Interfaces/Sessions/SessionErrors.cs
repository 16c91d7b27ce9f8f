namespace Actors.Sessions;

/// <summary>A memory that was understood breaks a rule. Nothing of its request was stored; repeating does not help.</summary>
[GenerateSerializer, Alias("MemoryRefusedException")]
public sealed class MemoryRefusedException : Exception
{
    /// <param name="code">Stable code in snake_case, for example <c>unknown_run</c>.</param>
    /// <param name="message">What is wrong and what to do, for people.</param>
    public MemoryRefusedException(string code, string message)
        : base(message) => Code = code;

    /// <summary>Stable code in snake_case.</summary>
    [Id(0)]
    public string Code { get; }
}

/// <summary>More writes wait for this session's commits than it may hold. Nothing was stored; repeating later is safe.</summary>
[GenerateSerializer, Alias("SessionBusyException")]
public sealed class SessionBusyException : Exception
{
    /// <param name="message">What the limit is, for people.</param>
    public SessionBusyException(string message)
        : base(message)
    {
    }
}

/// <summary>The session is still being read into memory. Nothing was done; repeating later is safe, and finds it further.</summary>
[GenerateSerializer, Alias("SessionLoadingException")]
public sealed class SessionLoadingException : Exception
{
    /// <param name="message">What is waited for, for people.</param>
    public SessionLoadingException(string message)
        : base(message)
    {
    }
}
