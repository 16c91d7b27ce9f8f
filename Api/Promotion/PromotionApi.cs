using Actors.Access;
using Actors.Api;
using Actors.Http;
using Actors.Idempotency;
using Actors.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Actors.Promotion;

/// <summary>Routes of promotions: what became of important memories on their way to facts, and once more for those that failed.</summary>
internal static class PromotionApi
{
    public static void MapPromotions(this IEndpointRouteBuilder app)
    {
        var promotions = app.MapGroup("/api/v1/memory/promotions");
        promotions.MapGet("", ListAsync).Describes(() => PromotionDocs.List);
        promotions.MapPost("/{id}/retry", RetryAsync).Describes(() => PromotionDocs.Retry);
    }

    private static async Task<JsonHttpResult<PromotionList>> ListAsync(HttpRequest http, Caller caller, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var page = await Reader(grains).ListAsync(PromotionBinding.List(http.Query, caller), cancellationToken);
        var list = new PromotionList([.. page.Promotions.Select(PromotionView.Of)], page.HasMore ? IdCursors.Of(page.Promotions[^1].EventId) : null);
        return TypedResults.Json(list, ApiJson.Answers.PromotionList);
    }

    private static async Task<IResult> RetryAsync(
        string id, HttpContext http, Caller caller, IdempotentWrites writes, IGrainFactory grains, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http.Request, cancellationToken);
        var delay = PromotionBinding.Retry(body.RootElement);
        if (!Guid.TryParseExact(id, "D", out var eventId) || await Reader(grains).FindAsync(eventId, caller.Visibility, cancellationToken) is not { } found)
        {
            throw NoSuchPromotion();
        }

        return await writes.RunAsync(
            http, caller, body.RootElement, found.ClientId, KeptAnswerJson.Default.PromotionRecord,
            async key => await grains.GetGrain<IPromotionSweeperGrain>(IPromotionSweeperGrain.Key).RetryAsync(eventId, delay, key, cancellationToken) ?? throw NoSuchPromotion(),
            revived => TypedResults.Json(PromotionView.Of(revived), ApiJson.Answers.PromotionView, statusCode: StatusCodes.Status202Accepted));
    }

    private static IPromotionQueryGrain Reader(IGrainFactory grains) => grains.GetGrain<IPromotionQueryGrain>(IPromotionQueryGrain.Key);

    private static NotFoundException NoSuchPromotion() => new("There is no such promotion.");
}
