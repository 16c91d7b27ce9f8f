using Npgsql;

namespace Actors.ClusterSchema;

/// <summary>The table <c>orleans_scripts</c>: which of Orleans' scripts this database has.</summary>
internal sealed class OrleansScriptTable(NpgsqlConnection connection)
{
    // Not a migration: these run on every database and in one order, while only a cluster's has this table, and an operator may
    // prepare it before the first silo, and so the first migration, runs.
    private const string CreateTable = """
        create table if not exists orleans_scripts (
            path       text primary key,
            sha256     text not null,
            adopted    boolean not null,
            applied_at timestamptz not null default clock_timestamp(),
            constraint orleans_scripts_sha256_is_64_hex_digits check (sha256 ~ '^[0-9a-f]{64}$'))
        """;

    private const string SelectListed = """
        select known.sha256, to_regclass(listed.relation) is not null
        from unnest($1, $2) with ordinality as listed (path, relation, position)
        left join orleans_scripts known using (path)
        order by listed.position
        """;

    private const string InsertOne = "insert into orleans_scripts (path, sha256, adopted) values ($1, $2, $3)";

    /// <summary>What the database says about each script of the list, in the list's order.</summary>
    public async Task<IReadOnlyList<OrleansScriptState>> ReadAsync(IReadOnlyList<OrleansScript> scripts, CancellationToken cancellationToken)
    {
        await using (var create = new NpgsqlCommand(CreateTable, connection) { CommandTimeout = 0 })
        {
            await create.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var select = new NpgsqlCommand(SelectListed, connection) { CommandTimeout = 0 };
        select.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. scripts.Select(script => script.Path)] });
        select.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. scripts.Select(script => script.Relation)] });
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        var states = new List<OrleansScriptState>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var sha256 = await reader.IsDBNullAsync(0, cancellationToken) ? null : reader.GetString(0);
            states.Add(new OrleansScriptState(scripts[states.Count], sha256, reader.GetBoolean(1)));
        }

        return states;
    }

    /// <summary>Runs the script and records it, both in one transaction.</summary>
    public async Task ApplyAsync(OrleansScript script, string sql, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var run = new NpgsqlCommand(sql, connection, transaction) { CommandTimeout = 0 })
        {
            await run.ExecuteNonQueryAsync(cancellationToken);
        }

        await RecordAsync(script, adopted: false, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Records a script that somebody else ran. The hash is the listed one: what really ran cannot be told.</summary>
    public Task AdoptAsync(OrleansScript script, CancellationToken cancellationToken) => RecordAsync(script, adopted: true, cancellationToken);

    private async Task RecordAsync(OrleansScript script, bool adopted, CancellationToken cancellationToken)
    {
        await using var record = new NpgsqlCommand(InsertOne, connection) { CommandTimeout = 0 };
        record.Parameters.Add(new NpgsqlParameter<string> { TypedValue = script.Path });
        record.Parameters.Add(new NpgsqlParameter<string> { TypedValue = script.Sha256 });
        record.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = adopted });
        await record.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <param name="Script">The script.</param>
/// <param name="RecordedSha256">Null: it is not on record.</param>
/// <param name="RelationExists">Whether the relation it creates is there.</param>
internal sealed record OrleansScriptState(OrleansScript Script, string? RecordedSha256, bool RelationExists);
