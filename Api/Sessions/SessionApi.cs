using System.Collections.Immutable;
using System.Text.Json;
using Actors.Access;
using Actors.Api;
using Actors.Http;
using Actors.Idempotency;
using Actors.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Actors.Sessions;

/// <summary>Routes of events: remember, list, get, delete; recall is <see cref="RecallApi"/>'s.</summary>
internal static class SessionApi
{
    public const int DefaultPage = 50;
    public const int MaxPage = 500;

    public static void AddSessionApi(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<EventOwners>();
        builder.AddRecallApi();
    }

    public static void MapSessions(this IEndpointRouteBuilder app)
    {
        var memory = app.MapGroup("/api/v1/memory");
        memory.MapPost("/remember", RememberAsync).Describes(() => MemoryDocs.Remember);
        memory.MapPost("/remember/batch", RememberBatchAsync).Describes(() => MemoryDocs.RememberBatch);
        memory.MapRecall();
        memory.MapGet("/events", ListAsync).Describes(() => MemoryDocs.ListEvents);
        memory.MapGet("/events/{id}", GetAsync).Describes(() => MemoryDocs.GetEvent);
        memory.MapDelete("/events/{id}", ForgetAsync).Describes(() => MemoryDocs.DeleteEvent);
    }

    private static async Task<IResult> RememberAsync(
        HttpContext http, Caller caller, IdempotentWrites writes, IGrainFactory grains, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http.Request, cancellationToken);
        var (clientId, request) = RememberBinding.Single(body.RootElement);
        return await StoreAsync(http, caller, body.RootElement, clientId, request, writes, grains, receipts => new WholeAnswer<RememberedMemory>(
            RememberedMemory.Of(receipts[0]), ApiJson.Answers.RememberedMemory, StatusOf(receipts)));
    }

    private static async Task<IResult> RememberBatchAsync(
        HttpContext http, Caller caller, IdempotentWrites writes, IGrainFactory grains, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http.Request, cancellationToken);
        var (clientId, request) = RememberBinding.Batch(body.RootElement);
        return await StoreAsync(http, caller, body.RootElement, clientId, request, writes, grains, receipts => new WholeAnswer<RememberedBatch>(
            new RememberedBatch([.. receipts.Select(RememberedMemory.Of)]), ApiJson.Answers.RememberedBatch, StatusOf(receipts)));
    }

    private static Task<IResult> StoreAsync(
        HttpContext http, Caller caller, JsonElement body, string clientId, RememberRequest request,
        IdempotentWrites writes, IGrainFactory grains, Func<ImmutableArray<RememberReceipt>, IResult> answer)
    {
        caller.EnsureMayRead(clientId);
        return writes.RunAsync(
            http, caller, body, clientId, KeptAnswerJson.Default.ImmutableArrayRememberReceipt,
            async key =>
            {
                var stored = await SessionOf(grains, clientId).RememberAsync(request with { IdempotencyKey = key }, http.RequestAborted);
                // A silo that is still to be upgraded does not say.
                var isInValkey = stored.IsInValkey.IsDefault ? [.. stored.Memories.Select(_ => false)] : stored.IsInValkey;
                return [.. stored.Memories.Select((memory, i) => RememberReceipt.Of(
                    memory, stored.IsRepeat[i], isInValkey[i], stored.InZep.IsDefault ? ZepDelivery.None : stored.InZep[i]))];
            },
            answer);
    }

    private static int StatusOf(ImmutableArray<RememberReceipt> receipts) =>
        receipts.All(receipt => receipt.IsRepeat) ? StatusCodes.Status200OK : StatusCodes.Status201Created;

    private static async Task<JsonHttpResult<EventList>> ListAsync(
        HttpRequest http, Caller caller, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        var query = new QueryReader(http.Query, faults);
        var clientId = ClientIds.Of(query);
        var after = RowCursor.Of(query);
        var request = new EventListRequest(
            clientId ?? "",
            query.Choice("scope", MemoryNames.ScopeOf, MemoryNames.Scopes),
            query.Time("from"),
            query.Time("to"),
            query.Time("as_of"),
            query.Time("known_at"),
            query.Number("min_salience", 0, 1),
            query.Flag("include_expired") ?? false,
            query.Integer("limit", 1, MaxPage) ?? DefaultPage,
            after);
        query.RefuseOthers();
        faults.ThrowIfAny();
        caller.EnsureMayRead(request.ClientId);
        var page = await grains.GetGrain<IEventQueryGrain>(IEventQueryGrain.Key).ListAsync(request, cancellationToken);
        var list = new EventList([.. page.Events.Select(EventAnswer.Of)], page.Next is { } next ? RowCursor.Format(next) : null, RetentionAnswers.Degraded(page.ReachesBehindRetention));
        return TypedResults.Json(list, ApiJson.Answers.EventList);
    }

    private static async Task<JsonHttpResult<EventAnswer>> GetAsync(
        string id, HttpRequest http, Caller caller, EventOwners owners, TimeProvider time, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        var query = new QueryReader(http.Query, faults);
        var includeExpired = query.Flag("include_expired") ?? false;
        var asOf = query.Time("as_of");
        var knownAt = query.Time("known_at");
        query.RefuseOthers();
        faults.ThrowIfAny();
        var memory = await owners.AskAsync(id, caller, (session, eventId) => session.GetEventAsync(eventId, cancellationToken), cancellationToken);
        return memory is not null
            && !(memory.CreatedAt > knownAt)
            && !(memory.OccurredAt > asOf)
            && (includeExpired || !(memory.ExpiresAt <= (asOf ?? time.GetUtcNow())))
            ? TypedResults.Json(EventAnswer.Of(memory), ApiJson.Answers.EventAnswer)
            : throw NoSuchEvent();
    }

    private static async Task<NoContent> ForgetAsync(string id, Caller caller, EventOwners owners, CancellationToken cancellationToken) =>
        await owners.AskAsync(id, caller, ForgetInAsync, cancellationToken) ?? throw NoSuchEvent();

    private static async Task<NoContent?> ForgetInAsync(ISessionGrain session, Guid eventId) =>
        // Not withdrawn when the caller hangs up: it asked for the deletion.
        await session.ForgetAsync(eventId, CancellationToken.None) ? TypedResults.NoContent() : null;

    private static ISessionGrain SessionOf(IGrainFactory grains, string clientId) =>
        grains.GetGrain<ISessionGrain>(SessionKey.Of(clientId));

    private static NotFoundException NoSuchEvent() => new("There is no such event.");
}
