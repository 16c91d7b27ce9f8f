using Actors.Access;
using Actors.Http;
using Actors.Idempotency;
using Actors.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Actors.Patterns;

/// <summary>Routes of service blueprints. All keys read; admins write. A change is seen at once.</summary>
internal static class BlueprintApi
{
    public static void MapBlueprints(this IEndpointRouteBuilder app)
    {
        var blueprints = app.MapGroup("/api/v1/patterns/service-blueprints");
        blueprints.MapPost("", CreateAsync).RequireAdmin().Describes(() => BlueprintDocs.Create);
        blueprints.MapGet("", ListAsync).Describes(() => BlueprintDocs.List);
        blueprints.MapGet("/{id}", GetAsync).Describes(() => BlueprintDocs.Get);
        blueprints.MapPatch("/{id}", ChangeAsync).RequireAdmin().Describes(() => BlueprintDocs.Change);
        blueprints.MapDelete("/{id}", DeleteAsync).RequireAdmin().Describes(() => BlueprintDocs.Delete);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext http, Caller caller, IdempotentWrites writes, IGrainFactory grains, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http.Request, cancellationToken);
        var blueprint = PatternBinding.NewBlueprint(body.RootElement);
        return await writes.RunAsync(
            http, caller, body.RootElement, clientId: null, KeptAnswerJson.Default.BlueprintRecord,
            key => PatternApi.Writer(grains).CreateBlueprintAsync(blueprint with { IdempotencyKey = key }, cancellationToken),
            stored => new WholeAnswer<BlueprintView>(BlueprintView.Of(stored), ApiJson.Answers.BlueprintView, StatusCodes.Status201Created));
    }

    private static async Task<JsonHttpResult<BlueprintList>> ListAsync(HttpRequest http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var (status, limit, after) = PatternBinding.Blueprints(http.Query);
        var page = await PatternApi.Reader(grains).ListBlueprintsAsync(status, limit, after, cancellationToken);
        var list = new BlueprintList([.. page.Blueprints.Select(BlueprintView.Of)], page.HasMore ? IdCursors.Of(page.Blueprints[^1].Id) : null);
        return TypedResults.Json(list, ApiJson.Answers.BlueprintList);
    }

    private static async Task<JsonHttpResult<BlueprintView>> GetAsync(string id, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var blueprint = await PatternApi.Reader(grains).FindBlueprintAsync(PatternApi.IdOf(id), cancellationToken);
        return TypedResults.Json(BlueprintView.Of(blueprint ?? throw new PatternNotFoundException()), ApiJson.Answers.BlueprintView);
    }

    private static async Task<JsonHttpResult<BlueprintView>> ChangeAsync(string id, HttpRequest http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(http, cancellationToken);
        var blueprint = await PatternApi.Writer(grains).ChangeBlueprintAsync(PatternApi.IdOf(id), PatternBinding.BlueprintChange(body.RootElement), cancellationToken);
        return TypedResults.Json(BlueprintView.Of(blueprint), ApiJson.Answers.BlueprintView);
    }

    private static async Task<NoContent> DeleteAsync(string id, IGrainFactory grains, CancellationToken cancellationToken)
    {
        await PatternApi.Writer(grains).DeleteBlueprintAsync(PatternApi.IdOf(id), cancellationToken);
        return TypedResults.NoContent();
    }
}
