using Npgsql;

namespace Actors.Hosting;

/// <summary>How Orleans itself reaches the database, with connections of its own: its members must be heard when the grains' are all in use.</summary>
/// <param name="ConnectionString">Npgsql connection string.</param>
internal sealed record OrleansStore(string ConnectionString)
{
    /// <summary>ADO.NET name of the driver.</summary>
    public const string Invariant = "Npgsql";

    // Membership, reminders and grain state together: some reads a second.
    private const int SiloConnections = 8;

    // The list of silos, every other second.
    private const int ClientConnections = 2;

    public static OrleansStore OfSilo(string given) => Of(given, SiloConnections);

    public static OrleansStore OfClient(string given) => Of(given, ClientConnections);

    private static OrleansStore Of(string given, int connections) => new(
        new NpgsqlConnectionStringBuilder(given) { MaxPoolSize = connections, MinPoolSize = 0, ApplicationName = "planner-memory orleans" }.ConnectionString);
}
