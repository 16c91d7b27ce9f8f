using System.Collections.Frozen;
using System.Diagnostics;

namespace Actors.Http;

/// <summary>One line per request, and the name of its span: method, route template, status, time. Never a path, query or body: they hold what clients remember.</summary>
internal sealed partial class AccessLog(RequestDelegate next, ILogger<AccessLog> logger)
{
    private static readonly FrozenSet<string> Known =
        FrozenSet.Create("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    public async Task InvokeAsync(HttpContext context)
    {
        var start = Stopwatch.GetTimestamp();
        // Read before an error takes the endpoint away.
        var endpoint = context.GetEndpoint() as RouteEndpoint;
        NameSpan(context, endpoint);
        try
        {
            await next(context);
        }
        finally
        {
            if (logger.IsEnabled(LogLevel.Information))
            {
                var route = endpoint?.RoutePattern.RawText ?? "(no route)";
                var elapsedMs = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                var method = NameOf(context.Request.Method);
                LogRequest(method, route, context.Response.StatusCode, elapsedMs);
            }
        }
    }

    // The server names its span by its own kind alone.
    private static void NameSpan(HttpContext context, RouteEndpoint? endpoint)
    {
        if (Activity.Current is { IsAllDataRequested: true } span)
        {
            var method = NameOf(context.Request.Method);
            span.DisplayName = endpoint is null ? method : $"{method} {endpoint.RoutePattern.RawText}";
        }
    }

    // A method is text of the client's too.
    private static string NameOf(string method) => Known.TryGetValue(method, out var known) ? known : "OTHER";

    [LoggerMessage(Level = LogLevel.Information, Message = "{Method} {Route} {Status} in {ElapsedMs:0.000} ms")]
    private partial void LogRequest(string method, string route, int status, double elapsedMs);
}
