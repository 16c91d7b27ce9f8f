using System.Collections.Immutable;
using System.Text.Json;
using Actors.Access;
using Actors.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Actors.Facts;

internal sealed partial class FactQueryStore
{
    // A chain is looked for among all that was ever believed about the fact's subject (its subjects, if an operator moved it):
    // successors are not indexed, so that ending a fact stays cheap. "union" follows each link once, also in a circle. A recursive
    // query yields its rows breadth first, so that a limit keeps what is nearest to the fact that was asked for;
    // twice as many as beliefs, since a successor may be one that cannot be seen.
    private const string SelectHistory =
        $"""
        with recursive subjects as (
            select subject_type, subject_id from facts where id = $2
            union
            select subject_type, subject_id from fact_versions where fact_id = $2
        ), links as materialized (
            select f.id, f.superseded_by from subjects join {EverBelieved} f using (subject_type, subject_id)
            where f.superseded_by is not null and {IsVisible}
        ), neighbours as materialized (
            select id, superseded_by as neighbour from links union select superseded_by, id from links
        ), chain as (
            select $2 as id
            union
            select neighbour from chain join neighbours using (id)
        ), nearest as (
            select id, row_number() over () as distance from (select id from chain limit 2 * $3) c
        ), beliefs as (
            select f.*, nearest.distance from nearest join {EverBelieved} f using (id) where {IsVisible}
            order by nearest.distance, f.recorded_at desc
            limit $3
        )
        select {FactRow.BeliefColumns}, f.operation, f.actor, f.reason, {FirstValidFrom}, {Sources}, {ProofCount}
        from beliefs f
        order by f.distance, f.recorded_at desc
        """;

    // How many events say so: a fact that is found in one event twice is no better known by it.
    private const string ProofCount =
        """
        (select count(distinct s.event_id)::integer from fact_sources s join events e on e.id = s.event_id
         where s.fact_id = f.id and ($1::text[] is null or e.client_id is null or e.client_id = any ($1)))
        """;

    private const string FirstValidFrom =
        "coalesce((select v.valid_from from fact_versions v where v.fact_id = f.id order by v.recorded_at limit 1), f.valid_from)";

    private const string Sources =
        """
        array(select json_build_array(s.event_id, s.span_start, s.span_end, s.extractor, s.extractor_version, s.model)::text
              from fact_sources s join events e on e.id = s.event_id
              where s.fact_id = f.id and ($1::text[] is null or e.client_id is null or e.client_id = any ($1))
              order by s.created_at, s.event_id, s.span_start
              limit 1000)
        """;

    // What a history keeps of longer ones: the facts nearest to the one that was asked for, and of a fact the newest beliefs.
    private const int MaxBeliefs = 10_000;

    // A cursor sends as much as was fetched: a statement's answer would be read to its end, however large, once it was begun.
    private const int BeliefsPerFetch = 64;
    private static readonly string FetchHistory = $"fetch {BeliefsPerFetch} from history";

    /// <summary>
    /// All beliefs of a fact and of the chain of changes it belongs to, up to 10,000 beliefs, or to where they hold
    /// 8,388,608 characters. Each belief names at most 1,000 sources.
    /// </summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public async Task<FactHistory?> HistoryAsync(Guid factId, ClientVisibility visibility, CancellationToken cancellationToken)
    {
        if (await FindSubjectAsync(factId, cancellationToken) is not { } subject || !IsVisibleTo(visibility, subject.ClientId))
        {
            return null;
        }

        return await database.ReadAsync(
            async connection =>
            {
                var (beliefs, isTruncated) = await ReadHistoryAsync(connection, factId, visibility, cancellationToken);
                if (beliefs.Count == 0)
                {
                    return null;
                }

                // A belief that is gone ended after its fact, or one after it in the chain, was first known.
                var firstKnown = beliefs.Min(belief => belief.Belief.Fact.CreatedAt);
                return new FactHistory(
                    InOrder(beliefs), isTruncated,
                    await ReachesBehindRetentionAsync(connection, new ClientVisibility(subject.ClientId is { } client ? [client] : []), firstKnown, cancellationToken));
            },
            cancellationToken);
    }

    private static async Task<(List<(DateTimeOffset FirstValidFrom, FactBelief Belief)> Beliefs, bool IsTruncated)> ReadHistoryAsync(
        NpgsqlConnection connection, Guid factId, ClientVisibility visibility, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var declare = new NpgsqlCommand($"declare history no scroll cursor for {SelectHistory}", connection);
        AddClients(declare, visibility);
        Add(declare, NpgsqlDbType.Uuid, factId);
        Add(declare, NpgsqlDbType.Integer, MaxBeliefs + 1);
        await declare.ExecuteNonQueryAsync(cancellationToken);

        var beliefs = new List<(DateTimeOffset, FactBelief)>();
        var characters = 0L;
        for (var fetched = BeliefsPerFetch; fetched == BeliefsPerFetch;)
        {
            await using var fetch = new NpgsqlCommand(FetchHistory, connection);
            await using var reader = await fetch.ExecuteReaderAsync(cancellationToken);
            for (fetched = 0; await reader.ReadAsync(cancellationToken); fetched++)
            {
                if (beliefs.Count == MaxBeliefs || characters >= Database.MaxPageCharacters)
                {
                    return (beliefs, true);
                }

                var fact = FactRow.Read(reader);
                var sources = reader.GetFieldValue<string[]>(FactRow.ColumnCount + 4);
                beliefs.Add((reader.GetFieldValue<DateTimeOffset>(FactRow.ColumnCount + 3), new FactBelief(
                    fact,
                    FactRow.TextOrNull(reader, FactRow.ColumnCount),
                    FactRow.TextOrNull(reader, FactRow.ColumnCount + 1),
                    FactRow.TextOrNull(reader, FactRow.ColumnCount + 2),
                    Supersedes: null,
                    [.. sources.Select(ReadSource)],
                    reader.GetInt32(FactRow.ColumnCount + 5))));
                characters += fact.Content.Length + fact.MetadataJson.Length + sources.Sum(source => source.Length);
            }
        }

        return (beliefs, false);
    }

    // What is believed of predecessors now goes before what was.
    private static ImmutableArray<FactBelief> InOrder(List<(DateTimeOffset FirstValidFrom, FactBelief Belief)> beliefs)
    {
        var predecessors = new Dictionary<Guid, Guid>();
        foreach (var fact in beliefs.Select(b => b.Belief.Fact).OrderByDescending(f => f.RetractedAt is null).ThenByDescending(f => f.RecordedAt))
        {
            if (fact.SupersededBy is { } successor)
            {
                predecessors.TryAdd(successor, fact.Id);
            }
        }

        return
        [
            .. beliefs.OrderBy(b => b.FirstValidFrom).ThenBy(b => b.Belief.Fact.RecordedAt).ThenBy(b => b.Belief.Fact.Id)
                .Select(b => b.Belief with { Supersedes = predecessors.TryGetValue(b.Belief.Fact.Id, out var replaced) ? replaced : null }),
        ];
    }

    private static FactSource ReadSource(string json)
    {
        using var document = JsonDocument.Parse(json);
        var source = document.RootElement;
        return new FactSource(
            source[0].GetGuid(),
            source[1].ValueKind == JsonValueKind.Null ? null : source[1].GetInt32(),
            source[2].ValueKind == JsonValueKind.Null ? null : source[2].GetInt32(),
            source[3].GetString()!,
            source[4].GetString()!,
            source[5].GetString());
    }

    private static bool IsVisibleTo(ClientVisibility visibility, string? clientId) =>
        visibility.ClientIds.IsDefault || clientId is null || visibility.ClientIds.Contains(clientId);
}
