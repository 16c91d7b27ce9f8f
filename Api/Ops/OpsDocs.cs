using Actors.OpenApi;

namespace Actors.Ops;

/// <summary>What the routes of <see cref="OpsApi"/> do.</summary>
internal static class OpsDocs
{
    public static RouteTag Tag { get; } = new("Ops", "Is the service alive and ready; what does it count.");

    public static RouteDoc Health { get; } = new(
        "getHealth", Tag, "Is the process alive", "Answers as long as the process serves requests; asks nothing of Postgres.")
    {
        IsLocal = true,
        Answers = [AnswerDoc.Json<HealthAnswer>(200, "It is.", """{"status":"ok"}""")],
    };

    public static RouteDoc Readiness { get; } = new(
        "getReadiness", Tag, "Is the service ready", "Whether Postgres answers and this host may write.")
    {
        IsLocal = true,
        Answers =
        [
            AnswerDoc.Json<HealthAnswer>(200, "It is.", """{"status":"ready","checks":{"postgres":"ok","hosting":"ok"}}"""),
            AnswerDoc.Json<HealthAnswer>(
                503, "It is not; `checks` says why.", """{"status":"not_ready","checks":{"postgres":"Postgres cannot be reached.","hosting":"ok"}}"""),
        ],
    };

    public static RouteDoc Metrics { get; } = new("getMetrics", Tag, "Metrics", "What the service counts, as Prometheus reads it.")
    {
        IsLocal = true,
        Answers =
        [
            AnswerDoc.Text(
                200, "The metrics.", "text/plain", "http_server_request_duration_seconds_count{http_request_method=\"GET\",http_route=\"/health\"} 1 1795370000000\n"),
        ],
    };
}
