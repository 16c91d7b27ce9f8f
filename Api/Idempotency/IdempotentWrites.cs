using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Actors.Access;
using Actors.Api;
using Actors.Http;
using Actors.Sessions;

namespace Actors.Idempotency;

/// <summary>
/// Runs writes that may be repeated: with the header <c>Idempotency-Key</c>, a repeat of a request gets the first one's answer
/// and has no effect. What a write did is kept in its own transaction, so that not even a crash comes between the two.
/// </summary>
internal sealed class IdempotentWrites(IGrainFactory grains)
{
    /// <summary>The request header.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>Says in an answer that it is a repeated one.</summary>
    public const string ReplayedHeader = "Idempotent-Replayed";

    // A parallel repeat may find the first request failed for a passing reason, and then stands in for it.
    private const int MaxAttempts = 5;

    /// <summary>Runs a write, or repeats what it answered.</summary>
    /// <param name="http">The request.</param>
    /// <param name="caller">Who sent it; checked to be allowed to.</param>
    /// <param name="body">Its body.</param>
    /// <param name="clientId">Whose data it writes; null: the house's.</param>
    /// <param name="type">How the grain's answer is kept.</param>
    /// <param name="write">The write; keeps its answer under the key it is given, if any.</param>
    /// <param name="answer">The response to the grain's answer.</param>
    public async Task<IResult> RunAsync<T>(
        HttpContext http, Caller caller, JsonElement body, string? clientId, JsonTypeInfo<T> type,
        Func<IdempotencyKey?, Task<T>> write, Func<T, IResult> answer)
    {
        if (KeyOf(http.Request, caller, body) is not { } key)
        {
            return answer(await write(null));
        }

        var keeper = grains.GetGrain<IIdempotencyGrain>(IIdempotencyGrain.Key);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (await keeper.FindAsync(key, http.RequestAborted) is { } kept)
            {
                return await ReplayAsync(http, kept, type, answer);
            }

            try
            {
                return answer(await write(key));
            }
            catch (AlreadyAnsweredException)
            {
                // Its answer is kept, unless the first one failed.
            }
            catch (Exception failure) when (Errors.RefusalOf(failure) is { } refusal)
            {
                var own = new KeptAnswer(refusal.Status, KeptAnswerJson.Write(refusal, ApiJson.Answers.Problem));
                var first = await keeper.KeepRefusalAsync(key, clientId, own, CancellationToken.None);
                // What is refused now may be what the first of parallel repeats has done meanwhile.
                return first.StatusCode < StatusCodes.Status400BadRequest ? await ReplayAsync(http, first, type, answer) : Problem(first);
            }
        }

        throw new Storage.StorageUnavailableException("Requests with this Idempotency-Key keep failing.");
    }

    private async Task<IResult> ReplayAsync<T>(HttpContext http, KeptAnswer kept, JsonTypeInfo<T> type, Func<T, IResult> answer)
    {
        http.Response.Headers[ReplayedHeader] = "true";
        if (kept.StatusCode >= StatusCodes.Status400BadRequest)
        {
            return Problem(kept);
        }

        // The process that wrote may have died before the session heard of it.
        if (kept.ClientId is { } clientId)
        {
            await grains.GetGrain<ISessionGrain>(SessionKey.Of(clientId)).CatchUpAsync(http.RequestAborted);
        }

        return answer(KeptAnswerJson.Read(kept, type));
    }

    private static Microsoft.AspNetCore.Http.HttpResults.Utf8ContentHttpResult Problem(KeptAnswer kept) =>
        TypedResults.Text(kept.Body.AsSpan(), "application/problem+json", kept.StatusCode);

    private static IdempotencyKey? KeyOf(HttpRequest request, Caller caller, JsonElement body)
    {
        var values = request.Headers[Header];
        if (values.Count == 0)
        {
            return null;
        }

        if (values is not [{ Length: > 0 and <= IdempotencyKey.MaxLength } key] || !key.All(c => c is >= ' ' and <= '~'))
        {
            throw new InvalidRequestException("header:" + Header, $"must be given once, with 1 to {IdempotencyKey.MaxLength} printable ASCII characters");
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(request.QueryString.Value ?? ""));
        hash.AppendData("\n"u8);
        hash.AppendData(JsonMarshal.GetRawUtf8Value(body));
        return new IdempotencyKey(caller.KeyId, request.Path.Value ?? "", key, [.. hash.GetHashAndReset()]);
    }
}
