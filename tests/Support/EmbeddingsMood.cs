namespace Actors.Support;

/// <summary>What a <see cref="FakeEmbeddings"/> does with a request.</summary>
public enum EmbeddingsMood
{
    /// <summary>Answers, the last vector first, as the format allows.</summary>
    Well,

    /// <summary>401, quoting the key as OpenAI does.</summary>
    Unauthorized,

    /// <summary>429 with <see cref="FakeEmbeddings.RetryAfter"/>.</summary>
    RateLimited,

    /// <summary>404, as for a model that is not known.</summary>
    NotFound,

    /// <summary>400 for whatever is sent.</summary>
    RefusesAll,

    /// <summary>500.</summary>
    Broken,

    /// <summary>Answers once <see cref="FakeEmbeddings.Release"/> is called, or the caller has gone.</summary>
    Slow,

    /// <summary>200 with HTML.</summary>
    Garbage,

    /// <summary>Vectors with one dimension more.</summary>
    WrongDimensions,

    /// <summary>A vector with the literal NaN, which Python's servers write and JSON does not know.</summary>
    NotANumber,

    /// <summary>A vector of zeros.</summary>
    Zeros,

    /// <summary>One vector less than texts.</summary>
    TooFew,

    /// <summary>Breaks the connection.</summary>
    Breaks,
}

/// <summary>A request as it came.</summary>
public sealed record FakeRequest(string Authorization, string Model, IReadOnlyList<string> Input, int? Dimensions, string EncodingFormat);
