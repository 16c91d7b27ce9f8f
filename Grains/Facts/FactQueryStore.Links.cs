using System.Collections.Immutable;
using Actors.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Actors.Facts;

internal sealed partial class FactQueryStore
{
    // The edges at an entity's nodes: one for each client that knows it, and one of the house.
    private static readonly string Edges =
        $"""
        select e.relation, true as is_outgoing, e.client_id, e.to_node_id as node_id, e.fact_id, e.valid_from, e.valid_to, e.created_at
        from graph_nodes n join graph_edges e on e.from_node_id = n.id
        where n.subject_type = $5 and n.subject_id = $6 and {VisibleIn("n")}
        union all
        select e.relation, false, e.client_id, e.from_node_id, e.fact_id, e.valid_from, e.valid_to, e.created_at
        from graph_nodes n join graph_edges e on e.to_node_id = n.id
        where n.subject_type = $5 and n.subject_id = $6 and {VisibleIn("n")}
        """;

    // An edge that was made for a fact belongs to the fact's client and holds while the fact does.
    private static readonly string SelectLinksNow =
        $"""
        with links as (
            select e.relation, e.is_outgoing, n.subject_type, n.subject_id, e.fact_id,
                   case when f.id is null then e.client_id else f.client_id end as client_id,
                   case when f.id is null then e.valid_from else f.valid_from end as valid_from,
                   case when f.id is null then e.valid_to else f.valid_to end as valid_to,
                   coalesce(f.recorded_at, e.created_at) as recorded_at
            from ({Edges}) e join graph_nodes n on n.id = e.node_id left join facts f on f.id = e.fact_id
            where {VisibleIn("n")}
        )
        {SelectLinks}
        """;

    // The graph is that of now: of the past, facts tell themselves what they named, and an edge of an operator has no history.
    private static readonly string SelectLinksThen =
        $"""
        with links as (
            select r.relation, true as is_outgoing, r.subject_type, r.subject_id, f.id as fact_id, f.client_id, f.valid_from, f.valid_to, f.recorded_at
            from {BelievedThen} f cross join lateral {Relations} r
            where f.subject_type = $5 and f.subject_id = $6
            union all
            select r.relation, false, f.subject_type, f.subject_id, f.id, f.client_id, f.valid_from, f.valid_to, f.recorded_at
            from {BelievedThen} f cross join lateral {Relations} r
            where {IsVisible} and r.subject_type = $5 and r.subject_id = $6
              and f.metadata @> jsonb_build_object('relations', jsonb_build_array(jsonb_build_object('subject_type', $5, 'subject_id', $6)))
            union all
            select e.relation, e.is_outgoing, n.subject_type, n.subject_id, null, e.client_id, e.valid_from, e.valid_to, e.created_at
            from ({Edges}) e join graph_nodes n on n.id = e.node_id
            where e.fact_id is null and e.created_at <= $2 and {VisibleIn("n")}
        )
        {SelectLinks}
        """;

    private const string SelectLinks =
        $"""
        select distinct f.relation collate "C", f.is_outgoing, f.client_id, f.subject_type collate "C", f.subject_id collate "C", f.fact_id,
               f.valid_from, f.valid_to
        from links f where {IsVisible} and {Holds}
        order by 1, 4, 5, 2 desc, 3, 6, 7
        limit $7
        """;

    // The API checks what it stores; what came by SQL may have any form.
    private const string Relations =
        """
        (select e ->> 'relation' as relation, e ->> 'subject_type' as subject_type, e ->> 'subject_id' as subject_id
         from jsonb_array_elements(case jsonb_typeof(f.metadata -> 'relations') when 'array' then f.metadata -> 'relations' end) as named (e)
         where jsonb_typeof(e -> 'relation') = 'string' and jsonb_typeof(e -> 'subject_type') = 'string'
           and jsonb_typeof(e -> 'subject_id') = 'string')
        """;

    /// <summary>The entities that an entity is linked to, each link once, by relation, type and id, up to the limit.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<ImmutableArray<FactLink>> LinksAsync(FactLinksRequest request, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async connection =>
            {
                await using var select = new NpgsqlCommand(request.KnownAt is null ? SelectLinksNow : SelectLinksThen, connection);
                AddClients(select, request.Visibility);
                AddTime(select, request.KnownAt);
                AddTime(select, request.AsOf);
                AddTime(select, now);
                Add(select, NpgsqlDbType.Text, request.SubjectType);
                Add(select, NpgsqlDbType.Text, request.SubjectId);
                Add(select, NpgsqlDbType.Integer, request.Limit);
                await using var reader = await select.ExecuteReaderAsync(cancellationToken);
                var links = ImmutableArray.CreateBuilder<FactLink>();
                while (await reader.ReadAsync(cancellationToken))
                {
                    links.Add(new FactLink(
                        reader.GetString(0),
                        reader.GetBoolean(1),
                        FactRow.TextOrNull(reader, 2),
                        reader.GetString(3),
                        reader.GetString(4),
                        FactRow.IdOrNull(reader, 5),
                        reader.GetFieldValue<DateTimeOffset>(6),
                        FactRow.TimeOrNull(reader, 7)));
                }

                return links.ToImmutable();
            },
            cancellationToken);

    private static string VisibleIn(string alias) => IsVisible.Replace("f.", $"{alias}.", StringComparison.Ordinal);
}
