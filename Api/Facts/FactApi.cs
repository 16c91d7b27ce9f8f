using Actors.Access;
using Actors.Http;
using Actors.OpenApi;
using Actors.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Actors.Facts;

/// <summary>Routes of facts: create, update, correct, retract; list, one, history, what is known about an entity.</summary>
internal static class FactApi
{
    public static void AddFactApi(this WebApplicationBuilder builder) =>
        builder.Services.AddSingleton<FactOwners>().AddSingleton<FactWrites>();

    public static void MapFacts(this IEndpointRouteBuilder app)
    {
        var memory = app.MapGroup("/api/v1/memory");
        memory.MapPost("/facts", CreateAsync).Describes(() => FactDocs.Create);
        memory.MapPost("/facts/{id}/update", UpdateAsync).Describes(() => FactDocs.Update);
        memory.MapPost("/facts/{id}/correct", CorrectAsync).Describes(() => FactDocs.Correct);
        memory.MapPost("/facts/{id}/retract", RetractAsync).Describes(() => FactDocs.Retract);
        memory.MapGet("/facts", ListAsync).Describes(() => FactDocs.List);
        memory.MapGet("/facts/{id}", GetAsync).Describes(() => FactDocs.Get);
        memory.MapGet("/facts/{id}/history", HistoryAsync).Describes(() => FactDocs.History);
        memory.MapGet("/subjects/{type}/{id}", SubjectAsync).Describes(() => FactDocs.Subject);
    }

    private static async Task<IResult> CreateAsync(HttpContext http, Caller caller, FactWrites writes, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http.Request, cancellationToken);
        var (subject, request) = FactBinding.Create(body.RootElement, http.Request.Query, caller);
        if (subject.ClientId is not null)
        {
            caller.EnsureMayRead(subject.ClientId);
        }

        return await writes.CreateAsync(
            http, caller, body.RootElement, subject, author => writes.GrainOf(subject).CreateAsync(request with { Author = author }, cancellationToken));
    }

    private static async Task<IResult> UpdateAsync(
        string id, HttpContext http, Caller caller, FactWrites writes, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http.Request, cancellationToken);
        var request = FactBinding.Change(body.RootElement, http.Request.Query, caller);
        return await writes.WriteAsync(id, http, caller, body.RootElement, (subject, factId, author) =>
            writes.GrainOf(subject).ChangeAsync(request with { FactId = factId, Author = author }, cancellationToken));
    }

    private static async Task<IResult> CorrectAsync(
        string id, HttpContext http, Caller caller, FactWrites writes, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http.Request, cancellationToken);
        var request = FactBinding.Correct(body.RootElement, http.Request.Query, caller);
        return await writes.WriteAsync(id, http, caller, body.RootElement, (subject, factId, author) =>
            writes.GrainOf(subject).CorrectAsync(request with { FactId = factId, Author = author }, cancellationToken));
    }

    private static async Task<IResult> RetractAsync(
        string id, HttpContext http, Caller caller, FactWrites writes, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http.Request, cancellationToken);
        var request = FactBinding.Retract(body.RootElement, http.Request.Query, caller);
        return await writes.WriteAsync(id, http, caller, body.RootElement, (subject, factId, author) =>
            writes.GrainOf(subject).RetractAsync(request with { FactId = factId, Author = author }, cancellationToken));
    }

    private static async Task<JsonHttpResult<FactList>> ListAsync(
        HttpRequest http, Caller caller, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var request = FactQueryBinding.List(http.Query, caller);
        var page = await QueriesOf(grains).ListAsync(request, cancellationToken);
        var list = new FactList([.. page.Facts.Select(FactView.Of)], CursorOf(FactCursor.Facts, page), RetentionAnswers.Degraded(page.ReachesBehindRetention));
        return TypedResults.Json(list, ApiJson.Answers.FactList);
    }

    private static async Task<JsonHttpResult<FactView>> GetAsync(
        string id, HttpRequest http, Caller caller, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var knownAt = FactQueryBinding.KnownAt(http.Query);
        var fact = await QueriesOf(grains).FindKnownAsync(FactIdOf(id), caller.Visibility, knownAt, cancellationToken);
        return TypedResults.Json(FactView.Of(fact ?? throw new FactNotFoundException()), ApiJson.Answers.FactView);
    }

    private static async Task<JsonHttpResult<FactHistoryView>> HistoryAsync(
        string id, HttpRequest http, Caller caller, IGrainFactory grains, CancellationToken cancellationToken)
    {
        FactQueryBinding.NoParameters(http.Query);
        var factId = FactIdOf(id);
        var history = await QueriesOf(grains).HistoryAsync(factId, caller.Visibility, cancellationToken);
        return TypedResults.Json(FactHistoryView.Of(factId, history ?? throw new FactNotFoundException()), ApiJson.Answers.FactHistoryView);
    }

    private static async Task<JsonHttpResult<SubjectView>> SubjectAsync(
        HttpContext context, Caller caller, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var request = FactQueryBinding.Subject(context, caller);
        var (type, id) = (request.SubjectType!, request.SubjectId!);
        var facts = QueriesOf(grains).ListAsync(request, cancellationToken);
        var links = QueriesOf(grains).LinksAsync(
            new FactLinksRequest(request.Visibility, type, id, request.AsOf, request.KnownAt, request.Limit), cancellationToken);
        await Task.WhenAll(facts, links);
        var page = await facts;
        var view = new SubjectView(
            type, id, [.. page.Facts.Select(FactView.Of)], [.. (await links).Select(FactLinkView.Of)], CursorOf(FactCursor.Subject, page),
            RetentionAnswers.Degraded(page.ReachesBehindRetention));
        return TypedResults.Json(view, ApiJson.Answers.SubjectView);
    }

    private static IFactQueryGrain QueriesOf(IGrainFactory grains) => grains.GetGrain<IFactQueryGrain>(IFactQueryGrain.Key);

    private static string? CursorOf(byte list, FactPage page) => page.Next is { } next ? FactCursor.Format(list, next) : null;

    private static Guid FactIdOf(string id) => Guid.TryParseExact(id, "D", out var factId) ? factId : throw new FactNotFoundException();
}
