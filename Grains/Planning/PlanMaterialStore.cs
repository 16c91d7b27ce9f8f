using System.Collections.Immutable;
using Actors.Access;
using Actors.Patterns;
using Actors.Runs;
using Actors.Storage;
using Npgsql;
using static Actors.Storage.SqlValues;

namespace Actors.Planning;

/// <summary>The SQL of <see cref="PlanMaterialSource"/>: the catalogue as a plan needs it, and completed runs to learn from.</summary>
/// <remarks>Every method throws <see cref="StorageUnavailableException"/> when Postgres cannot be reached.</remarks>
internal sealed class PlanMaterialStore(Database database)
{
    private const string SelectActive = $"select {PatternRow.WorkflowColumns} from workflows where status = 'active' order by id desc limit $1";

    // The workflow itself may be of any status, since it was named; parts that are retired are no parts. Parts follow their whole, in the
    // order they were made.
    private const string SelectParts =
        $"""
        with recursive part (id, path) as (
            select id, array[id] from workflows where id = $1
            union all
            select w.id, part.path || w.id from workflows w join part on w.parent_workflow_id = part.id
             where w.status = 'active' and not w.id = any (part.path) and cardinality(part.path) < {MaxLevels})
        select {PatternRow.WorkflowColumns} from workflows join part using (id) order by part.path limit $2
        """;

    // Parts of parts of parts; beyond it something is wrong.
    private const string MaxLevels = "50";

    private const string SelectEraseEpoch = "select coalesce((select erase_epoch from session_heads where client_id = coalesce($1, '-')), 0)";

    private const string SelectTemplate =
        $"""
        select {PatternRow.TemplateColumns} from process_templates
        where engagement_id = $1 and status = 'active'
          and (project_id is null or exists (select from projects where projects.id = project_id and client_id is not distinct from $3))
          and workflow_id in (select id from workflows where coalesce(origin_id, id) = (select coalesce(origin_id, id) from workflows where id = $2))
        order by id desc limit 1
        """;

    // Only the newest are looked at closer. A run by SQL may name its template alone, and have no steps: those it would have begun with are its.
    private const string SelectRuns =
        $"""
        select family.id, readable(run.actual_hours), step.numbers, step.titles, step.estimated, step.actual
          from unnest($2) as family (id)
         cross join lateral (
            select r.id, r.process_template_id, r.workflow_id, r.actual_hours, r.ended_at from (
                ({CompletedRuns} and r.workflow_id in (select id from workflows where id = family.id or origin_id = family.id) {NewestRuns})
                union all
                ({CompletedRuns} and r.workflow_id is null and r.process_template_id in (
                    select id from process_templates where workflow_id in (select id from workflows where id = family.id or origin_id = family.id)) {NewestRuns})) r
            {NewestRuns}) run
         cross join lateral (
            select coalesce(array_agg(s.step_number order by s.step_number), array[]::integer[]) as numbers, coalesce(array_agg(s.title order by s.step_number), array[]::text[]) as titles,
                   coalesce(array_agg(readable(s.estimated_hours) order by s.step_number), array[]::numeric[]) as estimated,
                   coalesce(array_agg(readable(s.actual_hours) order by s.step_number), array[]::numeric[]) as actual
              from (select step_number, title, estimated_hours, actual_hours from run_steps where run_id = run.id
                    union all
                    select step_number, title, estimated_hours, null from steps_to_run(run.process_template_id, run.workflow_id)
                     where not exists (select from run_steps where run_id = run.id)) s) step
        """;

    private const string CompletedRuns = "select r.* from execution_runs r where r.status = 'completed' and ($1::text[] is null or r.client_id = any ($1))";

    private const string NewestRuns = "order by r.ended_at desc nulls last, r.id desc limit $3";

    /// <summary>How often a client was erased so far.</summary>
    public async Task<long> ReadEraseEpochAsync(string? clientId, CancellationToken cancellationToken) =>
        (await database.SelectAsync(SelectEraseEpoch, row => row.GetInt64(0), cancellationToken, Text(clientId)))[0];

    /// <summary>The newest workflows that are to be used.</summary>
    public Task<ImmutableArray<WorkflowRecord>> ActiveWorkflowsAsync(int limit, CancellationToken cancellationToken) =>
        database.SelectAsync(SelectActive, PatternRow.ReadWorkflow, cancellationToken, Integer(limit));

    /// <summary>A workflow and its parts, and theirs, each after its whole; empty when there is none of that id.</summary>
    public Task<ImmutableArray<WorkflowRecord>> WithPartsAsync(Guid workflowId, int limit, CancellationToken cancellationToken) =>
        database.SelectAsync(SelectParts, PatternRow.ReadWorkflow, cancellationToken, Uuid(workflowId), Integer(limit));

    /// <summary>The newest active checklist of an engagement that was made of a workflow, whichever version, and is in no other client's project; null when there is none.</summary>
    public async Task<TemplateRecord?> FindTemplateAsync(string engagementId, Guid workflowId, string? clientId, CancellationToken cancellationToken) =>
        (await database.SelectAsync(SelectTemplate, PatternRow.ReadTemplate, cancellationToken, Text(engagementId), Uuid(workflowId), Text(clientId))).SingleOrDefault();

    /// <summary>The newest completed runs of workflows, whichever version they went by.</summary>
    /// <param name="originIds">First versions of the workflows.</param>
    /// <param name="visibility">Whose runs.</param>
    /// <param name="limit">Most runs of one workflow.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public Task<ImmutableArray<CompletedRun>> CompletedRunsAsync(
        ImmutableArray<Guid> originIds, ClientVisibility visibility, int limit, CancellationToken cancellationToken) =>
        database.SelectAsync(SelectRuns, ReadRun, cancellationToken, Texts(visibility.ClientIds), Uuids(originIds), Integer(limit));

    private static CompletedRun ReadRun(NpgsqlDataReader reader)
    {
        var (numbers, titles) = (reader.GetFieldValue<int[]>(2), reader.GetFieldValue<string[]>(3));
        var (estimated, actual) = (reader.GetFieldValue<decimal?[]>(4), reader.GetFieldValue<decimal?[]>(5));
        return new CompletedRun(
            reader.GetGuid(0), reader.GetDecimal(1), [.. numbers.Select((number, i) => new RunStep(number, titles[i], estimated[i], actual[i]))]);
    }
}
