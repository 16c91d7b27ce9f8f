namespace Actors.Api.Tests;

/// <summary>What shows which host the grains run in.</summary>
internal static class HostNames
{
    /// <summary>How its metrics' names begin.</summary>
    public const string Metrics = "orleans_";

    /// <summary>Where the spans of grain calls come from.</summary>
    public const string CallSource = "Microsoft.Orleans.Application";

    /// <summary>Whether a route is a page about the host: Orleans' dashboard.</summary>
    public static bool IsPage(string route) => route == "/dashboard" || route.StartsWith("/dashboard/", StringComparison.Ordinal);
}
