namespace Actors.Support;

/// <summary>What it takes for one process to be the whole service.</summary>
public static class HostArguments
{
    /// <summary>Nothing: it is so by itself.</summary>
    public static string[] All() => [];
}
