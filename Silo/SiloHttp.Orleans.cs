using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ReportOfChecks = Microsoft.Extensions.Diagnostics.HealthChecks.HealthReport;

namespace Actors.Hosting;

/// <summary>What a silo serves over HTTP: whether it is alive and ready, for whoever starts and watches it.</summary>
internal static class SiloHttp
{
    public static void AddSiloHttp(this WebApplicationBuilder builder)
    {
        builder.WebHost.UseUrls(ListenAddress.Of(builder.Configuration, defaultPort: 8081));
        builder.WebHost.ConfigureKestrel(server => server.AddServerHeader = false);
    }

    public static void MapSiloHealth(this WebApplication app)
    {
        // As long as it serves; asks nothing of Postgres.
        app.MapHealthChecks("/health", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteAsync });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready"), ResponseWriter = WriteAsync });
    }

    // As the API writes them.
    private static async Task WriteAsync(HttpContext http, ReportOfChecks report)
    {
        http.Response.ContentType = "application/json; charset=utf-8";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status", report.Entries.Count == 0 ? "ok" : report.Status == HealthStatus.Healthy ? "ready" : "not_ready");
        if (report.Entries.Count > 0)
        {
            json.WriteStartObject("checks");
            foreach (var (name, entry) in report.Entries)
            {
                json.WriteString(name, entry.Status == HealthStatus.Healthy ? "ok" : entry.Description ?? "failed");
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
