using System.Collections.Immutable;
using Actors.Access;
using Actors.Storage;
using Npgsql;
using static Actors.Storage.SqlValues;

namespace Actors.Planning;

/// <summary>The SQL of <see cref="PlanQueryGrain"/>, and the past plans a new one looks at.</summary>
/// <remarks>Every method throws <see cref="StorageUnavailableException"/> when Postgres cannot be reached.</remarks>
internal sealed class PlanQueryStore(Database database)
{
    private const string IsVisible = "($1::text[] is null or p.client_id = any ($1))";

    private const string SelectOne = $"select {PlanRow.Columns} from plans p where {IsVisible} and p.id = $2";

    // Ids are ordered by the time they were made. What an operator wrote may be of any length.
    private const string SelectPage =
        $"""
        select p.id, p.client_id, left(p.title, {MaxText}), left(p.intent, {MaxText}), left(p.engagement_id, {MaxText}), p.workflow_id, p.process_template_id,
               p.status, p.written_by, coalesce(steps.count, 0)::integer, readable(steps.hours), p.tasks_created_at, p.created_at, p.updated_at
          from plans p
          left join lateral (
            select count(*), sum(case when jsonb_typeof(step -> 'estimated_hours') = 'number' then greatest((step ->> 'estimated_hours')::numeric, 0) end) as hours
              from jsonb_array_elements(case when jsonb_typeof(p.sop -> 'checklist') = 'array' then p.sop -> 'checklist' else '[]' end) as step) steps on true
         where {IsVisible} and ($2::text is null or p.client_id = $2) and ($3::text is null or p.status = $3)
           and ($4::text is null or p.engagement_id = $4) and ($5::uuid is null or p.workflow_id = $5) and ($6::uuid is null or p.id < $6)
         order by p.id desc limit $7
        """;

    private const string MaxText = "4096";

    private const string SelectPast =
        """
        select title, intent, status, created_at from plans
        where (client_id = $1 or ($1::text is null and client_id is null)) and status not in ('cancelled', 'archived')
        order by created_at desc, id desc limit $2
        """;

    /// <summary>A visible plan; null when there is none of that id.</summary>
    public async Task<PlanRecord?> FindAsync(Guid planId, ClientVisibility visibility, CancellationToken cancellationToken) =>
        (await database.SelectAsync(SelectOne, PlanRow.Read, cancellationToken, Texts(visibility.ClientIds), Uuid(planId))).SingleOrDefault();

    /// <summary>One page of plans.</summary>
    public async Task<PlanPage> ListAsync(PlanListRequest request, CancellationToken cancellationToken)
    {
        var (rows, hasMore) = await database.SelectPageAsync(
            SelectPage, ReadSummary, plan => plan.Intent.Length, request.Limit, cancellationToken, Texts(request.Visibility.ClientIds), Text(request.ClientId),
            Text(request.Status is { } status ? PlanStatusNames.Of(status) : null), Text(request.EngagementId), Uuid(request.WorkflowId), Uuid(request.After),
            Integer(request.Limit + 1));
        return new PlanPage(rows, hasMore);
    }

    /// <summary>The newest plans of a client, or of the house, that were neither given up nor put away.</summary>
    public Task<ImmutableArray<PastPlan>> PastAsync(string? clientId, int limit, CancellationToken cancellationToken) => database.SelectAsync(
        SelectPast,
        static reader => new PastPlan(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(3)),
        cancellationToken, Text(clientId), Integer(limit));

    private static PlanSummary ReadSummary(NpgsqlDataReader reader) => new(
        reader.GetGuid(0),
        reader.TextOrNull(1),
        reader.GetString(2),
        reader.GetString(3),
        reader.TextOrNull(4),
        reader.ValueOrNull<Guid>(5),
        reader.ValueOrNull<Guid>(6),
        PlanRow.StatusOf(reader.GetString(7)),
        reader.GetString(8),
        reader.GetInt32(9),
        reader.ValueOrNull<decimal>(10),
        reader.ValueOrNull<DateTimeOffset>(11),
        reader.GetFieldValue<DateTimeOffset>(12),
        reader.GetFieldValue<DateTimeOffset>(13));
}
