using Actors.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Actors.Ops;

/// <summary>Health, metrics and logs.</summary>
internal static class OpsApi
{
    public static void AddLogs(this WebApplicationBuilder builder)
    {
        builder.Logging.AddJsonLines();
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        // A start that fails ends with one line for people (CommandLine), not with this category's stack trace as well.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        // It would log whole paths when a request fails; Errors logs instead.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware", LogLevel.None);
    }

    public static void AddOps(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(_ => Sdk.CreateMeterProviderBuilder()
            .AddMeter("Actors.*", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql")
            .AddPrometheusExporter()
            .Build());
    }

    public static void MapOps(this WebApplication app)
    {
        app.MapGet("/health", () => Json(new HealthAnswer("ok", null))).AllowAnonymous();
        app.MapGet("/health/ready", ReadyAsync).AllowAnonymous();
        app.MapPrometheusScrapingEndpoint("/metrics", app.Services.GetRequiredService<MeterProvider>(), configureBranchedPipeline: null, optionsName: null);
    }

    private static async Task<JsonHttpResult<HealthAnswer>> ReadyAsync(HealthCheckService health, CancellationToken cancellationToken)
    {
        var report = await health.CheckHealthAsync(check => check.Tags.Contains("ready"), cancellationToken);
        var answer = new HealthAnswer(
            report.Status == HealthStatus.Healthy ? "ready" : "not_ready",
            report.Entries.ToDictionary(e => e.Key, e => e.Value.Status == HealthStatus.Healthy ? "ok" : e.Value.Description ?? "failed"));
        return Json(answer, report.Status == HealthStatus.Healthy ? 200 : 503);
    }

    private static JsonHttpResult<HealthAnswer> Json(HealthAnswer answer, int status = 200) =>
        TypedResults.Json(answer, Http.ApiJson.Answers.HealthAnswer, statusCode: status);
}

/// <param name="Status"><c>ok</c>, <c>ready</c> or <c>not_ready</c>.</param>
/// <param name="Checks">Each dependency: <c>ok</c> or what is wrong.</param>
internal sealed record HealthAnswer(
    string Status,
    [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    IReadOnlyDictionary<string, string>? Checks);
