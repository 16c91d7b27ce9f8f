namespace Actors.LanguageModels;

/// <summary>Why a language model gave no answer.</summary>
internal enum AskFailure
{
    /// <summary>No connection: nothing was asked.</summary>
    Unreachable,

    /// <summary>The connection broke before the answer was whole.</summary>
    Broken,

    /// <summary>No answer within the asker's time.</summary>
    TimedOut,

    /// <summary>429: too many requests.</summary>
    Throttled,

    /// <summary>401 or 403: the key is wrong, or may not do this.</summary>
    Unauthorized,

    /// <summary>404: there is no such route, or no such model.</summary>
    Misconfigured,

    /// <summary>400, 413 or 422: this request is not taken.</summary>
    NotTaken,

    /// <summary>5xx, or another status.</summary>
    Failed,

    /// <summary>It refuses to say anything to this.</summary>
    Refused,

    /// <summary>Its answer was cut off.</summary>
    CutOff,

    /// <summary>Its answer cannot be read, or is too long.</summary>
    Unreadable,
}

/// <summary>A language model gave no answer.</summary>
internal sealed class AskFailedException : Exception
{
    /// <param name="failure">Why.</param>
    /// <param name="message">For people; nothing of what was sent or answered.</param>
    /// <param name="retryAfter">How long the endpoint wants to be left alone; null: it does not say.</param>
    /// <param name="tokens">What it cost all the same; null: not told.</param>
    public AskFailedException(AskFailure failure, string message, TimeSpan? retryAfter = null, int? tokens = null)
        : base(message) => (Failure, RetryAfter, Tokens) = (failure, retryAfter, tokens);

    public AskFailure Failure { get; }

    public TimeSpan? RetryAfter { get; }

    public int? Tokens { get; }
}
