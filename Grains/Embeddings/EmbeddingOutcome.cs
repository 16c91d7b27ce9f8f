using System.Collections.Immutable;

namespace Actors.Embeddings;

/// <summary>What became of a request for vectors: the vectors, or why there are none.</summary>
/// <param name="Vectors">One per text, in their order; empty after a failure.</param>
/// <param name="Failure">Null: there are vectors.</param>
/// <param name="Detail">For logs: a status or the kind of a network error, never what was sent or answered.</param>
/// <param name="RetryAfter">How long the endpoint wants to be left alone.</param>
internal sealed record EmbeddingOutcome(
    ImmutableArray<QuantizedVector> Vectors, EmbeddingFailure? Failure = null, string Detail = "", TimeSpan? RetryAfter = null)
{
    public static EmbeddingOutcome Failed(EmbeddingFailure failure, string detail = "", TimeSpan? retryAfter = null) =>
        new([], failure, detail, retryAfter);

    /// <summary>Whether the texts may be the cause, so that others, or fewer, may succeed.</summary>
    public bool MayBeTheTexts =>
        Failure is EmbeddingFailure.Refused or EmbeddingFailure.InvalidAnswer or EmbeddingFailure.ServerError or EmbeddingFailure.TimedOut;

    /// <summary>Whether the endpoint was asked at all.</summary>
    public bool WasAsked => Failure is not (EmbeddingFailure.Paused or EmbeddingFailure.Paced);
}

/// <summary>Why there is no vector.</summary>
internal enum EmbeddingFailure
{
    /// <summary>The endpoint does not accept the key: 401, 403.</summary>
    Unauthorized,

    /// <summary>Nothing answers like an embeddings endpoint at the address, or the model is not known there: 404 and other statuses that repeating does not change.</summary>
    Misconfigured,

    /// <summary>Too many requests, or a quota that is used up: 429.</summary>
    RateLimited,

    /// <summary>The endpoint does not take the texts: 400, 413, 422.</summary>
    Refused,

    /// <summary>5xx.</summary>
    ServerError,

    /// <summary>No answer within the time limit, or 408.</summary>
    TimedOut,

    /// <summary>No connection, or it broke.</summary>
    Unreachable,

    /// <summary>Not JSON of the right form, too few vectors, another number of dimensions, or numbers that are none.</summary>
    InvalidAnswer,

    /// <summary>Not asked: the endpoint failed a moment ago.</summary>
    Paused,

    /// <summary>Not asked: the requests per minute are used up.</summary>
    Paced,

    /// <summary>Not waited for any longer than a question's budget.</summary>
    OverBudget,

    /// <summary>Not asked: too many questions are being embedded.</summary>
    Busy,
}

internal static class EmbeddingFailureCodes
{
    /// <summary>The failure in snake_case, for metrics and answers.</summary>
    public static string Code(this EmbeddingFailure failure) => failure switch
    {
        EmbeddingFailure.Unauthorized => "unauthorized",
        EmbeddingFailure.Misconfigured => "misconfigured",
        EmbeddingFailure.RateLimited => "rate_limited",
        EmbeddingFailure.Refused => "refused",
        EmbeddingFailure.ServerError => "server_error",
        EmbeddingFailure.TimedOut => "timed_out",
        EmbeddingFailure.Unreachable => "unreachable",
        EmbeddingFailure.InvalidAnswer => "invalid_answer",
        EmbeddingFailure.Paused => "paused",
        EmbeddingFailure.Paced => "paced",
        EmbeddingFailure.OverBudget => "over_budget",
        EmbeddingFailure.Busy => "busy",
        _ => throw new ArgumentOutOfRangeException(nameof(failure)),
    };
}
