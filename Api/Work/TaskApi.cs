using Actors.Access;
using Actors.Http;
using Actors.Idempotency;
using Actors.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Actors.Work;

/// <summary>Routes of tasks.</summary>
internal static class TaskApi
{
    public static void MapTasks(this IEndpointRouteBuilder app)
    {
        var tasks = app.MapGroup("/api/v1/tasks");
        tasks.MapPost("", CreateAsync).Describes(() => TaskDocs.Create);
        tasks.MapGet("", ListAsync).Describes(() => TaskDocs.List);
        tasks.MapGet("/{id}", GetAsync).Describes(() => TaskDocs.Get);
        tasks.MapPatch("/{id}", ChangeAsync).Describes(() => TaskDocs.Change);
        tasks.MapDelete("/{id}", DeleteAsync).Describes(() => TaskDocs.Delete);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext http, Caller caller, IdempotentWrites writes, IGrainFactory grains, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http.Request, cancellationToken);
        var (clientId, task) = TaskBinding.New(body.RootElement, caller);
        return await writes.RunAsync(
            http, caller, body.RootElement, clientId, KeptAnswerJson.Default.TaskRecord,
            key => WorkApi.Writer(grains, clientId).CreateTaskAsync(task with { IdempotencyKey = key }, cancellationToken),
            stored => Answer(stored, StatusCodes.Status201Created));
    }

    private static async Task<JsonHttpResult<TaskList>> ListAsync(HttpRequest http, Caller caller, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var request = TaskBinding.List(http.Query, caller);
        var page = await WorkApi.Reader(grains).ListTasksAsync(request, cancellationToken);
        var next = page.HasMore ? RowCursor.Format(TaskOrderNames.PositionOf(page.Tasks[^1], request.Order)) : null;
        return TypedResults.Json(new TaskList([.. page.Tasks.Select(TaskView.Of)], next), ApiJson.Answers.TaskList);
    }

    private static async Task<WholeAnswer<TaskView>> GetAsync(string id, Caller caller, IGrainFactory grains, CancellationToken cancellationToken) =>
        Answer(await FindAsync(id, caller, grains, cancellationToken), StatusCodes.Status200OK);

    private static async Task<WholeAnswer<TaskView>> ChangeAsync(
        string id, HttpRequest http, Caller caller, IGrainFactory grains, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http, cancellationToken);
        var (change, expected) = (TaskBinding.Change(body.RootElement), EntityTags.IfMatch(http));
        var task = await FindAsync(id, caller, grains, cancellationToken);
        return Answer(await WorkApi.Writer(grains, task.ClientId).ChangeTaskAsync(task.Id, change, expected, cancellationToken), StatusCodes.Status200OK);
    }

    private static async Task<NoContent> DeleteAsync(string id, HttpRequest http, Caller caller, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var expected = EntityTags.IfMatch(http);
        var task = await FindAsync(id, caller, grains, cancellationToken);
        await WorkApi.Writer(grains, task.ClientId).DeleteTaskAsync(task.Id, expected, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<TaskRecord> FindAsync(string id, Caller caller, IGrainFactory grains, CancellationToken cancellationToken) =>
        Guid.TryParseExact(id, "D", out var taskId) && await WorkApi.Reader(grains).FindTaskAsync(taskId, caller.Visibility, cancellationToken) is { } task
            ? task
            : throw new WorkNotFoundException("task");

    private static WholeAnswer<TaskView> Answer(TaskRecord task, int status) =>
        new(TaskView.Of(task), ApiJson.Answers.TaskView, status) { Version = task.UpdatedAt };
}
