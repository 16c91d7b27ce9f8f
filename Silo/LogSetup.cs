using Microsoft.Extensions.Hosting;
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

    /// <summary>JSON lines, without what others log too much of.</summary>
    public static void AddLogs(this IHostApplicationBuilder builder)
    {
        builder.Logging.AddJsonLines();
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        // A silo tells much of its start and of every neighbour's, several times a second of one that is gone, and of grains by
        // their keys, which hold what clients call things.
        builder.Logging.AddFilter("Orleans", LogLevel.Warning);
        builder.Logging.AddFilter("Polly", LogLevel.Warning);
        builder.Logging.AddFilter("Orleans.Messaging", LogLevel.Error);
        builder.Logging.AddFilter("Orleans.Runtime.Messaging", LogLevel.Error);
        builder.Logging.AddFilter("Orleans.Runtime.GrainDirectory", LogLevel.Error);
        builder.Logging.AddFilter("Orleans.Grain", LogLevel.Critical);
        // A start that fails ends with one line for people (CommandLine), not with this category's stack trace as well.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        // It would log whole paths when a request fails; the API's table of errors logs instead.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware", LogLevel.None);
    }
}
