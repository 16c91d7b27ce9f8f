using Actors.Access;
using Actors.Api;
using Actors.Changes;
using Actors.Http;
using Actors.Idempotency;
using Actors.OpenApi;
using Actors.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Actors.Zep;

/// <summary>Routes of the outbox, for admins: what waits to be sent to services outside, and what they refused.</summary>
internal static class OutboxApi
{
    public const int DefaultPage = 50;
    public const int MaxPage = 500;

    public static void MapOutbox(this IEndpointRouteBuilder app)
    {
        var outbox = app.MapGroup("/api/v1/admin/outbox").RequireAdmin();
        outbox.MapGet("", ListAsync).Describes(() => OutboxDocs.List);
        outbox.MapPost("/{id}/retry", RetryAsync).Describes(() => OutboxDocs.Retry);
        outbox.MapDelete("/{id}", DeleteAsync).Describes(() => OutboxDocs.Delete);
    }

    private static async Task<JsonHttpResult<OutboxList>> ListAsync(HttpRequest http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        var query = new QueryReader(http.Query, faults);
        var isFailed = query.Choice("state", state => OutboxNames.States.Contains(state) ? state == OutboxNames.Failed : null as bool?, OutboxNames.States);
        var clientId = ClientIds.Of(query, required: false);
        var after = IdCursors.Read(query);
        var limit = query.Integer("limit", 1, MaxPage) ?? DefaultPage;
        query.RefuseOthers();
        faults.ThrowIfAny();
        var page = await Outbox(grains).ListAsync(new OutboxListRequest(isFailed, clientId, limit, after), cancellationToken);
        var list = new OutboxList([.. page.Rows.Select(OutboxView.Of)], page.HasMore ? IdCursors.Of(page.Rows[^1].Id) : null);
        return TypedResults.Json(list, ApiJson.Answers.OutboxList);
    }

    private static async Task<IResult> RetryAsync(
        string id, HttpContext http, Caller caller, IdempotentWrites writes, IGrainFactory grains, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http.Request, cancellationToken);
        var delay = WebhookBinding.Retry(body.RootElement);
        return await writes.RunAsync(
            http, caller, body.RootElement, clientId: null, KeptAnswerJson.Default.OutboxRecord,
            async key => await Outbox(grains).RetryAsync(IdOf(id), delay, key, cancellationToken) ?? throw NoSuchRow(),
            row => TypedResults.Json(OutboxView.Of(row), ApiJson.Answers.OutboxView, statusCode: StatusCodes.Status202Accepted));
    }

    private static async Task<NoContent> DeleteAsync(string id, IGrainFactory grains, CancellationToken cancellationToken) =>
        await Outbox(grains).DeleteAsync(IdOf(id), cancellationToken) ? TypedResults.NoContent() : throw NoSuchRow();

    private static IOutboxGrain Outbox(IGrainFactory grains) => grains.GetGrain<IOutboxGrain>(IOutboxGrain.Key);

    private static Guid IdOf(string id) => Guid.TryParseExact(id, "D", out var rowId) ? rowId : throw NoSuchRow();

    private static NotFoundException NoSuchRow() => new("There is no such row in the outbox.");
}
