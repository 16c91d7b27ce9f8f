using Npgsql;

namespace Actors.Hosting;

/// <summary>A database session that listens, on a connection of its own.</summary>
internal sealed class ListenerSession : IAsyncDisposable
{
    /// <summary>Its payload is the client whose rows were changed, or <see cref="SeveralClients"/>.</summary>
    public const string Changes = "actors_changes";

    /// <summary>Its payload is the client that was erased.</summary>
    public const string Erasures = "actors_erasures";

    /// <summary>Stands for a client in <see cref="Changes"/>; none can be called so.</summary>
    public const string SeveralClients = "*";

    private const string Listen = $"listen {Changes}; listen {Erasures}";
    private const string SelectErased = "select client_id from session_heads where client_id = any ($1) and erase_epoch > 0";
    private const int ClientsPerSelect = 10_000;
    private const int CommandTimeoutSeconds = 15;

    private readonly NpgsqlConnection _connection;

    private ListenerSession(NpgsqlConnection connection) => _connection = connection;

    /// <summary>Connects and listens: from its return on nothing is missed.</summary>
    /// <param name="connectionString">Of the pool.</param>
    /// <param name="take">Gets channel and payload of each notification, during calls of this class.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NpgsqlException">Postgres cannot be reached. It may also be an error of the network or a time limit.</exception>
    public static async Task<ListenerSession> OpenAsync(string connectionString, Action<string, string> take, CancellationToken cancellationToken)
    {
        var connection = OwnConnection.Create(connectionString, "listener", CommandTimeoutSeconds);
        try
        {
            connection.Notification += (_, notification) => take(notification.Channel, notification.Payload);
            await connection.OpenAsync(cancellationToken);
            await using var listen = new NpgsqlCommand(Listen, connection);
            await listen.ExecuteNonQueryAsync(cancellationToken);
            return new ListenerSession(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Those of the clients that were erased at some time.</summary>
    public async Task<List<string>> SelectErasedAsync(IReadOnlyCollection<string> clientIds, CancellationToken cancellationToken)
    {
        var erased = new List<string>();
        foreach (var some in clientIds.Chunk(ClientsPerSelect))
        {
            await using var select = new NpgsqlCommand(SelectErased, _connection);
            select.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = some });
            await using var reader = await select.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                erased.Add(reader.GetString(0));
            }
        }

        return erased;
    }

    /// <summary>Takes notifications until the connection breaks, which it learns at once.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _connection.WaitAsync(cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
