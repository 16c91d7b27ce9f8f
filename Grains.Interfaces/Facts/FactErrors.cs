namespace Actors.Facts;

/// <summary>The request was understood and breaks a rule. Nothing was written; repeating it unchanged does not help.</summary>
[GenerateSerializer, Alias("FactRefusedException")]
public sealed class FactRefusedException : Exception
{
    /// <param name="code">Stable code in snake_case, for example <c>effective_at_not_after_valid_from</c>.</param>
    /// <param name="message">What is wrong and what to do, for people.</param>
    public FactRefusedException(string code, string message)
        : base(message) => Code = code;

    /// <summary>Stable code in snake_case.</summary>
    [Id(0)]
    public string Code { get; }
}

/// <summary>The subject never had a fact of that id. Nothing was written.</summary>
[GenerateSerializer, Alias("FactNotFoundException")]
public sealed class FactNotFoundException : Exception
{
    /// <summary>A fact that is not there.</summary>
    public FactNotFoundException()
        : base("There is no such fact.")
    {
    }
}

/// <summary>
/// The fact does not hold any more at the time the request is about: it was changed, its end has come, or it was retracted.
/// Nothing was written.
/// </summary>
[GenerateSerializer, Alias("FactSupersededException")]
public sealed class FactSupersededException : Exception
{
    /// <param name="currentFactId">The fact that holds instead, if any.</param>
    /// <param name="message">What became of the fact, for people.</param>
    public FactSupersededException(Guid? currentFactId, string message)
        : base(message) => CurrentFactId = currentFactId;

    /// <summary>The fact at the end of the chain of successors, to repeat the request on; null: none holds.</summary>
    [Id(0)]
    public Guid? CurrentFactId { get; }
}

/// <summary>Two facts of one single-valued key, or a fact and its successor, would hold at the same time. Nothing was written.</summary>
[GenerateSerializer, Alias("FactKeyTakenException")]
public sealed class FactKeyTakenException : Exception
{
    /// <param name="conflictingFactId">The fact in the way, if known.</param>
    /// <param name="message">What overlaps and what to do, for people.</param>
    public FactKeyTakenException(Guid? conflictingFactId, string message)
        : base(message) => ConflictingFactId = conflictingFactId;

    /// <summary>The fact in the way; null: it went away meanwhile.</summary>
    [Id(0)]
    public Guid? ConflictingFactId { get; }
}

/// <summary>
/// Another writer was faster: a belief is not the present one any more, or a key's valid time is taken. Between grains only; the
/// subject reads again and decides again. Nothing was written.
/// </summary>
[GenerateSerializer, Alias("FactConflictException")]
public sealed class FactConflictException : Exception
{
    /// <summary>A decision that came too late.</summary>
    public FactConflictException()
        : base("The fact was changed by another writer.")
    {
    }
}

/// <summary>What was found in an event was recorded before. Nothing was written.</summary>
[GenerateSerializer, Alias("FactAlreadyPromotedException")]
public sealed class FactAlreadyPromotedException : Exception
{
    /// <summary>A repeat.</summary>
    public FactAlreadyPromotedException()
        : base("What was found in this event was recorded before.")
    {
    }
}
