namespace Actors.Planning;

/// <summary>There is no plan of that id. Nothing was written.</summary>
[GenerateSerializer, Alias("PlanNotFoundException")]
public sealed class PlanNotFoundException : Exception
{
    /// <summary>A plan that is not there.</summary>
    public PlanNotFoundException()
        : base("There is no such plan.")
    {
    }
}

/// <summary>The plan is not in the state that what was asked needs. Nothing was written.</summary>
[GenerateSerializer, Alias("PlanStateException")]
public sealed class PlanStateException : Exception
{
    /// <param name="code">Stable code in snake_case, for example <c>plan_not_draft</c>.</param>
    /// <param name="message">What is wrong, for people.</param>
    public PlanStateException(string code, string message)
        : base(message) => Code = code;

    /// <summary>Stable code in snake_case.</summary>
    [Id(0)]
    public string Code { get; }
}

/// <summary>The request was understood and breaks a rule. Nothing was written; repeating it unchanged does not help.</summary>
[GenerateSerializer, Alias("PlanRefusedException")]
public sealed class PlanRefusedException : Exception
{
    /// <param name="code">Stable code in snake_case, for example <c>no_such_workflow</c>.</param>
    /// <param name="message">What is wrong and what to do, for people.</param>
    public PlanRefusedException(string code, string message)
        : base(message) => Code = code;

    /// <summary>Stable code in snake_case.</summary>
    [Id(0)]
    public string Code { get; }
}

/// <summary>A language model is configured and gave no plan. No plan was written; an event of the client, or of the house, records it unless that cannot be stored. A repeat may help.</summary>
[GenerateSerializer, Alias("LanguageModelException")]
public sealed class LanguageModelException : Exception
{
    /// <param name="message">What went wrong, for people; nothing of what was sent or answered.</param>
    public LanguageModelException(string message)
        : base(message)
    {
    }
}
