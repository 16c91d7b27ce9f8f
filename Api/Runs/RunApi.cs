using Actors.Access;
using Actors.Http;
using Actors.Idempotency;
using Actors.OpenApi;
using Actors.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Actors.Runs;

/// <summary>Routes of execution runs: start, report, end; list, one, and how far estimates were off.</summary>
internal static class RunApi
{
    public static void MapRuns(this IEndpointRouteBuilder app)
    {
        var runs = app.MapGroup("/api/v1/runs");
        runs.MapPost("", StartAsync).Describes(() => RunDocs.Start);
        runs.MapGet("", ListAsync).Describes(() => RunDocs.List);
        runs.MapGet("/variance", VarianceAsync).Describes(() => RunDocs.Variance);
        runs.MapGet("/{run}", GetAsync).Describes(() => RunDocs.Get);
        runs.MapPatch("/{run}", ReportAsync).Describes(() => RunDocs.Report);
        runs.MapPost("/{run}/complete", (string run, HttpContext http, Caller caller, IdempotentWrites writes, IGrainFactory grains) =>
            EndAsync(RunStatus.Completed, run, http, caller, writes, grains)).Describes(() => RunDocs.Complete);
        runs.MapPost("/{run}/fail", (string run, HttpContext http, Caller caller, IdempotentWrites writes, IGrainFactory grains) =>
            EndAsync(RunStatus.Failed, run, http, caller, writes, grains)).Describes(() => RunDocs.Fail);
        runs.MapPost("/{run}/cancel", (string run, HttpContext http, Caller caller, IdempotentWrites writes, IGrainFactory grains) =>
            EndAsync(RunStatus.Cancelled, run, http, caller, writes, grains)).Describes(() => RunDocs.Cancel);
    }

    private static async Task<IResult> StartAsync(
        HttpContext http, Caller caller, IdempotentWrites writes, IGrainFactory grains, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http.Request, cancellationToken);
        var run = RunBinding.New(body.RootElement, caller);
        if (run.ClientId is { } clientId)
        {
            caller.EnsureMayRead(clientId);
        }

        return await writes.RunAsync(
            http, caller, body.RootElement, run.ClientId, KeptAnswerJson.Default.RunRecord,
            key => GrainOf(grains, Guid.CreateVersion7()).StartAsync(run with { IdempotencyKey = key }, cancellationToken),
            started => new WholeAnswer<RunView>(RunView.Of(started), ApiJson.Answers.RunView, StatusCodes.Status201Created));
    }

    private static async Task<JsonHttpResult<RunList>> ListAsync(
        HttpRequest http, Caller caller, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var request = RunBinding.List(http.Query, caller);
        var page = await QueriesOf(grains).ListAsync(request, cancellationToken);
        var list = new RunList(
            [.. page.Runs.Select(RunView.Of)], page.HasMore ? RunBinding.Cursor(request.Skip + page.Runs.Length) : null);
        return TypedResults.Json(list, ApiJson.Answers.RunList);
    }

    private static async Task<JsonHttpResult<VarianceView>> VarianceAsync(
        HttpRequest http, Caller caller, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var request = RunBinding.Variance(http.Query, caller);
        var groups = await QueriesOf(grains).VarianceAsync(request, cancellationToken);
        return TypedResults.Json(VarianceView.Of(request.Grouping, groups), ApiJson.Answers.VarianceView);
    }

    private static async Task<JsonHttpResult<RunView>> GetAsync(
        string run, HttpRequest http, Caller caller, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var found = await FindAsync(run, http, caller, grains, cancellationToken);
        return TypedResults.Json(RunView.Of(found), ApiJson.Answers.RunView);
    }

    private static async Task<IResult> ReportAsync(
        string run, HttpContext http, Caller caller, IGrainFactory grains, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http.Request, cancellationToken);
        var report = RunBinding.Report(body.RootElement);
        var found = await FindAsync(run, http.Request, caller, grains, cancellationToken);
        var written = await GrainOf(grains, found.Id).ReportAsync(report, cancellationToken);
        return new WholeAnswer<RunView>(RunView.Of(written), ApiJson.Answers.RunView, StatusCodes.Status200OK);
    }

    private static async Task<IResult> EndAsync(
        RunStatus status, string run, HttpContext http, Caller caller, IdempotentWrites writes, IGrainFactory grains)
    {
        using var body = await JsonBody.ReadAsync(http.Request, http.RequestAborted);
        var end = RunBinding.End(body.RootElement, status);
        var found = await FindAsync(run, http.Request, caller, grains, http.RequestAborted);
        return await writes.RunAsync(
            http, caller, body.RootElement, found.ClientId, KeptAnswerJson.Default.RunRecord,
            key => GrainOf(grains, found.Id).EndAsync(end with { IdempotencyKey = key }, http.RequestAborted),
            ended => new WholeAnswer<RunView>(RunView.Of(ended), ApiJson.Answers.RunView, StatusCodes.Status200OK));
    }

    // By its id, or by what its client calls it.
    private static async Task<RunRecord> FindAsync(
        string run, HttpRequest http, Caller caller, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var clientId = RunBinding.ClientOf(http.Query, caller);
        var found = Guid.TryParseExact(run, "D", out var id)
            ? await QueriesOf(grains).FindAsync(id, caller.Visibility, cancellationToken)
            : null;
        return found
            ?? await QueriesOf(grains).FindByIdentifierAsync(clientId, run, caller.Visibility, cancellationToken)
            ?? throw new RunNotFoundException();
    }

    private static IExecutionRunGrain GrainOf(IGrainFactory grains, Guid runId) => grains.GetGrain<IExecutionRunGrain>(IExecutionRunGrain.KeyOf(runId));

    private static IRunQueryGrain QueriesOf(IGrainFactory grains) => grains.GetGrain<IRunQueryGrain>(IRunQueryGrain.Key);
}
