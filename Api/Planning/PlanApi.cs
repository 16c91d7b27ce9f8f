using Actors.Access;
using Actors.Http;
using Actors.Idempotency;
using Actors.OpenApi;
using Actors.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Actors.Planning;

/// <summary>Routes of plans: make one of an intent, list, one, change a draft, approve, put away.</summary>
internal static class PlanApi
{
    public static void MapPlans(this IEndpointRouteBuilder app)
    {
        var planner = app.MapGroup("/api/v1/planner");
        planner.MapPost("/plan", CreateAsync).Describes(() => PlanDocs.Create);
        planner.MapGet("/plans", ListAsync).Describes(() => PlanDocs.List);
        planner.MapGet("/plans/{id}", GetAsync).Describes(() => PlanDocs.Get);
        planner.MapPatch("/plans/{id}", ChangeAsync).Describes(() => PlanDocs.Change);
        planner.MapPost("/plans/{id}/approve", ApproveAsync).Describes(() => PlanDocs.Approve);
        planner.MapPost("/plans/{id}/archive", ArchiveAsync).Describes(() => PlanDocs.Archive);
        planner.MapPost("/plans/{id}/tasks", CreateTasksAsync).Describes(() => PlanDocs.CreateTasks);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext http, Caller caller, IdempotentWrites writes, IGrainFactory grains, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http.Request, cancellationToken);
        var plan = PlanBinding.New(body.RootElement, http.Request.Query, caller);
        if (plan.ClientId is { } clientId)
        {
            caller.EnsureMayRead(clientId);
        }

        return await writes.RunAsync(
            http, caller, body.RootElement, plan.ClientId, KeptAnswerJson.Default.MadePlan,
            key => GrainOf(grains, Guid.CreateVersion7()).CreateAsync(plan with { IdempotencyKey = key }, cancellationToken),
            made => new WholeAnswer<MadePlanView>(MadePlanView.Of(made), ApiJson.Answers.MadePlanView, StatusCodes.Status201Created) { Version = made.Plan.UpdatedAt });
    }

    private static async Task<JsonHttpResult<PlanList>> ListAsync(
        HttpRequest http, Caller caller, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var page = await QueriesOf(grains).ListAsync(PlanBinding.List(http.Query, caller), cancellationToken);
        var list = new PlanList([.. page.Plans.Select(PlanSummaryView.Of)], page.HasMore ? IdCursors.Of(page.Plans[^1].Id) : null);
        return TypedResults.Json(list, ApiJson.Answers.PlanList);
    }

    private static async Task<WholeAnswer<PlanView>> GetAsync(string id, Caller caller, IGrainFactory grains, CancellationToken cancellationToken) =>
        Answer(await FindAsync(id, caller, grains, cancellationToken));

    private static async Task<WholeAnswer<PlanView>> ChangeAsync(
        string id, HttpRequest http, Caller caller, IGrainFactory grains, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http, cancellationToken);
        var (change, expected) = (PlanBinding.Change(body.RootElement), EntityTags.IfMatch(http));
        var found = await FindAsync(id, caller, grains, cancellationToken);
        return Answer(await GrainOf(grains, found.Id).ChangeAsync(change, expected, cancellationToken));
    }

    private static Task<IResult> ApproveAsync(
        string id, HttpContext http, Caller caller, IdempotentWrites writes, IGrainFactory grains, CancellationToken cancellationToken) =>
        DecideAsync(id, http, caller, writes, grains, (plan, decision) => plan.ApproveAsync(decision, cancellationToken));

    private static Task<IResult> ArchiveAsync(
        string id, HttpContext http, Caller caller, IdempotentWrites writes, IGrainFactory grains, CancellationToken cancellationToken) =>
        DecideAsync(id, http, caller, writes, grains, (plan, decision) => plan.ArchiveAsync(decision, cancellationToken));

    private static async Task<IResult> DecideAsync(
        string id, HttpContext http, Caller caller, IdempotentWrites writes, IGrainFactory grains, Func<IPlanGrain, PlanDecision, Task<PlanRecord>> decide)
    {
        using var body = await JsonBody.ReadAsync(http.Request, http.RequestAborted);
        var decision = PlanBinding.Decision(body.RootElement) with { Expected = EntityTags.IfMatch(http.Request) };
        var found = await FindAsync(id, caller, grains, http.RequestAborted);
        return await writes.RunAsync(
            http, caller, body.RootElement, found.ClientId, KeptAnswerJson.Default.PlanRecord,
            key => decide(GrainOf(grains, found.Id), decision with { IdempotencyKey = key }),
            Answer);
    }

    private static async Task<IResult> CreateTasksAsync(
        string id, HttpContext http, Caller caller, IdempotentWrites writes, IGrainFactory grains, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http.Request, cancellationToken);
        var tasks = PlanBinding.Tasks(body.RootElement) with { Expected = EntityTags.IfMatch(http.Request) };
        var found = await FindAsync(id, caller, grains, cancellationToken);
        return await writes.RunAsync(
            http, caller, body.RootElement, found.ClientId, KeptAnswerJson.Default.PlanTasks,
            key => GrainOf(grains, found.Id).CreateTasksAsync(tasks with { IdempotencyKey = key }, cancellationToken),
            made => new WholeAnswer<PlanTasksView>(PlanTasksView.Of(made), ApiJson.Answers.PlanTasksView, StatusCodes.Status201Created));
    }

    private static WholeAnswer<PlanView> Answer(PlanRecord plan) =>
        new(PlanView.Of(plan), ApiJson.Answers.PlanView, StatusCodes.Status200OK) { Version = plan.UpdatedAt };

    private static async Task<PlanRecord> FindAsync(string id, Caller caller, IGrainFactory grains, CancellationToken cancellationToken) =>
        (Guid.TryParseExact(id, "D", out var planId) ? await QueriesOf(grains).FindAsync(planId, caller.Visibility, cancellationToken) : null)
        ?? throw new PlanNotFoundException();

    private static IPlanGrain GrainOf(IGrainFactory grains, Guid planId) => grains.GetGrain<IPlanGrain>(IPlanGrain.KeyOf(planId));

    private static IPlanQueryGrain QueriesOf(IGrainFactory grains) => grains.GetGrain<IPlanQueryGrain>(IPlanQueryGrain.Key);
}
