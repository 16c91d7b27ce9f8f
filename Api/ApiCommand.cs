using Actors.Hosting;
using Actors.Patterns;

namespace Actors.Api;

/// <summary>The command line of the service.</summary>
internal static class ApiCommand
{
    public static CommandSyntax Syntax { get; } = new(
        $"""
        Planner & Memory: memory and plans for AI agents.

          --port N             HTTP port (default 8080)
          --listen ADDRESS     address to listen on (default 127.0.0.1; 0.0.0.0 for all)
          --data FOLDER        data folder: private Postgres, admin.key (default .data, or
                               /var/lib/planner-memory for root where that is out of reach)
          --postgres CONN      use this Postgres (Npgsql connection string) instead of a private one
          --valkey ADDRESS     keep recall answers in this Valkey too: host:port, then options such as
                               password=... with commas between (default: in this process)
          --seed               store workflows to start from, where they are missing, and serve
        {DatabaseBackup.Usage}
        {DatabaseUpkeep.Usage}
        {ZepCheck.Usage}
          --probe URL          ask a health address: exit code 0 when all is well
          --help               this text
        {ActorConnection.Usage}
        Every configuration key may be given as --Section:Key VALUE, or as the environment variable Section__Key.
        """,
        new Dictionary<string, string>
        {
            ["--port"] = "Port",
            ["--listen"] = "Listen",
            ["--data"] = "Data",
            ["--postgres"] = "ConnectionStrings:Postgres",
        }.Concat(CacheServices.Keys).Concat(DatabaseBackup.Keys).Concat(ZepCheck.Keys).Concat(ActorConnection.Keys).ToDictionary(),
        new HashSet<string>([WorkflowSeed.Flag, .. DatabaseUpkeep.Flags, .. ActorConnection.Flags]));
}
