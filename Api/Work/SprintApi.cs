using Actors.Access;
using Actors.Http;
using Actors.Idempotency;
using Actors.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Actors.Work;

/// <summary>Routes of sprints, which are known by their client and week, and of how much of a week is planned.</summary>
internal static class SprintApi
{
    public static void MapSprints(this IEndpointRouteBuilder app)
    {
        var sprints = app.MapGroup("/api/v1/sprints");
        sprints.MapPost("", CreateAsync).Describes(() => SprintDocs.Create);
        sprints.MapGet("", ListAsync).Describes(() => SprintDocs.List);
        sprints.MapGet("/{sprint}", GetAsync).Describes(() => SprintDocs.Get);
        sprints.MapPatch("/{sprint}", ChangeAsync).Describes(() => SprintDocs.Change);
        sprints.MapDelete("/{sprint}", DeleteAsync).Describes(() => SprintDocs.Delete);
        sprints.MapGet("/{sprint}/capacity", CapacityAsync).Describes(() => SprintDocs.Capacity);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext http, Caller caller, IdempotentWrites writes, IGrainFactory grains, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http.Request, cancellationToken);
        var (clientId, sprint) = SprintBinding.New(body.RootElement, caller);
        return await writes.RunAsync(
            http, caller, body.RootElement, clientId, KeptAnswerJson.Default.SprintRecord,
            key => WorkApi.Writer(grains, clientId).CreateSprintAsync(sprint with { IdempotencyKey = key }, cancellationToken),
            stored => Answer(stored, StatusCodes.Status201Created));
    }

    private static async Task<JsonHttpResult<SprintList>> ListAsync(HttpRequest http, Caller caller, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var page = await WorkApi.Reader(grains).ListSprintsAsync(SprintBinding.List(http.Query, caller), cancellationToken);
        var next = page.HasMore ? SprintBinding.Cursor(new SprintPosition(page.Sprints[^1].Week, page.Sprints[^1].Id)) : null;
        return TypedResults.Json(new SprintList([.. page.Sprints.Select(SprintView.Of)], next), ApiJson.Answers.SprintList);
    }

    private static async Task<WholeAnswer<SprintView>> GetAsync(
        string sprint, HttpRequest http, Caller caller, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var (clientId, week) = SprintBinding.Named(sprint, http.Query, caller);
        var found = await WorkApi.Reader(grains).FindSprintAsync(clientId, week, cancellationToken);
        return Answer(found ?? throw new WorkNotFoundException("sprint"), StatusCodes.Status200OK);
    }

    private static async Task<WholeAnswer<SprintView>> ChangeAsync(
        string sprint, HttpRequest http, Caller caller, IGrainFactory grains, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http, cancellationToken);
        var (change, expected) = (SprintBinding.Change(body.RootElement), EntityTags.IfMatch(http));
        var (clientId, week) = SprintBinding.Named(sprint, http.Query, caller);
        return Answer(await WorkApi.Writer(grains, clientId).ChangeSprintAsync(week, change, expected, cancellationToken), StatusCodes.Status200OK);
    }

    private static async Task<NoContent> DeleteAsync(string sprint, HttpRequest http, Caller caller, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var expected = EntityTags.IfMatch(http);
        var (clientId, week) = SprintBinding.Named(sprint, http.Query, caller);
        await WorkApi.Writer(grains, clientId).DeleteSprintAsync(week, expected, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<JsonHttpResult<CapacityView>> CapacityAsync(
        string sprint, HttpRequest http, Caller caller, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var (clientId, week) = SprintBinding.Named(sprint, http.Query, caller);
        var capacity = await WorkApi.Reader(grains).CapacityAsync(clientId, week, cancellationToken);
        return TypedResults.Json(CapacityView.Of(capacity), ApiJson.Answers.CapacityView);
    }

    private static WholeAnswer<SprintView> Answer(SprintRecord sprint, int status) =>
        new(SprintView.Of(sprint), ApiJson.Answers.SprintView, status) { Version = sprint.UpdatedAt };
}
