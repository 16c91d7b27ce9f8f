using Actors.Api;
using Actors.Http;
using Actors.Idempotency;
using Actors.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Actors.Access;

/// <summary>Routes of API keys, for admins. A change works in this process before it is answered, in others within a second.</summary>
internal static class KeyApi
{
    public static void MapKeys(this IEndpointRouteBuilder app)
    {
        var keys = app.MapGroup("/api/v1/admin/keys").RequireAdmin();
        keys.MapPost("", CreateAsync).Describes(() => KeyDocs.Create);
        keys.MapGet("", ListAsync).Describes(() => KeyDocs.List);
        keys.MapGet("/{id}", GetAsync).Describes(() => KeyDocs.Get);
        keys.MapPatch("/{id}", ChangeAsync).Describes(() => KeyDocs.Change);
        keys.MapDelete("/{id}", DeleteAsync).Describes(() => KeyDocs.Delete);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext http, Caller caller, IdempotentWrites writes, IGrainFactory grains, KeyTable table, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http.Request, cancellationToken);
        // A browser session has no secret from which a key's could be made again.
        var makersSecret = ApiKeyAuthentication.SecretOf(http.Request) ?? KeySecret.Create().Text;
        if (ApiKeyAuthentication.CameByCookie(http.Request) && http.Request.Headers.ContainsKey(IdempotentWrites.Header))
        {
            throw new InvalidRequestException("header:" + IdempotentWrites.Header, "needs the header Authorization here, since a new key's secret is not stored");
        }

        var salt = KeySecret.NewSalt();
        var key = KeyBinding.New(body.RootElement, KeySecret.From(makersSecret, salt.AsSpan()));
        return await writes.RunAsync(
            http, caller, body.RootElement, clientId: null, KeptAnswerJson.Default.KeyReceipt,
            async idempotencyKey =>
            {
                var stored = await Writer(grains).CreateAsync(key with { IdempotencyKey = idempotencyKey, Salt = salt }, cancellationToken);
                await table.TryRefreshAsync(CancellationToken.None);
                return new KeyReceipt(stored, salt);
            },
            receipt => TypedResults.Json(
                CreatedKeyAnswer.Of(receipt.Key, KeySecret.From(makersSecret, receipt.Salt.AsSpan())),
                ApiJson.Answers.CreatedKeyAnswer,
                statusCode: StatusCodes.Status201Created));
    }

    private static async Task<JsonHttpResult<KeyList>> ListAsync(HttpRequest http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var (limit, after) = KeyBinding.Page(http.Query);
        var page = await Reader(grains).ListAsync(limit, after, cancellationToken);
        var list = new KeyList([.. page.Keys.Select(KeyAnswer.Of)], page.Next is { } next ? KeyBinding.Cursor(next) : null);
        return TypedResults.Json(list, ApiJson.Answers.KeyList);
    }

    private static async Task<JsonHttpResult<KeyAnswer>> GetAsync(string id, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var key = await Reader(grains).FindAsync(IdOf(id), cancellationToken);
        return TypedResults.Json(KeyAnswer.Of(key ?? throw NoSuchKey()), ApiJson.Answers.KeyAnswer);
    }

    // Neither this nor a deletion is withdrawn when the caller hangs up: a key that is to end must end.
    private static async Task<JsonHttpResult<KeyAnswer>> ChangeAsync(
        string id, HttpRequest http, IGrainFactory grains, KeyTable table, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http, cancellationToken);
        var key = await Writer(grains).ChangeAsync(IdOf(id), KeyBinding.Change(body.RootElement), CancellationToken.None);
        await table.TryRefreshAsync(CancellationToken.None);
        return TypedResults.Json(KeyAnswer.Of(key ?? throw NoSuchKey()), ApiJson.Answers.KeyAnswer);
    }

    private static async Task<NoContent> DeleteAsync(string id, IGrainFactory grains, KeyTable table)
    {
        var isDeleted = await Writer(grains).DeleteAsync(IdOf(id), CancellationToken.None);
        await table.TryRefreshAsync(CancellationToken.None);
        return isDeleted ? TypedResults.NoContent() : throw NoSuchKey();
    }

    private static IAccessGrain Writer(IGrainFactory grains) => grains.GetGrain<IAccessGrain>(IAccessGrain.Key);

    private static IAccessQueryGrain Reader(IGrainFactory grains) => grains.GetGrain<IAccessQueryGrain>(IAccessQueryGrain.Key);

    private static Guid IdOf(string id) => Guid.TryParseExact(id, "D", out var keyId) ? keyId : throw NoSuchKey();

    private static NotFoundException NoSuchKey() => new("There is no such key.");
}
