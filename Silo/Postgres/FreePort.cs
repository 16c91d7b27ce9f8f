using System.Net;
using System.Net.Sockets;

namespace Actors.Postgres;

internal static class FreePort
{
    /// <summary>A loopback port that is free now; somebody may be faster to use it.</summary>
    public static int Choose()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
