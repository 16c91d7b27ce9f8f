using Microsoft.Extensions.Configuration;

namespace Actors.Hosting;

/// <summary>Where a program serves HTTP: the settings <c>Listen</c> (default 127.0.0.1) and <c>Port</c>.</summary>
internal static class ListenAddress
{
    public static string Of(IConfiguration configuration, int defaultPort)
    {
        var listen = configuration["Listen"] ?? "127.0.0.1";
        return $"http://{(listen.Contains(':') ? $"[{listen}]" : listen)}:{configuration["Port"] ?? $"{defaultPort}"}";
    }
}
