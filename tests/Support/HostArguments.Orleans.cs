using Actors.Postgres;

namespace Actors.Support;

/// <summary>What it takes for one process to be the whole service.</summary>
internal static class HostArguments
{
    /// <summary>A silo in the same process, on ports that are free.</summary>
    public static string[] All() => ["--single", "--silo-port", $"{FreePort.Choose()}", "--gateway-port", $"{FreePort.Choose()}"];
}
