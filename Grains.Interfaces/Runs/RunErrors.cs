namespace Actors.Runs;

/// <summary>There is no run of that id. Nothing was written.</summary>
[GenerateSerializer, Alias("RunNotFoundException")]
public sealed class RunNotFoundException : Exception
{
    /// <summary>A run that is not there.</summary>
    public RunNotFoundException()
        : base("There is no such run.")
    {
    }
}

/// <summary>The run has ended, and what was asked is done to runs that have not. Nothing was written.</summary>
[GenerateSerializer, Alias("RunEndedException")]
public sealed class RunEndedException : Exception
{
    /// <param name="status">How it ended.</param>
    public RunEndedException(RunStatus status)
        : base($"The run is {RunStatusNames.Of(status)} already.") => Status = status;

    /// <summary>How it ended.</summary>
    [Id(0)]
    public RunStatus Status { get; }
}

/// <summary>Another run of the client has the same identifier. Nothing was written.</summary>
[GenerateSerializer, Alias("RunIdentifierTakenException")]
public sealed class RunIdentifierTakenException : Exception
{
    /// <summary>An identifier that is taken.</summary>
    public RunIdentifierTakenException()
        : base("Another run of this client has that run_identifier.")
    {
    }
}

/// <summary>The request was understood and breaks a rule. Nothing was written; repeating it unchanged does not help.</summary>
[GenerateSerializer, Alias("RunRefusedException")]
public sealed class RunRefusedException : Exception
{
    /// <param name="code">Stable code in snake_case, for example <c>actual_hours_required</c>.</param>
    /// <param name="message">What is wrong and what to do, for people.</param>
    public RunRefusedException(string code, string message)
        : base(message) => Code = code;

    /// <summary>Stable code in snake_case.</summary>
    [Id(0)]
    public string Code { get; }
}
