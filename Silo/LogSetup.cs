using Microsoft.Extensions.Logging;

namespace Actors.Hosting;

/// <summary>How every part of the service logs: one JSON object a line on standard output, times in UTC.</summary>
public static class LogSetup
{
    /// <summary>Replaces whatever providers there are.</summary>
    public static ILoggingBuilder AddJsonLines(this ILoggingBuilder logging) => logging.ClearProviders().AddJsonConsole(json =>
    {
        json.UseUtcTimestamp = true;
        json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
    });
}
