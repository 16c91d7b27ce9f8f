using Actors.Access;
using Actors.Http;
using Actors.Idempotency;
using Actors.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Actors.Patterns;

/// <summary>Routes of process templates. All keys read; admins write. A change is seen at once.</summary>
internal static class ProcessTemplateApi
{
    public static void MapProcessTemplates(this IEndpointRouteBuilder app)
    {
        app.MapPost("/api/v1/patterns/workflows/{id}/instantiate", InstantiateAsync).RequireAdmin().Describes(() => ProcessTemplateDocs.Instantiate);

        var templates = app.MapGroup("/api/v1/patterns/process-templates");
        templates.MapPost("", CreateAsync).RequireAdmin().Describes(() => ProcessTemplateDocs.Create);
        templates.MapGet("", ListAsync).Describes(() => ProcessTemplateDocs.List);
        templates.MapGet("/{id}", GetAsync).Describes(() => ProcessTemplateDocs.Get);
        templates.MapPatch("/{id}", ChangeAsync).RequireAdmin().Describes(() => ProcessTemplateDocs.Change);
        templates.MapDelete("/{id}", DeleteAsync).RequireAdmin().Describes(() => ProcessTemplateDocs.Delete);
    }

    private static async Task<IResult> InstantiateAsync(
        string id, HttpContext http, Caller caller, IdempotentWrites writes, IGrainFactory grains, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http.Request, cancellationToken);
        var instance = ProcessTemplateBinding.Instance(body.RootElement);
        var workflowId = PatternApi.IdOf(id);
        return await writes.RunAsync(
            http, caller, body.RootElement, clientId: null, KeptAnswerJson.Default.TemplateRecord,
            key => Writer(grains).InstantiateAsync(workflowId, instance with { IdempotencyKey = key }, cancellationToken),
            stored => new WholeAnswer<TemplateView>(TemplateView.Of(stored), ApiJson.Answers.TemplateView, StatusCodes.Status201Created));
    }

    private static async Task<IResult> CreateAsync(
        HttpContext http, Caller caller, IdempotentWrites writes, IGrainFactory grains, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http.Request, cancellationToken);
        var template = ProcessTemplateBinding.New(body.RootElement);
        return await writes.RunAsync(
            http, caller, body.RootElement, clientId: null, KeptAnswerJson.Default.TemplateRecord,
            key => Writer(grains).CreateAsync(template with { IdempotencyKey = key }, cancellationToken),
            stored => new WholeAnswer<TemplateView>(TemplateView.Of(stored), ApiJson.Answers.TemplateView, StatusCodes.Status201Created));
    }

    private static async Task<JsonHttpResult<TemplateList>> ListAsync(HttpRequest http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var page = await PatternApi.Reader(grains).ListTemplatesAsync(ProcessTemplateBinding.List(http.Query), cancellationToken);
        var list = new TemplateList([.. page.Templates.Select(TemplateView.Of)], page.HasMore ? IdCursors.Of(page.Templates[^1].Id) : null);
        return TypedResults.Json(list, ApiJson.Answers.TemplateList);
    }

    private static async Task<JsonHttpResult<TemplateView>> GetAsync(string id, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var template = await PatternApi.Reader(grains).FindTemplateAsync(PatternApi.IdOf(id), cancellationToken);
        return TypedResults.Json(TemplateView.Of(template ?? throw new PatternNotFoundException()), ApiJson.Answers.TemplateView);
    }

    private static async Task<JsonHttpResult<TemplateView>> ChangeAsync(string id, HttpRequest http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http, cancellationToken);
        var template = await Writer(grains).ChangeAsync(PatternApi.IdOf(id), ProcessTemplateBinding.Change(body.RootElement), cancellationToken);
        return TypedResults.Json(TemplateView.Of(template), ApiJson.Answers.TemplateView);
    }

    private static async Task<NoContent> DeleteAsync(string id, IGrainFactory grains, CancellationToken cancellationToken)
    {
        await Writer(grains).DeleteAsync(PatternApi.IdOf(id), cancellationToken);
        return TypedResults.NoContent();
    }

    private static IProcessTemplateGrain Writer(IGrainFactory grains) => grains.GetGrain<IProcessTemplateGrain>(IProcessTemplateGrain.Key);
}
