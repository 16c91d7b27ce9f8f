using System.Globalization;
using Actors.Embedded;
using Actors.Storage;
using Npgsql;
using NpgsqlTypes;
using Orleans.Storage;

namespace Actors.Hosting;

/// <summary>Grain state in the table <c>embedded_grain_state</c>; the etag is the row's version.</summary>
internal sealed class PostgresGrainStateTable(NpgsqlDataSource dataSource, WriteGate gate) : IGrainStateTable
{
    private const string Select = "select payload::text, version from embedded_grain_state where grain_id = $1 and state_name = $2";

    private const string Insert = """
        insert into embedded_grain_state (grain_id, state_name, payload) values ($1, $2, $3)
        on conflict (grain_id, state_name) do nothing
        returning version
        """;

    private const string Update = """
        update embedded_grain_state set payload = $3, version = version + 1, updated_at = clock_timestamp()
        where grain_id = $1 and state_name = $2 and version = $4
        returning version
        """;

    private const string Delete = "delete from embedded_grain_state where grain_id = $1 and state_name = $2 and version = $3 returning version";

    public async Task<GrainStateRow?> ReadAsync(string grainId, string stateName, CancellationToken cancellationToken)
    {
        await using var command = Command(Select, grainId, stateName);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new GrainStateRow(reader.GetString(0), Etag(reader.GetInt64(1))) : null;
    }

    public async Task<string> WriteAsync(string grainId, string stateName, string json, string? etag, CancellationToken cancellationToken)
    {
        gate.EnsureOpen();
        await using var command = Command(etag is null ? Insert : Update, grainId, stateName);
        command.Parameters.Add(new NpgsqlParameter { Value = json, NpgsqlDbType = NpgsqlDbType.Jsonb });
        if (etag is not null)
        {
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = Version(etag) });
        }

        return await command.ExecuteScalarAsync(cancellationToken) is long version
            ? Etag(version)
            : throw await ConflictAsync(grainId, stateName, etag, cancellationToken);
    }

    public async Task ClearAsync(string grainId, string stateName, string? etag, CancellationToken cancellationToken)
    {
        if (etag is null)
        {
            if (await ReadAsync(grainId, stateName, cancellationToken) is not null)
            {
                throw await ConflictAsync(grainId, stateName, etag, cancellationToken);
            }

            return;
        }

        gate.EnsureOpen();
        await using var command = Command(Delete, grainId, stateName);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = Version(etag) });
        if (await command.ExecuteScalarAsync(cancellationToken) is null)
        {
            throw await ConflictAsync(grainId, stateName, etag, cancellationToken);
        }
    }

    private async Task<InconsistentStateException> ConflictAsync(
        string grainId, string stateName, string? etag, CancellationToken cancellationToken)
    {
        var stored = await ReadAsync(grainId, stateName, cancellationToken);
        return new InconsistentStateException($"The state {stateName} of a grain was written by another activation.", stored?.Etag, etag);
    }

    private NpgsqlCommand Command(string sql, string grainId, string stateName)
    {
        var command = dataSource.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = grainId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = stateName });
        return command;
    }

    private static string Etag(long version) => version.ToString(CultureInfo.InvariantCulture);

    private static long Version(string etag) => long.Parse(etag, CultureInfo.InvariantCulture);
}
