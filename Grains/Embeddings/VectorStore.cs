using System.Runtime.InteropServices;
using Actors.Facts;
using Actors.Storage;
using Npgsql;

namespace Actors.Embeddings;


/// <summary>What hot sessions read of the stored vectors.</summary>
internal sealed class VectorStore(Database database)
{
    private const string Columns = "memory_id, scale, vector, content_hash";

    private const string SelectOfClient = $"select {Columns} from embeddings where client_id = $2 and model = $1";

    private const string SelectOfHouse = $"select {Columns} from embeddings where client_id is null and model = $1";

    private const string SelectNewest = "select coalesce(max(seq), 0) from embeddings";

    private const string SelectNew =
        $"""
        select {Columns}, coalesce(client_id, '-'), seq from embeddings
        where seq > $2 and seq <= $3 and model = $1 and coalesce(client_id, '-') = any ($4) order by seq limit $5
        """;

    /// <summary>All vectors of a client's memories, one after the other as they arrive.</summary>
    /// <param name="clientId">Whose; <c>-</c> is the house.</param>
    /// <param name="model">Whose vectors, as <see cref="EmbeddingsOptions.ModelKey"/> says.</param>
    /// <param name="take">Gets each of them, and the first ones twice when the connection breaks on the way.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached; some vectors may have been taken.</exception>
    public Task LoadVectorsAsync(string clientId, string model, Action<Guid, QuantizedVector> take, CancellationToken cancellationToken)
    {
        var isHouse = clientId == FactSubjectKey.House;
        return ReadAsync(
            isHouse ? SelectOfHouse : SelectOfClient, isHouse ? [model] : [model, clientId],
            (row, vector) => take(row.GetGuid(0), vector), cancellationToken);
    }

    /// <summary>The number of the newest vector; 0: there is none.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<long> ReadNewestAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(
            async connection =>
            {
                await using var select = new NpgsqlCommand(SelectNewest, connection);
                return (long)(await select.ExecuteScalarAsync(cancellationToken))!;
            },
            cancellationToken);

    /// <summary>Vectors of some clients that were stored after one and up to another, oldest first.</summary>
    /// <returns>The number of the last one taken; null: none is left.</returns>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached; some vectors may have been taken.</exception>
    public async Task<long?> LoadNewAsync(
        string model, long after, long last, string[] clientIds, int limit, Action<string, Guid, QuantizedVector> take, CancellationToken cancellationToken)
    {
        long? taken = null;
        await ReadAsync(
            SelectNew, [model, after, last, clientIds, limit],
            (row, vector) =>
            {
                take(row.GetString(4), row.GetGuid(0), vector);
                taken = row.GetInt64(5);
            },
            cancellationToken);
        return taken;
    }

    private Task<bool> ReadAsync(string sql, object[] values, Action<NpgsqlDataReader, QuantizedVector> take, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async connection =>
            {
                await using var select = new NpgsqlCommand(sql, connection);
                foreach (var value in values)
                {
                    select.Parameters.Add(new() { Value = value });
                }

                var buffer = new byte[QuantizedVector.MaxDimensions];
                await using var reader = await select.ExecuteReaderAsync(cancellationToken);
                while (await reader.ReadAsync(cancellationToken))
                {
                    var length = (int)reader.GetBytes(2, 0, buffer, 0, buffer.Length);
                    take(reader, QuantizedVector.Stored(MemoryMarshal.Cast<byte, sbyte>(buffer.AsSpan(0, length)), reader.GetFloat(1), reader.GetGuid(3)));
                }

                return true;
            },
            cancellationToken);
}
