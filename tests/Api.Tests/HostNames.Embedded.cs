namespace Actors.Api.Tests;

/// <summary>What shows which host the grains run in.</summary>
internal static class HostNames
{
    /// <summary>How its metrics' names begin.</summary>
    public const string Metrics = "actors_";

    /// <summary>Where the spans of grain calls come from.</summary>
    public const string CallSource = "Actors.Embedded";

    /// <summary>Whether a route is a page about the host: it has none.</summary>
    public static bool IsPage(string route) => false;
}
