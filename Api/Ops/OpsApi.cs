using System.ComponentModel;
using System.Text.Json.Serialization;
using Actors.Access;
using Actors.Hosting;
using Actors.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenTelemetry.Metrics;

namespace Actors.Ops;

/// <summary>Health and metrics.</summary>
internal static class OpsApi
{
    public static void AddOps(this WebApplicationBuilder builder) =>
        builder.AddTelemetry("planner-memory-api", metrics => metrics.AddPrometheusExporter());

    public static void MapOps(this WebApplication app)
    {
        app.MapGet("/health", () => Json(new HealthAnswer(HealthAnswer.Ok, null))).AllowAnonymous().Describes(() => OpsDocs.Health);
        app.MapGet("/health/ready", ReadyAsync).AllowAnonymous().Describes(() => OpsDocs.Readiness);
        app.MapGet("/health/detailed", DetailedAsync).RequireAdmin().Describes(() => OpsDocs.Detailed);
        app.MapPrometheusScrapingEndpoint("/metrics", app.Services.GetRequiredService<MeterProvider>(), configureBranchedPipeline: null, optionsName: null)
            .WithMetadata(new HttpMethodMetadata([HttpMethods.Get])).RequireAdmin().Describes(() => OpsDocs.Metrics);
    }

    private static async Task<JsonHttpResult<HealthAnswer>> ReadyAsync(HealthCheckService health, CancellationToken cancellationToken)
    {
        var report = await health.CheckHealthAsync(check => check.Tags.Contains("ready"), cancellationToken);
        var answer = new HealthAnswer(
            report.Status == HealthStatus.Healthy ? HealthAnswer.Ready : HealthAnswer.NotReady,
            report.Entries.ToDictionary(e => e.Key, e => e.Value.Status == HealthStatus.Healthy ? "ok" : e.Value.Description ?? "failed"));
        return Json(answer, report.Status == HealthStatus.Healthy ? 200 : 503);
    }

    // A silo tells: what it depends on, this process may not be able to reach.
    private static async Task<JsonHttpResult<DetailedHealth>> DetailedAsync(IGrainFactory grains, CancellationToken cancellationToken) => TypedResults.Json(
        DetailedHealth.Of(await grains.GetGrain<IHealthGrain>(IHealthGrain.Key).ReadAsync(cancellationToken)), Http.ApiJson.Answers.DetailedHealth);

    private static JsonHttpResult<HealthAnswer> Json(HealthAnswer answer, int status = 200) =>
        TypedResults.Json(answer, Http.ApiJson.Answers.HealthAnswer, statusCode: status);
}

[Description("How the service is.")]
internal sealed record HealthAnswer(
    [Description("The answer in a word."), ValuesOf(typeof(HealthAnswer), nameof(HealthAnswer.States))] string Status,
    [Description("Each dependency: `ok` or what is wrong.")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    IReadOnlyDictionary<string, string>? Checks)
{
    public const string Ok = "ok";
    public const string Ready = "ready";
    public const string NotReady = "not_ready";

    public static IReadOnlyList<string> States { get; } = [Ok, Ready, NotReady];
}
