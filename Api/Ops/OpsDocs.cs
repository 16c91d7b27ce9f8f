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

    public static RouteDoc Detailed { get; } = new(
        "getDetailedHealth", Tag, "How everything is that the service depends on",
        """
        Asks Postgres; of services outside it tells what their last calls came to, and calls none. In a cluster one of the silos answers, for itself; what it says of Zep's
        budget holds for all.
        """)
    {
        Answers =
        [
            AnswerDoc.Json<DetailedHealth>(
                200, "How it is.",
                """
                {"status":"ok","dependencies":[
                  {"name":"postgres","state":"ok","since":"2026-11-26T09:00:00+00:00","latency_ms":0.4,"detail":null},
                  {"name":"hosting","state":"ok","since":"2026-11-26T09:00:00+00:00","latency_ms":null,"detail":null},
                  {"name":"valkey","state":"off","since":null,"latency_ms":null,"detail":null},
                  {"name":"embeddings","state":"off","since":null,"latency_ms":null,"detail":null},
                  {"name":"llm","state":"off","since":null,"latency_ms":null,"detail":null},
                  {"name":"zep","state":"ok","since":"2026-11-26T09:01:00+00:00","latency_ms":182.5,"detail":null}],
                 "zep":{"per_minute":600,"minute_left":597,"minute_ends_at":"2026-11-26T09:31:00+00:00","day_calls":41,"day_share":322,"month_calls":8120,"monthly_calls":10000,
                  "paused_until":null,"pause_reason":null,"waiting":0,"oldest_waiting_at":null,"set_aside":0}}
                """),
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
