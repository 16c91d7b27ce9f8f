using System.Collections.Immutable;
using Actors.Access;
using Actors.Storage;
using static Actors.Storage.SqlValues;

namespace Actors.Runs;

/// <summary>The SQL of <see cref="RunQueryGrain"/>.</summary>
/// <remarks>Every method throws <see cref="StorageUnavailableException"/> when Postgres cannot be reached.</remarks>
internal sealed class RunQueryStore(Database database)
{
    // Runs of the house are for those who may see all.
    private const string IsVisible = "($1::text[] is null or r.client_id = any ($1))";

    private const string SelectOne = $"select {RunRow.Columns} from execution_runs r where {IsVisible} and r.id = $2";

    private const string SelectByIdentifier =
        $"select {RunRow.Columns} from execution_runs r where {IsVisible} and r.client_id is not distinct from $2 and r.run_identifier = $3";

    private static readonly string SelectNewest = SelectPage("r.created_at desc, r.id desc");

    private static readonly string SelectByVariance = SelectPage("r.variance_pct desc nulls last, r.id desc");

    private static readonly string SelectVariancesByTemplate = SelectVariances("process_templates", "process_template_id");

    private static readonly string SelectVariancesByWorkflow = SelectVariances("workflows", "workflow_id");

    /// <summary>A visible run by its id; null when there is none.</summary>
    public async Task<RunRecord?> FindAsync(Guid runId, ClientVisibility visibility, CancellationToken cancellationToken) =>
        (await database.SelectAsync(SelectOne, RunRow.Read, cancellationToken, Texts(visibility.ClientIds), Uuid(runId))).FirstOrDefault();

    /// <summary>A visible run by what its client calls it; null when there is none.</summary>
    public async Task<RunRecord?> FindByIdentifierAsync(
        string? clientId, string runIdentifier, ClientVisibility visibility, CancellationToken cancellationToken) =>
        (await database.SelectAsync(
            SelectByIdentifier, RunRow.Read, cancellationToken, Texts(visibility.ClientIds), Text(clientId),
            Text(runIdentifier))).FirstOrDefault();

    /// <summary>One page.</summary>
    public async Task<RunPage> ListAsync(RunListRequest request, CancellationToken cancellationToken)
    {
        var (runs, hasMore) = await database.SelectPageAsync(
            request.Order == RunOrder.Newest ? SelectNewest : SelectByVariance, RunRow.Read, run => run.TelemetryJson.Length + run.Steps.Sum(step => step.Title.Length),
            request.Limit, cancellationToken,
            Texts(request.Visibility.ClientIds), Text(request.ClientId),
            Text(request.Status is { } status ? RunStatusNames.Of(status) : null),
            Uuid(request.ProcessTemplateId), Uuid(request.WorkflowId),
            Integer(request.Limit + 1), Integer(request.Skip));
        return new RunPage(runs, hasMore);
    }

    /// <summary>Variances of completed runs, the largest median first.</summary>
    public Task<ImmutableArray<VarianceGroup>> VarianceAsync(VarianceRequest request, CancellationToken cancellationToken) => database.SelectAsync(
        request.Grouping == VarianceGrouping.Template ? SelectVariancesByTemplate : SelectVariancesByWorkflow,
        static reader => new VarianceGroup(
            reader.GetGuid(0), reader.GetString(1), reader.GetInt32(2), reader.ValueOrNull<double>(3), reader.ValueOrNull<double>(4),
            reader.ValueOrNull<double>(5), reader.GetDecimal(6)),
        cancellationToken,
        Texts(request.Visibility.ClientIds), Text(request.ClientId), Integer(VarianceGroup.MaxGroups));

    private static string SelectPage(string order) =>
        $"""
        select {RunRow.Columns} from execution_runs r
        where {IsVisible} and ($2::text is null or r.client_id = $2) and ($3::text is null or r.status = $3)
          and ($4::uuid is null or r.process_template_id = $4) and ($5::uuid is null or r.workflow_id = $5)
        order by {order} limit $6 offset $7
        """;

    private static string SelectVariances(string table, string column) =>
        $"""
        select g.id, g.name, count(*)::integer, avg(readable(r.variance_pct))::double precision,
               percentile_cont(0.5) within group (order by readable(r.variance_pct)::double precision) as median, stddev_samp(readable(r.variance_pct))::double precision,
               percentile_cont(0.5) within group (order by readable(r.actual_hours)::double precision)::numeric
          from execution_runs r join {table} g on g.id = r.{column}
         where {IsVisible} and ($2::text is null or r.client_id = $2) and r.status = 'completed'
         group by g.id, g.name
         order by abs(percentile_cont(0.5) within group (order by readable(r.variance_pct)::double precision)) desc nulls last, g.id
         limit $3
        """;
}
