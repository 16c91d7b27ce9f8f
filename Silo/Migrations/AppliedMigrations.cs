using Npgsql;

namespace Actors.Migrations;

/// <summary>The table <c>schema_migrations</c>: what has run on this database.</summary>
internal sealed class AppliedMigrations(NpgsqlConnection connection)
{
    private const string CreateTable = """
        create table if not exists schema_migrations (
            number     integer primary key,
            name       text not null,
            checksum   text not null,
            applied_at timestamptz not null default clock_timestamp(),
            constraint schema_migrations_checksum_is_a_sha256 check (checksum ~ '^[0-9a-f]{64}$'))
        """;

    private const string SelectAll = "select number, name, checksum from schema_migrations order by number";

    private const string InsertOne = "insert into schema_migrations (number, name, checksum) values ($1, $2, $3)";

    /// <summary>How many of <paramref name="scripts"/> have run: the first so many, since numbers have no gap.</summary>
    /// <exception cref="ChangedMigrationException">One that ran differs from the script of its number.</exception>
    /// <exception cref="NewerDatabaseException">More have run than there are scripts.</exception>
    public async Task<int> CountAsync(IReadOnlyList<MigrationScript> scripts, CancellationToken cancellationToken)
    {
        await using (var create = new NpgsqlCommand(CreateTable, connection) { CommandTimeout = 0 })
        {
            await create.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var select = new NpgsqlCommand(SelectAll, connection) { CommandTimeout = 0 };
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        var applied = 0;
        (string Applied, string Known)? changed = null;
        string? newest = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            var (number, name, checksum) = (reader.GetInt32(0), reader.GetString(1), reader.GetString(2));
            applied++;
            if (number > scripts.Count)
            {
                newest = name;
            }
            else if (number != applied)
            {
                throw new MigrationNumberingException($"Table schema_migrations has no row for number {applied}, but one for {number}.");
            }
            else if (scripts[number - 1] is var script && (script.Name != name || script.Checksum != checksum))
            {
                changed ??= (name, script.Name);
            }
        }

        // A newer database is told first: with a newer build's files, nothing need have changed.
        if (newest is not null)
        {
            throw new NewerDatabaseException(newest, scripts.Count);
        }

        return changed is { } names ? throw new ChangedMigrationException(names.Applied, names.Known) : applied;
    }

    /// <summary>Runs the script and records it, both in one transaction.</summary>
    public async Task ApplyAsync(MigrationScript script, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var run = new NpgsqlCommand(script.Sql, connection, transaction) { CommandTimeout = 0 })
        {
            await run.ExecuteNonQueryAsync(cancellationToken);
        }

        await using (var record = new NpgsqlCommand(InsertOne, connection, transaction) { CommandTimeout = 0 })
        {
            record.Parameters.Add(new NpgsqlParameter<int> { TypedValue = script.Number });
            record.Parameters.Add(new NpgsqlParameter<string> { TypedValue = script.Name });
            record.Parameters.Add(new NpgsqlParameter<string> { TypedValue = script.Checksum });
            await record.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }
}
