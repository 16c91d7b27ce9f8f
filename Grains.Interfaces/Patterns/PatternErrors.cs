namespace Actors.Patterns;

/// <summary>There is no such pattern. Nothing was written.</summary>
[GenerateSerializer, Alias("PatternNotFoundException")]
public sealed class PatternNotFoundException : Exception
{
    /// <summary>A pattern that is not there.</summary>
    public PatternNotFoundException()
        : base("There is no such pattern.")
    {
    }
}

/// <summary>Templates, runs or plans go by the workflow, so it cannot be deleted. Nothing was written.</summary>
[GenerateSerializer, Alias("WorkflowInUseException")]
public sealed class WorkflowInUseException : Exception
{
    /// <summary>A workflow that is used.</summary>
    public WorkflowInUseException()
        : base("Templates, runs or plans go by this workflow.")
    {
    }
}

/// <summary>Runs or plans go by the process template, so it cannot be deleted. Nothing was written.</summary>
[GenerateSerializer, Alias("TemplateInUseException")]
public sealed class TemplateInUseException : Exception
{
    /// <summary>A process template that is used.</summary>
    public TemplateInUseException()
        : base("Runs or plans go by this process template.")
    {
    }
}

/// <summary>There are versions of a prompt of that name. Nothing was written.</summary>
[GenerateSerializer, Alias("PromptNameTakenException")]
public sealed class PromptNameTakenException : Exception
{
    /// <summary>A name that is taken.</summary>
    public PromptNameTakenException()
        : base("There is a prompt of this name.")
    {
    }
}

/// <summary>The service itself sends the prompt, so a version of it must stay active. Nothing was written.</summary>
[GenerateSerializer, Alias("PromptInUseException")]
public sealed class PromptInUseException : Exception
{
    /// <summary>A prompt the service sends.</summary>
    public PromptInUseException()
        : base("The service itself sends this version of the prompt.")
    {
    }
}

/// <summary>The request was understood and breaks a rule. Nothing was written; repeating it unchanged does not help.</summary>
[GenerateSerializer, Alias("PatternRefusedException")]
public sealed class PatternRefusedException : Exception
{
    /// <param name="code">Stable code in snake_case, for example <c>no_such_parent</c>.</param>
    /// <param name="message">What is wrong and what to do, for people.</param>
    public PatternRefusedException(string code, string message)
        : base(message) => Code = code;

    /// <summary>Stable code in snake_case.</summary>
    [Id(0)]
    public string Code { get; }
}
