using Actors.Api;
using Actors.Http;
using Actors.OpenApi;
using Actors.Sessions;

namespace Actors.Promotion;

/// <summary>What the routes of <see cref="PromotionApi"/> do, and what their requests hold, as <see cref="PromotionBinding"/> reads it.</summary>
internal static class PromotionDocs
{
    private const string Id = "01a2087e-98d2-7a10-9c1f-3f2f3c9a6d11";

    private const string Done =
        $$"""
        {"memory_id":"{{Id}}","client_id":"1","state":"done","attempts":0,"next_attempt_at":null,"last_error":null,"extractor":"rules","extractor_version":"1",
         "model":null,"fact_ids":["01a2087f-8a11-7c40-b0a4-5d0a3c2b1e77"],"set_aside_count":0,"set_aside":[],
         "created_at":"2026-11-26T09:30:00+00:00","updated_at":"2026-11-26T09:31:00+00:00"}
        """;

    private const string Waiting =
        $$"""
        {"memory_id":"{{Id}}","client_id":"1","state":"waiting","attempts":0,"next_attempt_at":null,"last_error":"llm_garbage: The answer was not what was asked for.",
         "extractor":null,"extractor_version":null,"model":null,"fact_ids":[],"set_aside_count":0,"set_aside":[],
         "created_at":"2026-11-26T09:30:00+00:00","updated_at":"2026-11-26T09:50:00+00:00"}
        """;

    private static readonly RouteTag Tag = new("Promotions", "What becomes of important memories on their way to facts. More in `docs/promotion.md`.");

    public static RouteDoc List { get; } = new("listPromotions", Tag, "List promotions", "The newest memory first, page by page: of all clients the key may see, unless one is named.")
    {
        Parameters =
        [
            new Field("client_id", ClientIds.InQuery, "Only those of this client.", "1"),
            new Field("state", Schemas.OneOf(PromotionNames.States), "Only those in this state.", "failed"),
            new Field("limit", Schemas.Integer(1, PromotionBinding.MaxPage), "Most items on the page.", 20) { Default = PromotionBinding.DefaultPage },
            new Field("cursor", Schemas.Text(IdCursors.MaxLength), "The `next_cursor` of the page before.", IdCursors.Of(Guid.AllBitsSet)),
        ],
        Answers = [AnswerDoc.Json<PromotionList>(200, "One page.", $$"""{"items":[{{Done}}],"next_cursor":null}""")],
    };

    public static RouteDoc Retry { get; } = new(
        "retryPromotion", Tag, "Try a promotion again", "One that was given up, or that waits for its next attempt. What was found before is not looked for again, and nothing is recorded twice.")
    {
        Parameters = [new Field("id", Schemas.Id, "Id of the memory.", Id)],
        Body = new(
            Schemas.Object("PromotionRetry", new Field("delay_seconds", Schemas.Integer(0, PromotionBinding.MaxRetryDelay), "How long to wait before.", 60) { Default = 0 }),
            ("at once", "{}"),
            ("in a minute", """{"delay_seconds":60}""")),
        Answers = [AnswerDoc.Json<PromotionView>(202, "It will be tried again.", Waiting)],
        Refusals = [new NotFoundException("There is no such promotion."), new PromotionRefusedException("promotion_done", "What was found in this memory has been recorded; there is nothing to try again.")],
    };
}
