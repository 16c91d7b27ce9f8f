using Npgsql;
using NpgsqlTypes;

namespace Actors.Sessions;

/// <summary>The commands which claim the sessions of a transaction and write their events (<c>sql/010</c>).</summary>
internal static class EventCommands
{
    private const string CommitEvent = "select commit_event($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";

    private const string CommitSessions =
        "select commit_sessions($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";

    private const string SelectStored =
        $"""
        select e.id, e.metadata::text, least(e.expires_at, case when e.memory_scope = 'run' then r.ended_at end)
        from {EventRow.Source} where e.id = any($1)
        """;

    private const string DeleteEvents = "delete from events where client_id = $1 and id = any($2) returning id";

    /// <summary>Moves the head of each session to its <see cref="SessionPart.Version"/>, and inserts its events.</summary>
    /// <param name="parts">The commits, in the order of client ids.</param>
    /// <param name="lockTimeout">How long the transaction waits for a lock from here on, as Postgres reads it; null: as the connection says.</param>
    public static NpgsqlBatchCommand Commit(IReadOnlyList<SessionPart> parts, string? lockTimeout)
    {
        var command = parts is [{ Commit: { Added: [var only], Facts: [] } } part] ? CommitOne(part, only) : CommitAll(parts);
        AddNullable(command, lockTimeout, NpgsqlDbType.Text);
        return command;
    }

    /// <summary>Deletes events, and returns the ids of those that were there.</summary>
    public static NpgsqlBatchCommand Delete(SessionPart part)
    {
        var command = new NpgsqlBatchCommand(DeleteEvents);
        Add(command, part.ClientId);
        Add(command, part.Commit.Removed.ToArray());
        return command;
    }

    /// <summary>Whether Postgres holds an event just as it was sent: not with metadata, which it rewrites, nor if the end of a run ends it.</summary>
    public static bool IsStoredAsSent(EventRecord sent) => sent is { MetadataJson: "{}", Scope: not MemoryScope.Run };

    /// <summary>Reads what a restart would read of events which are not stored as sent.</summary>
    public static NpgsqlBatchCommand Select(Guid[] eventIds)
    {
        var command = new NpgsqlBatchCommand(SelectStored);
        Add(command, eventIds);
        return command;
    }

    /// <summary>Reads a row of <see cref="Select"/>.</summary>
    public static (Guid Id, string MetadataJson, DateTimeOffset? ExpiresAt) ReadStored(NpgsqlDataReader row) =>
        (row.GetGuid(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetFieldValue<DateTimeOffset>(2));

    private static NpgsqlBatchCommand CommitOne(SessionPart part, EventRecord e)
    {
        var command = new NpgsqlBatchCommand(CommitEvent);
        Add(command, part.ClientId);
        Add(command, part.ExpectedVersion);
        Add(command, e.Id);
        Add(command, e.Content);
        Add(command, MemoryNames.Of(e.Type));
        Add(command, MemoryNames.Of(e.Scope));
        Add(command, e.Salience);
        AddJson(command, e.MetadataJson, NpgsqlDbType.Jsonb);
        AddNullable(command, e.ConversationId, NpgsqlDbType.Text);
        AddNullable(command, e.Speaker, NpgsqlDbType.Text);
        AddNullable(command, e.RunId, NpgsqlDbType.Uuid);
        Add(command, e.OccurredAt);
        Add(command, e.CreatedAt);
        AddNullable(command, e.ExpiresAt, NpgsqlDbType.TimestampTz);
        return command;
    }

    private static NpgsqlBatchCommand CommitAll(IReadOnlyList<SessionPart> parts)
    {
        // Places count from one, as Postgres' arrays do.
        var events = parts.SelectMany((part, place) => part.Commit.Added.Select(e => (Place: place + 1, Event: e))).ToArray();
        var command = new NpgsqlBatchCommand(CommitSessions);
        Add(command, Array.ConvertAll([.. parts], part => part.ClientId));
        Add(command, Array.ConvertAll([.. parts], part => part.ExpectedVersion));
        Add(command, Array.ConvertAll([.. parts], part => part.Commit.LastRecordedAt));
        Add(command, Array.ConvertAll(events, e => e.Place));
        AddColumn(e => e.Id);
        AddColumn(e => e.Content);
        AddColumn(e => MemoryNames.Of(e.Type));
        AddColumn(e => MemoryNames.Of(e.Scope));
        AddColumn(e => e.Salience);
        AddJson(command, Column(e => e.MetadataJson), NpgsqlDbType.Array | NpgsqlDbType.Jsonb);
        AddColumn(e => e.ConversationId);
        AddColumn(e => e.Speaker);
        AddColumn(e => e.RunId);
        AddColumn(e => e.OccurredAt);
        AddColumn(e => e.CreatedAt);
        AddColumn(e => e.ExpiresAt);
        return command;

        void AddColumn<T>(Func<EventRecord, T> value) => Add(command, Column(value));

        T[] Column<T>(Func<EventRecord, T> value) => Array.ConvertAll(events, e => value(e.Event));
    }

    private static void Add<T>(NpgsqlBatchCommand command, T value) => command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });

    private static void AddJson<T>(NpgsqlBatchCommand command, T value, NpgsqlDbType type) =>
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value, NpgsqlDbType = type });

    private static void AddNullable(NpgsqlBatchCommand command, object? value, NpgsqlDbType type) =>
        command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value, NpgsqlDbType = type });
}
