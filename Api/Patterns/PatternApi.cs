using Actors.Access;
using Actors.Http;
using Actors.Idempotency;
using Actors.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Actors.Patterns;

/// <summary>Routes of workflows. All keys read; admins write. A change is seen at once.</summary>
internal static class PatternApi
{
    public static void MapPatterns(this IEndpointRouteBuilder app)
    {
        var workflows = app.MapGroup("/api/v1/patterns/workflows");
        workflows.MapPost("", CreateWorkflowAsync).RequireAdmin().Describes(() => PatternDocs.CreateWorkflow);
        workflows.MapGet("", ListWorkflowsAsync).Describes(() => PatternDocs.ListWorkflows);
        workflows.MapGet("/{id}", GetWorkflowAsync).Describes(() => PatternDocs.GetWorkflow);
        workflows.MapPatch("/{id}", ChangeWorkflowAsync).RequireAdmin().Describes(() => PatternDocs.ChangeWorkflow);
        workflows.MapDelete("/{id}", DeleteWorkflowAsync).RequireAdmin().Describes(() => PatternDocs.DeleteWorkflow);

        app.MapBlueprints();
        app.MapProcessTemplates();
        app.MapPromptTemplates();
    }

    private static async Task<IResult> CreateWorkflowAsync(
        HttpContext http, Caller caller, IdempotentWrites writes, IGrainFactory grains, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http.Request, cancellationToken);
        var workflow = PatternBinding.NewWorkflow(body.RootElement);
        return await writes.RunAsync(
            http, caller, body.RootElement, clientId: null, KeptAnswerJson.Default.WorkflowRecord,
            key => Writer(grains).CreateWorkflowAsync(workflow with { IdempotencyKey = key }, cancellationToken),
            stored => new WholeAnswer<WorkflowView>(WorkflowView.Of(stored), ApiJson.Answers.WorkflowView, StatusCodes.Status201Created));
    }

    private static async Task<JsonHttpResult<WorkflowList>> ListWorkflowsAsync(HttpRequest http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var page = await Reader(grains).ListWorkflowsAsync(PatternBinding.Workflows(http.Query), cancellationToken);
        var list = new WorkflowList([.. page.Workflows.Select(WorkflowView.Of)], page.HasMore ? IdCursors.Of(page.Workflows[^1].Id) : null);
        return TypedResults.Json(list, ApiJson.Answers.WorkflowList);
    }

    private static async Task<JsonHttpResult<WorkflowView>> GetWorkflowAsync(string id, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var workflow = await Reader(grains).FindWorkflowAsync(IdOf(id), cancellationToken);
        return TypedResults.Json(WorkflowView.Of(workflow ?? throw new PatternNotFoundException()), ApiJson.Answers.WorkflowView);
    }

    private static async Task<JsonHttpResult<WorkflowView>> ChangeWorkflowAsync(
        string id, HttpRequest http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http, cancellationToken);
        var workflow = await Writer(grains).ChangeWorkflowAsync(IdOf(id), PatternBinding.WorkflowChange(body.RootElement), cancellationToken);
        return TypedResults.Json(WorkflowView.Of(workflow), ApiJson.Answers.WorkflowView);
    }

    private static async Task<NoContent> DeleteWorkflowAsync(string id, IGrainFactory grains, CancellationToken cancellationToken)
    {
        await Writer(grains).DeleteWorkflowAsync(IdOf(id), cancellationToken);
        return TypedResults.NoContent();
    }

    public static IPatternGrain Writer(IGrainFactory grains) => grains.GetGrain<IPatternGrain>(IPatternGrain.Key);

    public static IPatternQueryGrain Reader(IGrainFactory grains) => grains.GetGrain<IPatternQueryGrain>(IPatternQueryGrain.Key);

    /// <exception cref="PatternNotFoundException">It is no id.</exception>
    public static Guid IdOf(string id) => Guid.TryParseExact(id, "D", out var parsed) ? parsed : throw new PatternNotFoundException();
}
