using Actors.Retention;
using Actors.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Actors.Sessions;

/// <summary>The SQL of <see cref="EventQueryGrain"/>.</summary>
internal sealed class EventQueryStore(Database database)
{
    private const string SelectClient = "select client_id from events where id = $1";

    private const string SelectPage =
        $"""
        select {EventRow.Columns} from {EventRow.Source}
        where e.client_id = $1
          and ($2::text is null or e.memory_scope = $2)
          and ($3::timestamptz is null or e.occurred_at >= $3)
          and ($4::timestamptz is null or e.occurred_at < $4)
          and ($5::double precision is null or e.salience_score >= $5)
          and ($6::timestamptz is null
               or coalesce(least(e.expires_at, case when e.memory_scope = 'run' then r.ended_at end), 'infinity') > $6)
          and (e.created_at, e.id) < ($7, $8)
          and ($10::timestamptz is null or e.occurred_at <= $10)
          and ($11::timestamptz is null or e.created_at <= $11)
        order by e.created_at desc, e.id desc
        limit $9
        """;

    private const string SelectHorizon = $"select {RetentionHorizon.Columns} from session_heads where client_id = $1";

    // Large memories make short pages.
    private const int MaxPageCharacters = 8 * 1024 * 1024;

    // Later than any event: the first page starts there.
    private static readonly RowPosition Newest = new(new DateTimeOffset(9998, 12, 31, 0, 0, 0, TimeSpan.Zero), Guid.Empty);

    /// <summary>Whose event this is; null: nobody's.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<string?> FindClientAsync(Guid eventId, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async connection =>
            {
                await using var select = new NpgsqlCommand(SelectClient, connection);
                select.Parameters.Add(new() { Value = eventId });
                return await select.ExecuteScalarAsync(cancellationToken) as string;
            },
            cancellationToken);

    /// <summary>One page, newest first: up to the limit, or to where it holds 8,388,608 characters.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<EventPage> ListAsync(EventListRequest request, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async connection =>
            {
                var page = await ReadPageAsync(connection, request, now, cancellationToken);
                // Afterwards: what is deleted meanwhile may be missing from the page.
                return page with { ReachesBehindRetention = await ReachesBehindRetentionAsync(connection, request, cancellationToken) };
            },
            cancellationToken);

    private static async Task<bool> ReachesBehindRetentionAsync(NpgsqlConnection connection, EventListRequest request, CancellationToken cancellationToken)
    {
        if (request.AsOf is null && !request.IncludeExpired)
        {
            return false;
        }

        await using var select = new NpgsqlCommand(SelectHorizon, connection);
        select.Parameters.Add(new() { Value = request.ClientId });
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return false;
        }

        // What occurred after the last end that is gone is all there, expired or not.
        var horizon = RetentionHorizon.Read(reader, 0);
        return horizon.Hides(request.IncludeExpired ? request.From ?? DateTimeOffset.MinValue : request.AsOf, null);
    }

    private static async Task<EventPage> ReadPageAsync(
        NpgsqlConnection connection, EventListRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var select = new NpgsqlCommand(SelectPage, connection);
        Add(select, NpgsqlDbType.Text, request.ClientId);
        Add(select, NpgsqlDbType.Text, request.Scope is { } scope ? MemoryNames.Of(scope) : null);
        Add(select, NpgsqlDbType.TimestampTz, request.From?.ToUniversalTime());
        Add(select, NpgsqlDbType.TimestampTz, request.To?.ToUniversalTime());
        Add(select, NpgsqlDbType.Double, request.MinSalience);
        Add(select, NpgsqlDbType.TimestampTz, request.IncludeExpired ? null : (request.AsOf ?? now).ToUniversalTime());
        var after = request.After ?? Newest;
        Add(select, NpgsqlDbType.TimestampTz, after.CreatedAt.ToUniversalTime());
        Add(select, NpgsqlDbType.Uuid, after.Id);
        Add(select, NpgsqlDbType.Integer, request.Limit + 1);
        Add(select, NpgsqlDbType.TimestampTz, request.AsOf?.ToUniversalTime());
        Add(select, NpgsqlDbType.TimestampTz, request.KnownAt?.ToUniversalTime());
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        var events = new List<EventRecord>(request.Limit);
        var characters = 0L;
        while (await reader.ReadAsync(cancellationToken))
        {
            if (events.Count == request.Limit || characters >= MaxPageCharacters)
            {
                return new EventPage([.. events], new RowPosition(events[^1].CreatedAt, events[^1].Id));
            }

            events.Add(EventRow.Read(reader));
            characters += events[^1].Content.Length + events[^1].MetadataJson.Length;
        }

        return new EventPage([.. events], null);
    }

    private static void Add(NpgsqlCommand command, NpgsqlDbType type, object? value) =>
        command.Parameters.Add(new() { NpgsqlDbType = type, Value = value ?? DBNull.Value });
}
