using Npgsql;
using NpgsqlTypes;

namespace Actors.Bench.Http;

/// <summary>A client and what it has remembered.</summary>
internal sealed record StoredClient(string Id, string[] Sentences);

/// <summary>Clients with events of their own, stored by COPY with all triggers on: faster than over HTTP, and hot nowhere.</summary>
internal sealed class StoredClients(NpgsqlDataSource database, InventedText text)
{
    private const int RowsPerCopy = 20_000;
    private const string Copy = "copy events (client_id, content, occurred_at, created_at) from stdin (format binary)";

    private static readonly TimeSpan CopyLimit = TimeSpan.FromMinutes(10);

    /// <summary>Before any clock of the service, each event later than the one before.</summary>
    private DateTimeOffset _time = TimeProvider.System.GetUtcNow().AddHours(-1);

    /// <summary>How many events were stored.</summary>
    public int Events { get; private set; }

    /// <summary>Stores clients.</summary>
    /// <param name="prefix">Of their ids, which end in a number of five digits.</param>
    /// <param name="clients">How many.</param>
    /// <param name="eventsEach">How many events each of them has.</param>
    public async Task<StoredClient[]> StoreAsync(string prefix, int clients, int eventsEach)
    {
        var stored = Enumerable.Range(0, clients)
            .Select(i => new StoredClient($"{prefix}-{i:D5}", [.. Enumerable.Range(0, eventsEach).Select(_ => text.Sentence())])).ToArray();
        var rows = stored.SelectMany(client => client.Sentences, (client, sentence) => (client.Id, sentence));
        var done = 0;
        foreach (var chunk in rows.Chunk(RowsPerCopy))
        {
            Progress.Show($"Storing events: {done:N0} of {clients * eventsEach:N0}");
            await CopyAsync(chunk);
            done += chunk.Length;
        }

        Events += done;
        return stored;
    }

    /// <summary>Leaves the server as it is after a while: with statistics, and without a vacuum or a checkpoint to come.</summary>
    public async Task SettleAsync()
    {
        Progress.Show("Vacuum and checkpoint");
        foreach (var sql in (string[])["vacuum (analyze)", "checkpoint"])
        {
            await using var command = database.CreateCommand(sql);
            command.CommandTimeout = 0;
            await command.ExecuteNonQueryAsync();
        }
    }

    private async Task CopyAsync((string ClientId, string Content)[] rows)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var copy = await connection.BeginBinaryImportAsync(Copy);
        copy.Timeout = CopyLimit;
        foreach (var (clientId, content) in rows)
        {
            _time = _time.AddMicroseconds(1);
            await copy.StartRowAsync();
            await copy.WriteAsync(clientId, NpgsqlDbType.Text);
            await copy.WriteAsync(content, NpgsqlDbType.Text);
            await copy.WriteAsync(_time, NpgsqlDbType.TimestampTz);
            await copy.WriteAsync(_time, NpgsqlDbType.TimestampTz);
        }

        await copy.CompleteAsync();
    }
}
