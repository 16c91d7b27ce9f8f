namespace Actors.Hosting;

/// <summary>The command line of a silo.</summary>
internal static class SiloCommand
{
    public static CommandSyntax Syntax { get; } = new(
        $"""
        Planner & Memory: a silo, which hosts the grains of a cluster.

          --postgres CONN      the cluster's Postgres (Npgsql connection string)
          --valkey ADDRESS     the cache that silos share: host:port, then options such as password=... with
                               commas between (default: each silo has its own)
          --address ADDRESS    where other processes reach this silo: an IP address, a host name, or auto
                               for the first address of this host's name (default 127.0.0.1)
          --silo-port N        port for other silos (default 11111)
          --gateway-port N     port for API processes (default 30000)
          --port N             HTTP port for health checks (default 8081)
          --listen ADDRESS     address for health checks (default 127.0.0.1; 0.0.0.0 for all)
        {DatabaseUpkeep.Usage}
          --probe URL          ask a health address: exit code 0 when all is well
          --help               this text

        Every configuration key may be given as --Section:Key VALUE, or as the environment variable Section__Key.
        """,
        new Dictionary<string, string>
        {
            ["--postgres"] = "ConnectionStrings:Postgres",
            ["--address"] = "Cluster:Address",
            ["--silo-port"] = "Cluster:SiloPort",
            ["--gateway-port"] = "Cluster:GatewayPort",
            ["--port"] = "Port",
            ["--listen"] = "Listen",
        }.Concat(CacheServices.Keys).ToDictionary(),
        DatabaseUpkeep.Flags);
}
