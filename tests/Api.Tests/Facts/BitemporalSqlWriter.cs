using System.Collections.Immutable;
using Actors.Support;
using Npgsql;

namespace Actors.Api.Tests.Facts;

/// <summary>Writes the facts of one client by SQL, as any other program would: not with the service's settings.</summary>
internal sealed class BitemporalSqlWriter(TestDatabase database, string client)
{
    public Task<Outcome> ChangeAsync(int subject, string type, string content, bool namesClient) => ExecuteAsync(
        null,
        $"select update_fact_temporal($1, $2, $3, $4{(namesClient ? ", p_client_id => $5" : "")})",
        [BitemporalApiWriter.SubjectType, BitemporalApiWriter.SubjectId(client, subject), type, content, .. namesClient ? [client] : Array.Empty<object>()]);

    public Task<Outcome> InsertAsync(Belief fact, DateTimeOffset? from) => ExecuteAsync(
        null,
        $"""
        insert into facts (client_id, subject_type, subject_id, fact_type, content, fact_key, valid_to{(from is null ? "" : ", valid_from")})
        values ($1, $2, $3, $4, $5, $6, $7{(from is null ? "" : ", $8")}) returning id
        """,
        [
            client, BitemporalApiWriter.SubjectType, BitemporalApiWriter.SubjectId(client, fact.Subject), fact.Type, fact.Content,
            fact.Key ?? (object)DBNull.Value, fact.To ?? (object)DBNull.Value, .. from is null ? Array.Empty<object>() : [from],
        ]);

    public Task<Outcome> CloseAsync(Guid id, DateTimeOffset? at, string? described) => ExecuteAsync(
        described,
        $"update facts set valid_to = {(at is null ? "now()" : "$2")} where id = $1 and (valid_to is null or valid_to > {(at is null ? "now()" : "$2")})",
        at is null ? [id] : [id, at]);

    public Task<Outcome> ReopenAsync(Guid id) =>
        ExecuteAsync(null, "update facts set valid_to = null where id = $1 and superseded_by is null", [id]);

    public Task<Outcome> RewriteAsync(Guid id, string content, string? described) =>
        ExecuteAsync(described, "update facts set content = $2 where id = $1", [id, content]);

    public Task<Outcome> DeleteAsync(Guid id, string? described) => ExecuteAsync(described, "delete from facts where id = $1", [id]);

    // One transaction: the statement between two looks at the clock, then when each fact of the client was last recorded.
    private async Task<Outcome> ExecuteAsync(string? described, string statement, object[] parameters)
    {
        await using var connection = await database.DataSource.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                Command("select now(), clock_timestamp()"),
                Command("select describe_change($1, 'an operator', 'by hand') where $1 is not null", described ?? (object)DBNull.Value),
                Command(statement, parameters),
                Command("select clock_timestamp()"),
                Command(
                    """
                    select id, recorded_at, valid_from, valid_to from facts where client_id = $1
                    union all
                    select fact_id, max(retracted_at), null, null from fact_versions v
                    where client_id = $1 and not exists (select from facts where id = v.fact_id) group by fact_id
                    """,
                    client),
            },
        };
        try
        {
            await using var reader = await batch.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            return await ReadAsync(reader);
        }
        catch (PostgresException error)
        {
            return new Outcome { Refusal = $"{error.SqlState} {error.ConstraintName}", TransactionBegan = Instants.Now() };
        }
    }

    private static NpgsqlBatchCommand Command(string sql, params object[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }

    private static async Task<Outcome> ReadAsync(NpgsqlDataReader reader)
    {
        await reader.ReadAsync();
        var (began, before) = (reader.GetFieldValue<DateTimeOffset>(0), reader.GetFieldValue<DateTimeOffset>(1));
        await reader.NextResultAsync();
        await reader.NextResultAsync();
        var newId = Guid.Empty;
        // An update or delete has no rows to return, and then no result either.
        if (reader.FieldCount == 1 && reader.GetDataTypeName(0) == "uuid")
        {
            await reader.ReadAsync();
            newId = reader.GetGuid(0);
            await reader.NextResultAsync();
        }

        await reader.ReadAsync();
        var after = reader.GetFieldValue<DateTimeOffset>(0);
        await reader.NextResultAsync();
        var recorded = ImmutableDictionary.CreateBuilder<Guid, DateTimeOffset>();
        (Guid, DateTimeOffset, DateTimeOffset?)? made = null;
        while (await reader.ReadAsync())
        {
            var id = reader.GetGuid(0);
            recorded.Add(id, reader.GetFieldValue<DateTimeOffset>(1));
            if (id == newId)
            {
                made = (id, reader.GetFieldValue<DateTimeOffset>(2), await reader.IsDBNullAsync(3) ? null : reader.GetFieldValue<DateTimeOffset>(3));
            }
        }

        return new Outcome { NewId = newId, Answered = made, Recorded = recorded.ToImmutable(), TransactionBegan = began, Before = before, After = after };
    }
}
