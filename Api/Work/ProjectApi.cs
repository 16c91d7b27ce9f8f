using Actors.Access;
using Actors.Http;
using Actors.Idempotency;
using Actors.OpenApi;
using Actors.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Actors.Work;

/// <summary>Routes of projects.</summary>
internal static class ProjectApi
{
    public static void MapProjects(this IEndpointRouteBuilder app)
    {
        var projects = app.MapGroup("/api/v1/projects");
        projects.MapPost("", CreateAsync).Describes(() => ProjectDocs.Create);
        projects.MapGet("", ListAsync).Describes(() => ProjectDocs.List);
        projects.MapGet("/{id}", GetAsync).Describes(() => ProjectDocs.Get);
        projects.MapPatch("/{id}", ChangeAsync).Describes(() => ProjectDocs.Change);
        projects.MapDelete("/{id}", DeleteAsync).Describes(() => ProjectDocs.Delete);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext http, Caller caller, IdempotentWrites writes, IGrainFactory grains, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http.Request, cancellationToken);
        var (clientId, project) = ProjectBinding.New(body.RootElement, caller);
        return await writes.RunAsync(
            http, caller, body.RootElement, clientId, KeptAnswerJson.Default.ProjectRecord,
            key => WorkApi.Writer(grains, clientId).CreateProjectAsync(project with { IdempotencyKey = key }, cancellationToken),
            stored => Answer(stored, StatusCodes.Status201Created));
    }

    private static async Task<JsonHttpResult<ProjectList>> ListAsync(HttpRequest http, Caller caller, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var page = await WorkApi.Reader(grains).ListProjectsAsync(ProjectBinding.List(http.Query, caller), cancellationToken);
        var next = page.HasMore ? RowCursor.Format(new RowPosition(page.Projects[^1].CreatedAt, page.Projects[^1].Id)) : null;
        return TypedResults.Json(new ProjectList([.. page.Projects.Select(ProjectView.Of)], next), ApiJson.Answers.ProjectList);
    }

    private static async Task<WholeAnswer<ProjectView>> GetAsync(string id, Caller caller, IGrainFactory grains, CancellationToken cancellationToken) =>
        Answer(await FindAsync(id, caller, grains, cancellationToken), StatusCodes.Status200OK);

    private static async Task<WholeAnswer<ProjectView>> ChangeAsync(
        string id, HttpRequest http, Caller caller, IGrainFactory grains, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http, cancellationToken);
        var (change, expected) = (ProjectBinding.Change(body.RootElement), EntityTags.IfMatch(http));
        var project = await FindAsync(id, caller, grains, cancellationToken);
        return Answer(await WorkApi.Writer(grains, project.ClientId).ChangeProjectAsync(project.Id, change, expected, cancellationToken), StatusCodes.Status200OK);
    }

    private static async Task<NoContent> DeleteAsync(string id, HttpRequest http, Caller caller, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var expected = EntityTags.IfMatch(http);
        var project = await FindAsync(id, caller, grains, cancellationToken);
        await WorkApi.Writer(grains, project.ClientId).DeleteProjectAsync(project.Id, expected, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<ProjectRecord> FindAsync(string id, Caller caller, IGrainFactory grains, CancellationToken cancellationToken) =>
        Guid.TryParseExact(id, "D", out var projectId) && await WorkApi.Reader(grains).FindProjectAsync(projectId, caller.Visibility, cancellationToken) is { } project
            ? project
            : throw new WorkNotFoundException("project");

    private static WholeAnswer<ProjectView> Answer(ProjectRecord project, int status) =>
        new(ProjectView.Of(project), ApiJson.Answers.ProjectView, status) { Version = project.UpdatedAt };
}
