using System.Collections.Immutable;

namespace Actors.Idempotency;

/// <summary>
/// Finds the answers kept for repeated writes. What a write did is kept by the write's own transaction; this grain only
/// reads that, and keeps refusals. Stateless; key: <see cref="Key"/>.
/// </summary>
[Alias("IIdempotencyGrain")]
public interface IIdempotencyGrain : IGrainWithStringKey
{
    /// <summary>The one key of this grain.</summary>
    public const string Key = "idempotency";

    /// <summary>The answer kept for a request.</summary>
    /// <returns>Null when there is none, or its 24 hours are over.</returns>
    /// <exception cref="IdempotencyKeyReusedException">The key was used for another request.</exception>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached; repeat later.</exception>
    [Alias("Find")]
    Task<KeptAnswer?> FindAsync(IdempotencyKey key, CancellationToken cancellationToken);

    /// <summary>Keeps a refusal, unless an answer is kept already.</summary>
    /// <param name="key">The request.</param>
    /// <param name="clientId">Whose data the request is about, so that erasing the client erases the answer; null: nobody's.</param>
    /// <param name="refusal">What was answered; a status of 400 to 499.</param>
    /// <param name="cancellationToken">Has no effect once the write was sent.</param>
    /// <returns>What is kept now: the first answer wins.</returns>
    /// <exception cref="IdempotencyKeyReusedException">The key was used for another request.</exception>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached; repeat later.</exception>
    [Alias("KeepRefusal")]
    Task<KeptAnswer> KeepRefusalAsync(IdempotencyKey key, string? clientId, KeptAnswer refusal, CancellationToken cancellationToken);
}

/// <summary>By what a repeated request is recognised: same API key, same path, same Idempotency-Key.</summary>
/// <param name="ApiKeyId">Who sent it.</param>
/// <param name="Path">Path of the request, without its query.</param>
/// <param name="Key">The header's text: 1 to 255 characters.</param>
/// <param name="RequestHash">SHA-256 of query and body: the same key for another request is an error.</param>
[GenerateSerializer, Immutable, Alias("IdempotencyKey")]
public sealed record IdempotencyKey(
    [property: Id(0)] Guid ApiKeyId,
    [property: Id(1)] string Path,
    [property: Id(2)] string Key,
    [property: Id(3)] ImmutableArray<byte> RequestHash)
{
    /// <summary>Longest Idempotency-Key, in characters; the schema says the same.</summary>
    public const int MaxLength = 255;

    /// <summary>Whether two requests share the key, whatever their hashes.</summary>
    public bool IsSameKeyAs(IdempotencyKey other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return ApiKeyId == other.ApiKeyId && Path == other.Path && Key == other.Key;
    }
}

/// <summary>An answer that is kept.</summary>
/// <param name="StatusCode">HTTP status. Below 400 the body is the grain's answer as JSON, from then on the problem as it was sent.</param>
/// <param name="Body">UTF-8 JSON.</param>
/// <param name="ClientId">Whose data it is about; null: nobody's.</param>
[GenerateSerializer, Immutable, Alias("KeptAnswer")]
public sealed record KeptAnswer(
    [property: Id(0)] int StatusCode,
    [property: Id(1)] ImmutableArray<byte> Body,
    [property: Id(2)] string? ClientId = null);
