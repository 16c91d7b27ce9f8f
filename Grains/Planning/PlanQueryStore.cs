using System.Collections.Immutable;
using Actors.Access;
using Actors.Storage;
using static Actors.Storage.SqlValues;

namespace Actors.Planning;

/// <summary>The SQL of <see cref="PlanQueryGrain"/>, and the past plans a new one looks at.</summary>
/// <remarks>Every method throws <see cref="StorageUnavailableException"/> when Postgres cannot be reached.</remarks>
internal sealed class PlanQueryStore(Database database)
{
    private const string IsVisible = "($1::text[] is null or p.client_id = any ($1))";

    private const string SelectOne = $"select {PlanRow.Columns} from plans p where {IsVisible} and p.id = $2";

    // Ids are ordered by the time they were made.
    private const string SelectPage =
        $"""
        select {PlanRow.Columns} from plans p
        where {IsVisible} and ($2::text is null or p.client_id = $2) and ($3::text is null or p.status = $3)
          and ($4::text is null or p.engagement_id = $4) and ($5::uuid is null or p.workflow_id = $5) and ($6::uuid is null or p.id < $6)
        order by p.id desc limit $7
        """;

    private const string SelectPast =
        """
        select title, intent, status, created_at from plans
        where client_id is not distinct from $1 and status not in ('cancelled', 'archived')
        order by created_at desc, id desc limit $2
        """;

    /// <summary>A visible plan; null when there is none of that id.</summary>
    public async Task<PlanRecord?> FindAsync(Guid planId, ClientVisibility visibility, CancellationToken cancellationToken) =>
        (await database.SelectAsync(SelectOne, PlanRow.Read, cancellationToken, Texts(visibility.ClientIds), Uuid(planId))).SingleOrDefault();

    /// <summary>One page of plans.</summary>
    public async Task<PlanPage> ListAsync(PlanListRequest request, CancellationToken cancellationToken)
    {
        var plans = await database.SelectAsync(
            SelectPage, PlanRow.Read, cancellationToken, Texts(request.Visibility.ClientIds), Text(request.ClientId),
            Text(request.Status is { } status ? PlanStatusNames.Of(status) : null), Text(request.EngagementId), Uuid(request.WorkflowId), Uuid(request.After),
            Integer(request.Limit + 1));
        return new PlanPage([.. plans.Take(request.Limit)], plans.Length > request.Limit);
    }

    /// <summary>The newest plans of a client, or of the house, that were neither given up nor put away.</summary>
    public Task<ImmutableArray<PastPlan>> PastAsync(string? clientId, int limit, CancellationToken cancellationToken) => database.SelectAsync(
        SelectPast,
        static reader => new PastPlan(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(3)),
        cancellationToken, Text(clientId), Integer(limit));
}
