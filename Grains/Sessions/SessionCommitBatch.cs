using System.Collections.Immutable;
using Actors.Facts;
using Actors.Idempotency;
using Npgsql;
using NpgsqlTypes;

namespace Actors.Sessions;

/// <summary>
/// A session's commit as one batch, which is one round trip and one implicit transaction: all commands are sent with a
/// single Sync, at which Postgres commits.
/// </summary>
internal static class SessionCommitBatch
{
    private const string ClaimSession = "select claim_session($1, $2)";

    private const string InsertEvents =
        """
        insert into events (id, client_id, content, memory_type, memory_scope, salience_score, metadata, conversation_id,
                            speaker, run_id, occurred_at, created_at, expires_at, zep_session_id)
        select id, $1, content, memory_type, memory_scope, salience_score, metadata, conversation_id,
               speaker, run_id, occurred_at, created_at, expires_at, $2
        from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::double precision[], $8::jsonb[], $9::text[],
                    $10::text[], $11::uuid[], $12::timestamptz[], $13::timestamptz[], $14::timestamptz[])
             as new (id, content, memory_type, memory_scope, salience_score, metadata, conversation_id,
                     speaker, run_id, occurred_at, created_at, expires_at)
        returning id, nullif(metadata, '{}')::text,
                  least(expires_at, case when memory_scope = 'run' then
                      (select r.ended_at from execution_runs r where r.id = run_id) end)
        """;

    private const string DeleteEvents = "delete from events where client_id = $1 and id = any($2) returning id";

    private const string SelectVersion = "select version from session_heads where client_id = $1";

    /// <summary>Sends a commit, provided the session has the expected version.</summary>
    /// <exception cref="PostgresException">Nothing was written; SQLSTATE PM001: the session has another version.</exception>
    public static async Task<SessionCommitted> SendAsync(
        NpgsqlConnection connection, string clientId, long expectedVersion, SessionCommit commit)
    {
        await using var batch = new NpgsqlBatch(connection);
        // Locks in the order in which SQL of other writers takes them: subject, facts, head.
        if (!commit.Facts.IsEmpty)
        {
            batch.BatchCommands.Add(FactCommands.Lock(commit.Facts));
        }

        Add(batch, ClaimSession, clientId, expectedVersion);
        if (!commit.Added.IsEmpty)
        {
            batch.BatchCommands.Add(Insert(clientId, commit.Added));
        }

        if (!commit.Removed.IsEmpty)
        {
            Add(batch, DeleteEvents, clientId, commit.Removed.ToArray());
        }

        FactCommands.Add(batch, commit.Facts, commit.Instant);
        if (!commit.Kept.IsEmpty)
        {
            batch.BatchCommands.Add(KeptAnswers.Keep(clientId == FactSubjectKey.House ? null : clientId, commit.Kept, commit.Instant));
        }

        Add(batch, SelectVersion, clientId);
        await using var reader = await batch.ExecuteReaderAsync();
        var (added, removed, facts) = (commit.Added, ImmutableHashSet.CreateBuilder<Guid>(), commit.Facts);
        var version = expectedVersion;
        // One result per command, in their order; what a command returns is told by the statement it answers.
        foreach (var command in batch.BatchCommands)
        {
            switch (command.CommandText)
            {
                case InsertEvents:
                    added = await ReadStoredAsync(reader, added);
                    break;
                case DeleteEvents:
                    while (await reader.ReadAsync())
                    {
                        removed.Add(reader.GetGuid(0));
                    }

                    break;
                case FactCommands.InsertFacts:
                    facts = await FactCommands.ReadStoredAsync(reader, facts);
                    break;
                case SelectVersion:
                    await reader.ReadAsync();
                    version = reader.GetInt64(0);
                    break;
            }

            await reader.NextResultAsync();
        }

        // The answer counts only once the Sync at the batch's end is confirmed.
        while (await reader.NextResultAsync())
        {
        }

        return new SessionCommitted(version, added, removed.ToImmutable(), facts);
    }

    /// <summary>Takes the locks of facts before anything else of a transaction.</summary>
    public static async Task LockFactsAsync(NpgsqlConnection connection, ImmutableArray<FactChange> facts)
    {
        if (!facts.IsEmpty)
        {
            await using var batch = new NpgsqlBatch(connection);
            batch.BatchCommands.Add(FactCommands.Lock(facts));
            await batch.ExecuteNonQueryAsync();
        }
    }

    // What a restart would read: metadata in the form Postgres gives it, and the end a run of the past sets.
    private static async Task<ImmutableArray<EventRecord>> ReadStoredAsync(NpgsqlDataReader reader, ImmutableArray<EventRecord> sent)
    {
        var stored = new Dictionary<Guid, (string Metadata, DateTimeOffset? ExpiresAt)>(sent.Length);
        while (await reader.ReadAsync())
        {
            var metadata = reader.IsDBNull(1) ? "{}" : reader.GetString(1);
            stored.Add(reader.GetGuid(0), (metadata, reader.IsDBNull(2) ? null : reader.GetFieldValue<DateTimeOffset>(2)));
        }

        return [.. sent.Select(e => e with { MetadataJson = stored[e.Id].Metadata, ExpiresAt = stored[e.Id].ExpiresAt })];
    }

    private static NpgsqlBatchCommand Insert(string clientId, ImmutableArray<EventRecord> events)
    {
        var command = new NpgsqlBatchCommand(InsertEvents);
        var parameters = command.Parameters;
        parameters.Add(new() { Value = clientId });
        parameters.Add(new() { Value = SessionKey.Of(clientId) });
        AddColumn(e => e.Id);
        AddColumn(e => e.Content);
        AddColumn(e => MemoryNames.Of(e.Type));
        AddColumn(e => MemoryNames.Of(e.Scope));
        AddColumn(e => e.Salience);
        parameters.Add(new() { Value = Column(e => e.MetadataJson), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb });
        AddColumn(e => e.ConversationId);
        AddColumn(e => e.Speaker);
        AddColumn(e => e.RunId);
        AddColumn(e => e.OccurredAt);
        AddColumn(e => e.CreatedAt);
        AddColumn(e => e.ExpiresAt);
        return command;

        void AddColumn<T>(Func<EventRecord, T> value) => parameters.Add(new() { Value = Column(value) });

        T[] Column<T>(Func<EventRecord, T> value) => [.. events.Select(value)];
    }

    private static void Add(NpgsqlBatch batch, string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        batch.BatchCommands.Add(command);
    }
}
