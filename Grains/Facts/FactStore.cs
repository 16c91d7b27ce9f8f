using System.Collections.Immutable;
using System.Data;
using Actors.Retention;
using Actors.Sessions;
using Actors.Storage;
using Npgsql;

namespace Actors.Facts;

/// <summary>
/// What <see cref="FactSubjectGrain"/> and <see cref="SharedFacts"/> read. What a subject writes is committed by its client's
/// session.
/// </summary>
internal sealed class FactStore(Database database)
{
    private const string SelectVersion = "select version from session_heads where client_id = $1";

    private const string SelectHorizon = $"select {RetentionHorizon.Columns} from session_heads where client_id = $1";

    // Open and planned facts all; of those that ended, the latest.
    private const string SelectSubject =
        $"""
        select {FactRow.Columns} from facts f
        where f.subject_type = $1 and f.subject_id = $2 and f.client_id is not distinct from $3
        order by f.valid_to desc nulls first, f.id limit $4
        """;

    private const string SelectLatestTime =
        """
        select greatest(
                   (select max(greatest(recorded_at, case when valid_from <= recorded_at then valid_from end))
                    from facts where subject_type = $1 and subject_id = $2 and client_id is not distinct from $3),
                   (select max(retracted_at)
                    from fact_versions where subject_type = $1 and subject_id = $2 and client_id is not distinct from $3)),
               exists (select from graph_nodes
                       where subject_type = $1 and subject_id = $2 and client_id is not distinct from $3)
        """;

    private const string SelectFact =
        $"""
        (select {FactRow.Columns} from facts f
         where f.id = $4 and f.subject_type = $1 and f.subject_id = $2 and f.client_id is not distinct from $3)
        union all
        (select {FactRow.VersionColumns} from fact_versions v
         where v.fact_id = $4 and v.subject_type = $1 and v.subject_id = $2 and v.client_id is not distinct from $3
         order by v.recorded_at desc limit 1)
        limit 1
        """;

    private const string SelectKey =
        $"""
        select {FactRow.Columns} from facts f
        where f.subject_type = $1 and f.subject_id = $2 and f.client_id is not distinct from $3
          and f.fact_type = $4 and f.fact_key = $5
          and (f.valid_to is null or f.valid_to > $6)
        order by f.valid_from limit 2
        """;

    private const string SelectPredecessor =
        $"""
        select {FactRow.Columns} from facts f
        where f.subject_type = $1 and f.subject_id = $2 and f.client_id is not distinct from $3 and f.superseded_by = $4
        order by f.valid_to desc nulls first limit 1
        """;

    private const string SelectLatestProof =
        "select max(e.occurred_at) from fact_sources s join events e on e.id = s.event_id where s.fact_id = any($1)";

    // Follows the changes from a fact on, retracted facts included: first the believed one that holds at a time, else the last believed.
    private const string SelectSuccessor =
        """
        with recursive chain (id, depth) as (
            select $4::uuid, 0
            union all
            select step.superseded_by, chain.depth + 1
            from chain cross join lateral (
                select superseded_by from facts where id = chain.id
                union all
                (select superseded_by from fact_versions where fact_id = chain.id order by recorded_at desc limit 1)
                limit 1) step
            where step.superseded_by is not null and chain.depth < 100000)
        select f.id from chain join facts f on f.id = chain.id
        where chain.depth > 0 and f.subject_type = $1 and f.subject_id = $2 and f.client_id is not distinct from $3
        order by not (f.valid_from <= $5 and (f.valid_to is null or f.valid_to > $5)), chain.depth desc limit 1
        """;

    private const string SelectVersions =
        $"""
        select * from (
            select {FactRow.VersionColumns}, sum({FactRow.VersionCharacters}) over later as characters
            from fact_versions v where v.client_id = $1
            window later as (order by v.retracted_at desc rows between unbounded preceding and 1 preceding)
            order by v.retracted_at desc limit $2) latest
        where characters is null or characters <= $3
        order by retracted_at desc
        """;

    private const string SelectSharedVersions =
        $"""
        select {FactRow.VersionColumns} from fact_versions v where v.client_id is null order by v.retracted_at desc limit $1
        """;

    private const string SelectShared =
        $"select {FactRow.Columns} from facts f where f.client_id is null order by f.created_at desc, f.id desc limit $1";

    private const string SelectSharedChanges =
        $"""
        select changed.row_id, {FactRow.Columns}
        from (select distinct row_id from change_log where client_id = '-' and head_version > $1 and table_name = 'facts') changed
        left join facts f on f.id = changed.row_id and f.client_id is null
        order by f.created_at, f.id
        """;

    /// <summary>What is known about a subject.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<SubjectSnapshot> LoadAsync(FactSubject subject, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async connection =>
            {
                await using var moment = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
                var facts = await ReadAsync(connection, SelectSubject, cancellationToken, [.. Of(subject), limit]);
                await using var latest = Command(connection, SelectLatestTime, Of(subject));
                await using var reader = await latest.ExecuteReaderAsync(cancellationToken);
                await reader.ReadAsync(cancellationToken);
                return new SubjectSnapshot(
                    facts, reader.IsDBNull(0) ? null : reader.GetFieldValue<DateTimeOffset>(0), reader.GetBoolean(1));
            },
            cancellationToken);

    /// <summary>A fact of this subject; a retracted one with the end of its last belief. Null when there never was one.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public async Task<FactRecord?> FindAsync(FactSubject subject, Guid factId, CancellationToken cancellationToken) =>
        (await SelectAsync(SelectFact, cancellationToken, [.. Of(subject), factId])).FirstOrDefault();

    /// <summary>The first two facts of a key that have not ended by a time, ordered by the start of their valid time.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<ImmutableArray<FactRecord>> FindKeyAsync(
        FactSubject subject, string factType, string factKey, DateTimeOffset notEndedBy, CancellationToken cancellationToken) =>
        SelectAsync(SelectKey, cancellationToken, [.. Of(subject), factType, factKey, notEndedBy]);

    /// <summary>When the latest event occurred in which one of these facts was found; null: none was.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public async Task<DateTimeOffset?> FindLatestProofAsync(Guid[] factIds, CancellationToken cancellationToken)
    {
        if (factIds.Length == 0)
        {
            return null;
        }

        return await database.ReadAsync<DateTimeOffset?>(
            async connection =>
            {
                await using var select = Command(connection, SelectLatestProof, [factIds]);
                await using var rows = await select.ExecuteReaderAsync(cancellationToken);
                return await rows.ReadAsync(cancellationToken) ? rows.ValueOrNull<DateTimeOffset>(0) : null;
            },
            cancellationToken);
    }

    /// <summary>Of the facts that replaced a fact one after the other, the one that holds at a time, else the last; null: none is believed.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<Guid?> FindSuccessorAsync(FactSubject subject, Guid factId, DateTimeOffset at, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async connection =>
            {
                await using var select = Command(connection, SelectSuccessor, [.. Of(subject), factId, at]);
                return await select.ExecuteScalarAsync(cancellationToken) as Guid?;
            },
            cancellationToken);

    /// <summary>The fact that a fact replaced by a change, of several the one that ends last; null: none.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public async Task<FactRecord?> FindPredecessorAsync(FactSubject subject, Guid factId, CancellationToken cancellationToken) =>
        (await SelectAsync(SelectPredecessor, cancellationToken, [.. Of(subject), factId])).FirstOrDefault();

    /// <summary>Beliefs of a client's facts that ended, the latest if there are more than the limits allow.</summary>
    /// <param name="clientId">Whose.</param>
    /// <param name="limit">Most beliefs.</param>
    /// <param name="maxCharacters">Most characters of theirs, as <see cref="MemoryTexts.Characters"/> counts them.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public async Task<FactVersions> LoadVersionsAsync(string clientId, int limit, long maxCharacters, CancellationToken cancellationToken)
    {
        // One more than there is room for, so that it is known whether there are more.
        var newestFirst = await SelectAsync(SelectVersions, cancellationToken, clientId, limit + 1L, maxCharacters);
        var kept = 0;
        for (var characters = 0L; kept < Math.Min(limit, newestFirst.Length); kept++)
        {
            characters += MemoryTexts.Characters(newestFirst[kept]);
            if (characters > maxCharacters)
            {
                break;
            }
        }

        return new FactVersions([.. newestFirst.Take(kept).Reverse()], kept == newestFirst.Length);
    }

    /// <summary>Beliefs of shared facts that ended, the latest if there are more than the limit.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public async Task<FactVersions> LoadSharedVersionsAsync(int limit, CancellationToken cancellationToken)
    {
        var newestFirst = await SelectAsync(SelectSharedVersions, cancellationToken, limit + 1L);
        return new FactVersions([.. newestFirst.Take(limit).Reverse()], newestFirst.Length <= limit);
    }

    /// <summary>How often a client's rows were written; 0 when they never were.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<long> ReadVersionAsync(string clientId, CancellationToken cancellationToken) =>
        database.ReadAsync(connection => ReadVersionAsync(connection, clientId, cancellationToken), cancellationToken);

    /// <summary>Shared facts that changed after a version; for a version below 0, or one the change log does not reach back to, all, the newest if there are more than the limit.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<SharedFactChanges> LoadSharedAsync(long afterVersion, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async connection =>
            {
                await using var moment = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
                var version = await ReadVersionAsync(connection, FactSubjectKey.House, cancellationToken);
                var horizon = await ReadHorizonAsync(connection, FactSubjectKey.House, cancellationToken);
                if (afterVersion < 0 || afterVersion < horizon.LogVersion)
                {
                    var newestFirst = await ReadAsync(connection, SelectShared, cancellationToken, limit);
                    return new SharedFactChanges(version, horizon, [.. newestFirst.Reverse()], [], AreAll: true);
                }

                await using var select = Command(connection, SelectSharedChanges, afterVersion);
                await using var reader = await select.ExecuteReaderAsync(cancellationToken);
                var written = ImmutableArray.CreateBuilder<FactRecord>();
                var removed = ImmutableArray.CreateBuilder<Guid>();
                while (await reader.ReadAsync(cancellationToken))
                {
                    if (reader.IsDBNull(1))
                    {
                        removed.Add(reader.GetGuid(0));
                    }
                    else
                    {
                        written.Add(FactRow.Read(reader, 1));
                    }
                }

                return new SharedFactChanges(version, horizon, written.ToImmutable(), removed.ToImmutable(), AreAll: false);
            },
            cancellationToken);

    private Task<ImmutableArray<FactRecord>> SelectAsync(string sql, CancellationToken cancellationToken, params object?[] values) =>
        database.ReadAsync(connection => ReadAsync(connection, sql, cancellationToken, values), cancellationToken);

    private static async Task<ImmutableArray<FactRecord>> ReadAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object?[] values)
    {
        await using var select = Command(connection, sql, values);
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        var facts = ImmutableArray.CreateBuilder<FactRecord>();
        var texts = new SharedTexts();
        while (await reader.ReadAsync(cancellationToken))
        {
            facts.Add(FactRow.Read(reader, texts: texts));
        }

        return facts.ToImmutable();
    }

    private static async Task<long> ReadVersionAsync(NpgsqlConnection connection, string clientId, CancellationToken cancellationToken)
    {
        await using var select = Command(connection, SelectVersion, clientId);
        return await select.ExecuteScalarAsync(cancellationToken) as long? ?? 0;
    }

    private static async Task<RetentionHorizon> ReadHorizonAsync(NpgsqlConnection connection, string clientId, CancellationToken cancellationToken)
    {
        await using var select = Command(connection, SelectHorizon, clientId);
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? RetentionHorizon.Read(reader, 0) : default;
    }

    private static object?[] Of(FactSubject subject) => [subject.Type, subject.Id, subject.ClientId];

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object?[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(value is null
                ? new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text }
                : new NpgsqlParameter { Value = value });
        }

        return command;
    }
}
