using Actors.Access;
using Actors.Api;
using Actors.Http;
using Actors.Idempotency;
using Actors.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Actors.Patterns;

/// <summary>Routes of prompt templates, for admins: prompts are the operator's. A change is seen at once.</summary>
internal static class PromptTemplateApi
{
    public static void MapPromptTemplates(this IEndpointRouteBuilder app)
    {
        var prompts = app.MapGroup("/api/v1/patterns/prompt-templates").RequireAdmin();
        prompts.MapPost("", CreateAsync).Describes(() => PromptTemplateDocs.Create);
        prompts.MapGet("", ListAsync).Describes(() => PromptTemplateDocs.List);
        prompts.MapGet("/{id}", GetAsync).Describes(() => PromptTemplateDocs.Get);
        prompts.MapPatch("/{id}", ChangeAsync).Describes(() => PromptTemplateDocs.Change);
        prompts.MapDelete("/{id}", DeleteAsync).Describes(() => PromptTemplateDocs.Delete);
        prompts.MapPost("/{id}/render", RenderAsync).WithMetadata(new ReadsOnly()).Describes(() => PromptTemplateDocs.Render);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext http, Caller caller, IdempotentWrites writes, IGrainFactory grains, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http.Request, cancellationToken);
        var prompt = PromptTemplateBinding.New(body.RootElement);
        return await writes.RunAsync(
            http, caller, body.RootElement, clientId: null, KeptAnswerJson.Default.PromptRecord,
            key => Writer(grains).CreateAsync(prompt with { IdempotencyKey = key }, cancellationToken),
            stored => new WholeAnswer<PromptView>(PromptView.Of(stored), ApiJson.Answers.PromptView, StatusCodes.Status201Created));
    }

    private static async Task<JsonHttpResult<PromptList>> ListAsync(HttpRequest http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var page = await PatternApi.Reader(grains).ListPromptsAsync(PromptTemplateBinding.List(http.Query), cancellationToken);
        var list = new PromptList([.. page.Prompts.Select(PromptView.Of)], page.HasMore ? IdCursors.Of(page.Prompts[^1].Id) : null);
        return TypedResults.Json(list, ApiJson.Answers.PromptList);
    }

    private static async Task<JsonHttpResult<PromptView>> GetAsync(string id, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var prompt = await PatternApi.Reader(grains).FindPromptAsync(PatternApi.IdOf(id), cancellationToken);
        return TypedResults.Json(PromptView.Of(prompt ?? throw new PatternNotFoundException()), ApiJson.Answers.PromptView);
    }

    private static async Task<JsonHttpResult<PromptView>> ChangeAsync(string id, HttpRequest http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http, cancellationToken);
        var prompt = await Writer(grains).ChangeAsync(PatternApi.IdOf(id), PromptTemplateBinding.Change(body.RootElement), cancellationToken);
        return TypedResults.Json(PromptView.Of(prompt), ApiJson.Answers.PromptView);
    }

    private static async Task<NoContent> DeleteAsync(string id, IGrainFactory grains, CancellationToken cancellationToken)
    {
        await Writer(grains).DeleteAsync(PatternApi.IdOf(id), cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<JsonHttpResult<RenderedView>> RenderAsync(string id, HttpRequest http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http, cancellationToken);
        var rendered = await PatternApi.Reader(grains).RenderPromptAsync(PatternApi.IdOf(id), PromptTemplateBinding.Values(body.RootElement), cancellationToken);
        return TypedResults.Json(new RenderedView(rendered.Prompt, [.. rendered.Variables]), ApiJson.Answers.RenderedView);
    }

    private static IPromptTemplateGrain Writer(IGrainFactory grains) => grains.GetGrain<IPromptTemplateGrain>(IPromptTemplateGrain.Key);
}
