using System.Diagnostics;
using Actors.Api;
using Actors.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Actors.Sessions;

/// <summary>Routes of events: remember, recall, list, get, delete.</summary>
internal static class SessionApi
{
    private const int DefaultPage = 50;
    private const int MaxPage = 500;

    public static void AddSessionApi(this WebApplicationBuilder builder) => builder.Services.AddSingleton<EventOwners>();

    public static void MapSessions(this IEndpointRouteBuilder app)
    {
        var memory = app.MapGroup("/api/v1/memory");
        memory.MapPost("/remember", RememberAsync);
        memory.MapPost("/remember/batch", RememberBatchAsync);
        memory.MapGet("/recall", RecallAsync);
        memory.MapPost("/recall", RecallByBodyAsync).WithMetadata(new ReadsOnly());
        memory.MapGet("/events", ListAsync);
        memory.MapGet("/events/{id}", GetAsync);
        memory.MapDelete("/events/{id}", ForgetAsync);
    }

    private static async Task<JsonHttpResult<RememberedMemory>> RememberAsync(HttpRequest http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http, cancellationToken);
        var (clientId, request) = RememberBinding.Single(body.RootElement);
        var answer = await SessionOf(grains, clientId).RememberAsync(request, cancellationToken);
        return TypedResults.Json(RememberedMemory.Of(answer.Memories[0]), ApiJson.Answers.RememberedMemory, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<JsonHttpResult<RememberedBatch>> RememberBatchAsync(HttpRequest http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http, cancellationToken);
        var (clientId, request) = RememberBinding.Batch(body.RootElement);
        var answer = await SessionOf(grains, clientId).RememberAsync(request, cancellationToken);
        return TypedResults.Json(
            new RememberedBatch([.. answer.Memories.Select(RememberedMemory.Of)]), ApiJson.Answers.RememberedBatch, statusCode: StatusCodes.Status201Created);
    }

    private static Task<JsonHttpResult<RecallResults>> RecallAsync(HttpRequest http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var (clientId, request) = RecallBinding.FromQuery(http.Query);
        return AnswerAsync(clientId, request, grains, cancellationToken);
    }

    private static async Task<JsonHttpResult<RecallResults>> RecallByBodyAsync(HttpRequest http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http, cancellationToken);
        var (clientId, request) = RecallBinding.FromBody(body.RootElement);
        return await AnswerAsync(clientId, request, grains, cancellationToken);
    }

    private static async Task<JsonHttpResult<RecallResults>> AnswerAsync(
        string clientId, RecallRequest request, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var answer = await SessionOf(grains, clientId).RecallAsync(request, cancellationToken);
        var results = new RecallResults(
            request.Query,
            clientId,
            [.. answer.Hits.Select(RecallResult.Of)],
            answer.Hits.Length,
            answer.Cached,
            [.. answer.Degraded],
            Math.Round(Stopwatch.GetElapsedTime(start).TotalMilliseconds, 3));
        return TypedResults.Json(results, ApiJson.Answers.RecallResults);
    }

    private static async Task<JsonHttpResult<EventList>> ListAsync(HttpRequest http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        var query = new QueryReader(http.Query, faults);
        var clientId = ClientIds.Of(query);
        var cursor = query.Text("cursor", 64);
        var after = cursor is null ? null : EventCursor.Parse(cursor);
        if (cursor is not null && after is null)
        {
            query.Fault("cursor", "must be a next_cursor of this list");
        }

        var request = new EventListRequest(
            clientId ?? "",
            query.Choice("scope", MemoryNames.ScopeOf, MemoryNames.Scopes),
            query.Time("from"),
            query.Time("to"),
            query.Number("min_salience", 0, 1),
            query.Flag("include_expired") ?? false,
            query.Integer("limit", 1, MaxPage) ?? DefaultPage,
            after);
        query.RefuseOthers();
        faults.ThrowIfAny();
        var page = await grains.GetGrain<IEventQueryGrain>(IEventQueryGrain.Key).ListAsync(request, cancellationToken);
        var list = new EventList([.. page.Events.Select(EventAnswer.Of)], page.Next is { } next ? EventCursor.Format(next) : null);
        return TypedResults.Json(list, ApiJson.Answers.EventList);
    }

    private static async Task<JsonHttpResult<EventAnswer>> GetAsync(
        string id, HttpRequest http, EventOwners owners, TimeProvider time, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        var query = new QueryReader(http.Query, faults);
        var includeExpired = query.Flag("include_expired") ?? false;
        query.RefuseOthers();
        faults.ThrowIfAny();
        var memory = await owners.AskAsync(id, (session, eventId) => session.GetEventAsync(eventId, cancellationToken), cancellationToken);
        return memory is not null && (includeExpired || memory.ExpiresAt is not { } end || end > time.GetUtcNow())
            ? TypedResults.Json(EventAnswer.Of(memory), ApiJson.Answers.EventAnswer)
            : throw NoSuchEvent();
    }

    private static async Task<NoContent> ForgetAsync(string id, EventOwners owners, CancellationToken cancellationToken) =>
        await owners.AskAsync(id, ForgetInAsync, cancellationToken) ?? throw NoSuchEvent();

    private static async Task<NoContent?> ForgetInAsync(ISessionGrain session, Guid eventId) =>
        // Not withdrawn when the caller hangs up: it asked for the deletion.
        await session.ForgetAsync(eventId, CancellationToken.None) ? TypedResults.NoContent() : null;

    private static ISessionGrain SessionOf(IGrainFactory grains, string clientId) =>
        grains.GetGrain<ISessionGrain>(SessionKey.Of(clientId));

    private static NotFoundException NoSuchEvent() => new("There is no such event.");
}
