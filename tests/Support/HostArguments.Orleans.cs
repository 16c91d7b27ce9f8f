using Actors.Postgres;

namespace Actors.Support;

/// <summary>What it takes for one process to be the whole service.</summary>
public static class HostArguments
{
    /// <summary>A silo in the same process, on ports that are free.</summary>
    public static string[] All() => ["--single", "--silo-port", $"{Port()}", "--gateway-port", $"{Port()}"];

    /// <summary>A port that is free now.</summary>
    public static int Port() => FreePort.Choose();
}
