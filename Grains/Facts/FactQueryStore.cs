using Actors.Access;
using Actors.Retention;
using Actors.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Actors.Facts;

/// <summary>
/// The SQL of <see cref="FactQueryGrain"/>. $1 is whose facts are visible beside the shared ones (null: all), and $2 of
/// <see cref="BelievedThen"/> the transaction time.
/// </summary>
internal sealed partial class FactQueryStore(Database database)
{
    private const string BelievedNow = $"(select id, {Rest}, null::timestamptz as retracted_at from facts)";

    private const string StillBelieved = $"(select id, {Rest}, null::timestamptz as retracted_at from facts where recorded_at <= $2)";

    private const string NoLongerBelieved =
        $"(select fact_id as id, {Rest}, retracted_at from fact_versions where recorded_at <= $2 and retracted_at > $2)";

    private const string BelievedThen = $"({StillBelieved} union all {NoLongerBelieved})";

    private const string EverBelieved =
        $"""
        (select id, {Rest}, null::timestamptz as retracted_at, null as operation, null as actor, null as reason from facts
         union all
         select fact_id, {Rest}, retracted_at, operation, actor, reason from fact_versions)
        """;

    // Metadata is printed by the outermost select, for no more rows than the answer has.
    private const string Rest =
        """
        client_id, subject_type, subject_id, fact_type, content, salience_score, category, fact_key, valid_from, valid_to,
        metadata, zep_fact_id, superseded_by, created_at, recorded_at
        """;

    private const string IsVisible = "($1::text[] is null or f.client_id is null or f.client_id = any ($1))";

    private const string SelectSubject =
        """
        select client_id, subject_type, subject_id from facts where id = $1
        union all
        (select client_id, subject_type, subject_id from fact_versions
         where fact_id = $1 and not exists (select from facts where id = $1)
         order by recorded_at desc limit 1)
        """;

    // Of all whose beliefs may be among the answer's, the one whose past reaches back least.
    private const string SelectHorizon =
        """
        select max(versions_purged_to) from session_heads where $1::text[] is null or client_id = any ($1) or client_id = '-'
        """;

    private const string SelectOneNow = $"select {FactRow.BeliefColumns}, {ProofCount} from {BelievedNow} f where f.id = $3 and {IsVisible}";
    private const string SelectOneThen = $"select {FactRow.BeliefColumns}, {ProofCount} from {BelievedThen} f where f.id = $3 and {IsVisible}";

    /// <summary>Which subject a fact belongs to, or belonged to when it was retracted; null: there never was such a fact.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<FactSubject?> FindSubjectAsync(Guid factId, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async connection =>
            {
                await using var select = new NpgsqlCommand(SelectSubject, connection);
                Add(select, NpgsqlDbType.Uuid, factId);
                await using var reader = await select.ExecuteReaderAsync(cancellationToken);
                return await reader.ReadAsync(cancellationToken)
                    ? new FactSubject(FactRow.TextOrNull(reader, 0), reader.GetString(1), reader.GetString(2))
                    : null;
            },
            cancellationToken);

    /// <summary>One fact as it was believed then, if the client it belonged to then is visible.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<KnownFact?> FindAsync(Guid factId, ClientVisibility visibility, DateTimeOffset? knownAt, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async connection =>
            {
                await using var select = new NpgsqlCommand(knownAt is null ? SelectOneNow : SelectOneThen, connection);
                AddClients(select, visibility);
                AddTime(select, knownAt);
                Add(select, NpgsqlDbType.Uuid, factId);
                await using var reader = await select.ExecuteReaderAsync(cancellationToken);
                return await reader.ReadAsync(cancellationToken) ? new KnownFact(FactRow.Read(reader), reader.GetInt32(FactRow.ColumnCount)) : null;
            },
            cancellationToken);

    private static async Task<bool> ReachesBehindRetentionAsync(
        NpgsqlConnection connection, ClientVisibility visibility, DateTimeOffset? knownAt, CancellationToken cancellationToken)
    {
        if (knownAt is null)
        {
            return false;
        }

        await using var select = new NpgsqlCommand(SelectHorizon, connection);
        AddClients(select, visibility);
        var purgedTo = await select.ExecuteScalarAsync(cancellationToken) is DateTime time ? new DateTimeOffset(time) : (DateTimeOffset?)null;
        return new RetentionHorizon(null, purgedTo, 0).Hides(null, knownAt);
    }

    private static void AddClients(NpgsqlCommand command, ClientVisibility visibility) =>
        Add(command, NpgsqlDbType.Array | NpgsqlDbType.Text, visibility.ClientIds.IsDefault ? null : visibility.ClientIds.ToArray());

    private static void AddTime(NpgsqlCommand command, DateTimeOffset? time) =>
        Add(command, NpgsqlDbType.TimestampTz, time?.ToUniversalTime());

    private static void Add(NpgsqlCommand command, NpgsqlDbType type, object? value) =>
        command.Parameters.Add(new() { NpgsqlDbType = type, Value = value ?? DBNull.Value });
}
