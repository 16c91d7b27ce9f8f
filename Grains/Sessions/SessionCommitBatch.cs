using System.Collections.Immutable;
using Actors.Facts;
using Actors.Idempotency;
using Npgsql;

namespace Actors.Sessions;

/// <summary>
/// Commits of sessions as one batch, which is one round trip and one implicit transaction: all commands are sent with a
/// single Sync, at which Postgres commits.
/// </summary>
internal sealed class SessionCommitBatch : IAsyncDisposable
{
    private const string SetLockTimeout = "select set_config('lock_timeout', $1, true)";

    private const string SelectVersions = "select client_id, version from session_heads where client_id = any($1)";

    private readonly NpgsqlBatch _batch;

    // What each command's rows are for; null: it returns nothing of interest.
    private readonly List<Action<NpgsqlDataReader>?> _readers = [];
    private readonly Dictionary<Guid, (string MetadataJson, DateTimeOffset? ExpiresAt)> _events = [];
    private readonly Dictionary<Guid, string> _facts = [];
    private readonly HashSet<Guid> _removed = [];
    private readonly Dictionary<string, long> _versions = [];

    private SessionCommitBatch(NpgsqlConnection connection) => _batch = new NpgsqlBatch(connection);

    /// <summary>Sends the commits of several sessions, all or none, provided each session has the expected version.</summary>
    /// <param name="connection">Open; a transaction that has begun on it goes on.</param>
    /// <param name="parts">At least one, in the order of client ids, which is the order of locks.</param>
    /// <param name="lockTimeout">How long it waits for each lock, as Postgres reads it; null: as the connection says.</param>
    /// <returns>What each did, in the same order.</returns>
    /// <exception cref="PostgresException">Nothing was written; SQLSTATE PM001: a session has another version.</exception>
    public static async Task<SessionCommitted[]> SendAsync(NpgsqlConnection connection, IReadOnlyList<SessionPart> parts, string? lockTimeout = null)
    {
        await using var batch = new SessionCommitBatch(connection);
        batch.Fill(parts, lockTimeout);
        await batch.ExecuteAsync();
        return [.. parts.Select(batch.Outcome)];
    }

    /// <summary>Takes the locks of facts before anything else of a transaction.</summary>
    public static async Task LockFactsAsync(NpgsqlConnection connection, ImmutableArray<FactChange> facts)
    {
        if (!facts.IsEmpty)
        {
            await using var batch = new NpgsqlBatch(connection);
            foreach (var command in FactCommands.Lock(facts))
            {
                batch.BatchCommands.Add(command);
            }

            await batch.ExecuteNonQueryAsync();
        }
    }

    public ValueTask DisposeAsync() => _batch.DisposeAsync();

    private void Fill(IReadOnlyList<SessionPart> parts, string? lockTimeout)
    {
        // Locks in the order in which SQL of other writers takes them: subject, facts, head.
        var facts = parts.SelectMany(part => part.Commit.Facts.Select(change => new SessionFact(part, change))).ToArray();
        if (facts.Length > 0)
        {
            if (lockTimeout is not null)
            {
                Add(new NpgsqlBatchCommand(SetLockTimeout) { Parameters = { new NpgsqlParameter<string> { TypedValue = lockTimeout } } });
            }

            foreach (var command in FactCommands.Lock([.. facts.Select(fact => fact.Change)]))
            {
                Add(command);
            }
        }

        Add(EventCommands.Commit(parts, lockTimeout));
        foreach (var part in parts.Where(part => !part.Commit.Removed.IsEmpty))
        {
            Add(EventCommands.Delete(part), row => _removed.Add(row.GetGuid(0)));
        }

        foreach (var command in FactCommands.Write(facts))
        {
            Add(command);
        }

        var kept = parts.SelectMany(part => part.Commit.Kept.Select(k => new KeptWrite(part.OwnerId, k.Key, k.Body, part.Commit.Instant))).ToArray();
        if (kept.Length > 0)
        {
            Add(KeptAnswers.Keep(kept));
        }

        AddReads(parts, facts);
    }

    // What a restart would read, where that is not what was sent.
    private void AddReads(IReadOnlyList<SessionPart> parts, SessionFact[] facts)
    {
        if (Ids(parts.SelectMany(part => part.Commit.Added).Where(e => !EventCommands.IsStoredAsSent(e)).Select(e => e.Id)) is { } events)
        {
            Add(EventCommands.Select(events), row =>
            {
                var (id, metadata, expiresAt) = EventCommands.ReadStored(row);
                _events[id] = (metadata, expiresAt);
            });
        }

        if (Ids(facts.Select(fact => fact.Change.Added).Where(fact => fact is { MetadataJson: not "{}" }).Select(fact => fact!.Id)) is { } added)
        {
            Add(FactCommands.SelectStored(added), row => _facts[row.GetGuid(0)] = row.GetString(1));
        }

        // Deletions are logged by triggers, which move the heads further.
        var moved = parts.Where(part => part.Commit.Deletes).Select(part => part.ClientId).ToArray();
        if (moved.Length > 0)
        {
            Add(new NpgsqlBatchCommand(SelectVersions) { Parameters = { new NpgsqlParameter<string[]> { TypedValue = moved } } },
                row => _versions[row.GetString(0)] = row.GetInt64(1));
        }

        static Guid[]? Ids(IEnumerable<Guid> ids) => ids.ToArray() is { Length: > 0 } some ? some : null;
    }

    private async Task ExecuteAsync()
    {
        await using var reader = await _batch.ExecuteReaderAsync();
        // One result per command, in their order. They count only once the Sync at the batch's end is confirmed, hence to the very end.
        var command = 0;
        do
        {
            while (command < _readers.Count && _readers[command] is { } read && await reader.ReadAsync())
            {
                read(reader);
            }

            command++;
        }
        while (await reader.NextResultAsync());
    }

    private SessionCommitted Outcome(SessionPart part) => new(
        _versions.GetValueOrDefault(part.ClientId, part.Version),
        _events.Count == 0 ? part.Commit.Added : [.. part.Commit.Added.Select(StoredEvent)],
        [.. part.Commit.Removed.Where(_removed.Contains)],
        _facts.Count == 0 ? part.Commit.Facts : [.. part.Commit.Facts.Select(StoredFact)]);

    private EventRecord StoredEvent(EventRecord sent) =>
        _events.TryGetValue(sent.Id, out var stored) ? sent with { MetadataJson = stored.MetadataJson, ExpiresAt = stored.ExpiresAt } : sent;

    private FactChange StoredFact(FactChange sent) =>
        sent.Added is { } added && _facts.TryGetValue(added.Id, out var metadata) ? sent with { Added = added with { MetadataJson = metadata } } : sent;

    private void Add(NpgsqlBatchCommand command, Action<NpgsqlDataReader>? read = null)
    {
        _batch.BatchCommands.Add(command);
        _readers.Add(read);
    }
}
