namespace Actors.Idempotency;

/// <summary>The Idempotency-Key was used for another request within its 24 hours. Nothing was written.</summary>
[GenerateSerializer, Alias("IdempotencyKeyReusedException")]
public sealed class IdempotencyKeyReusedException : Exception
{
    /// <summary>A key that is taken.</summary>
    public IdempotencyKeyReusedException()
        : base("The Idempotency-Key was used for another request.")
    {
    }
}

/// <summary>A parallel request with the same Idempotency-Key was faster. Nothing was written; its answer is kept by now.</summary>
[GenerateSerializer, Alias("AlreadyAnsweredException")]
public sealed class AlreadyAnsweredException : Exception
{
    /// <summary>A request that was answered.</summary>
    public AlreadyAnsweredException()
        : base("A request with the same Idempotency-Key was answered meanwhile.")
    {
    }
}
