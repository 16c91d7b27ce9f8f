namespace Actors.Work;

/// <summary>There is no such task, project or sprint, or it is another client's. Nothing was written.</summary>
[GenerateSerializer, Alias("WorkNotFoundException")]
public sealed class WorkNotFoundException : Exception
{
    /// <param name="noun">What is not there, for example <c>task</c>.</param>
    public WorkNotFoundException(string noun)
        : base($"There is no such {noun}.")
    {
    }
}

/// <summary>The client has a sprint in that week. Nothing was written.</summary>
[GenerateSerializer, Alias("SprintExistsException")]
public sealed class SprintExistsException : Exception
{
    /// <summary>A week that is taken.</summary>
    public SprintExistsException()
        : base("This client has a sprint in that week.")
    {
    }
}

/// <summary>The request was understood and breaks a rule. Nothing was written; repeating it unchanged does not help.</summary>
[GenerateSerializer, Alias("WorkRefusedException")]
public sealed class WorkRefusedException : Exception
{
    /// <param name="code">Stable code in snake_case, for example <c>no_such_project</c>.</param>
    /// <param name="message">What is wrong and what to do, for people.</param>
    public WorkRefusedException(string code, string message)
        : base(message) => Code = code;

    /// <summary>Stable code in snake_case.</summary>
    [Id(0)]
    public string Code { get; }
}
