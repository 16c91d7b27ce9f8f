using Actors.Access;
using Actors.Api;
using Actors.Http;
using Actors.Idempotency;
using Actors.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Actors.Changes;

/// <summary>Routes of webhooks and their dead letters, for admins.</summary>
internal static class WebhookApi
{
    public static void MapWebhooks(this IEndpointRouteBuilder app)
    {
        var webhooks = app.MapGroup("/api/v1/admin/webhooks").RequireAdmin();
        webhooks.MapPost("", CreateAsync).Describes(() => WebhookDocs.Create);
        webhooks.MapGet("", ListAsync).Describes(() => WebhookDocs.List);
        webhooks.MapGet("/{id}", GetAsync).Describes(() => WebhookDocs.Get);
        webhooks.MapPatch("/{id}", ChangeAsync).Describes(() => WebhookDocs.Change);
        webhooks.MapDelete("/{id}", DeleteAsync).Describes(() => WebhookDocs.Delete);
        webhooks.MapGet("/{id}/dead-letters", ListLettersAsync).Describes(() => WebhookDocs.ListLetters);
        webhooks.MapPost("/{id}/dead-letters/{letter}/retry", RetryLetterAsync).Describes(() => WebhookDocs.RetryLetter);
        webhooks.MapDelete("/{id}/dead-letters/{letter}", DeleteLetterAsync).Describes(() => WebhookDocs.DeleteLetter);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext http, Caller caller, IdempotentWrites writes, IGrainFactory grains, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http.Request, cancellationToken);
        var webhook = WebhookBinding.New(body.RootElement);
        return await writes.RunAsync(
            http, caller, body.RootElement, webhook.ClientId, KeptAnswerJson.Default.WebhookAnswer,
            key => Writer(grains, Guid.CreateVersion7()).CreateAsync(webhook with { IdempotencyKey = key }, cancellationToken),
            made => TypedResults.Json(WebhookView.Of(made), ApiJson.Answers.WebhookView, statusCode: StatusCodes.Status201Created));
    }

    private static async Task<JsonHttpResult<WebhookList>> ListAsync(HttpRequest http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var (limit, after) = WebhookBinding.Page(http.Query);
        var page = await Reader(grains).ListAsync(limit, after, cancellationToken);
        var list = new WebhookList([.. page.Webhooks.Select(WebhookView.Of)], page.HasMore ? IdCursors.Of(page.Webhooks[^1].Id) : null);
        return TypedResults.Json(list, ApiJson.Answers.WebhookList);
    }

    private static async Task<JsonHttpResult<WebhookView>> GetAsync(string id, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var webhook = await Reader(grains).FindAsync(IdOf(id), cancellationToken);
        return TypedResults.Json(WebhookView.Of(webhook ?? throw NoSuchWebhook()), ApiJson.Answers.WebhookView);
    }

    private static async Task<JsonHttpResult<WebhookView>> ChangeAsync(string id, HttpRequest http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http, cancellationToken);
        var changed = await Writer(grains, IdOf(id)).ChangeAsync(WebhookBinding.Change(body.RootElement), cancellationToken);
        return TypedResults.Json(WebhookView.Of(changed ?? throw NoSuchWebhook()), ApiJson.Answers.WebhookView);
    }

    private static async Task<NoContent> DeleteAsync(string id, IGrainFactory grains, CancellationToken cancellationToken) =>
        await Writer(grains, IdOf(id)).DeleteAsync(cancellationToken) ? TypedResults.NoContent() : throw NoSuchWebhook();

    private static async Task<JsonHttpResult<DeadLetterList>> ListLettersAsync(string id, HttpRequest http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var (limit, after) = WebhookBinding.Page(http.Query);
        var page = await Reader(grains).ListLettersAsync(IdOf(id), limit, after, cancellationToken) ?? throw NoSuchWebhook();
        var list = new DeadLetterList([.. page.Letters.Select(DeadLetterView.Of)], page.HasMore ? IdCursors.Of(page.Letters[^1].Id) : null);
        return TypedResults.Json(list, ApiJson.Answers.DeadLetterList);
    }

    private static async Task<IResult> RetryLetterAsync(
        string id, string letter, HttpContext http, Caller caller, IdempotentWrites writes, IGrainFactory grains, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http.Request, cancellationToken);
        var delay = WebhookBinding.Retry(body.RootElement);
        return await writes.RunAsync(
            http, caller, body.RootElement, clientId: null, KeptAnswerJson.Default.DeadLetter,
            async key => await Writer(grains, IdOf(id)).RetryLetterAsync(LetterIdOf(letter), delay, key, cancellationToken) ?? throw NoSuchLetter(),
            found => TypedResults.Json(DeadLetterView.Of(found), ApiJson.Answers.DeadLetterView, statusCode: StatusCodes.Status202Accepted));
    }

    private static async Task<NoContent> DeleteLetterAsync(string id, string letter, IGrainFactory grains, CancellationToken cancellationToken) =>
        await Writer(grains, IdOf(id)).DeleteLetterAsync(LetterIdOf(letter), cancellationToken) ? TypedResults.NoContent() : throw NoSuchLetter();

    private static IWebhookGrain Writer(IGrainFactory grains, Guid id) => grains.GetGrain<IWebhookGrain>($"{id}");

    private static IWebhookQueryGrain Reader(IGrainFactory grains) => grains.GetGrain<IWebhookQueryGrain>(IWebhookQueryGrain.Key);

    private static Guid IdOf(string id) => Guid.TryParseExact(id, "D", out var webhookId) ? webhookId : throw NoSuchWebhook();

    private static Guid LetterIdOf(string id) => Guid.TryParseExact(id, "D", out var letterId) ? letterId : throw NoSuchLetter();

    private static NotFoundException NoSuchWebhook() => new("There is no such webhook.");

    private static NotFoundException NoSuchLetter() => new("There is no such dead letter.");
}
