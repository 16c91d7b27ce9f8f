using Actors.Idempotency;
using Actors.Storage;
using Npgsql;
using static Actors.Storage.SqlValues;

namespace Actors.Patterns;

/// <summary>The SQL of <see cref="ProcessTemplateGrain"/>. Each method is one transaction, so all or nothing.</summary>
/// <remarks>
/// Every method throws <see cref="StorageUnavailableException"/>, <see cref="Hosting.WritesSuspendedException"/>,
/// <see cref="OutcomeUnknownException"/>, or <see cref="PatternRefusedException"/> for what the schema refuses.
/// </remarks>
internal sealed class ProcessTemplateStore(Database database)
{
    private const string InsertOfWorkflow =
        $"""
        insert into process_templates (id, name, workflow_id, engagement_id, project_id, checklist, created_at, updated_at)
        select $1, coalesce($5, name), id, $3, $4, steps, $6, $6 from workflows where id = $2
        returning {PatternRow.TemplateColumns}
        """;

    private const string Insert =
        $"""
        insert into process_templates (id, name, workflow_id, engagement_id, project_id, status, checklist, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
        returning {PatternRow.TemplateColumns}
        """;

    private const string Update =
        $"""
        update process_templates set
            name = coalesce($2, name),
            workflow_id = case when $3 then $4 else workflow_id end,
            engagement_id = case when $5 then $6 else engagement_id end,
            project_id = case when $7 then $8 else project_id end,
            status = coalesce($9, status),
            checklist = coalesce($10, checklist)
        where id = $1
        returning {PatternRow.TemplateColumns}
        """;

    private const string Lock = "select from process_templates where id = $1 for update";

    private const string IsUsed =
        """
        select exists (select from execution_runs where process_template_id = $1)
            or exists (select from plans where process_template_id = $1)
        """;

    private const string Delete = "delete from process_templates where id = $1";

    /// <summary>Makes a process template of a workflow, and keeps the answer to its request if that may be repeated.</summary>
    /// <exception cref="PatternNotFoundException">There is no such workflow.</exception>
    public Task<TemplateRecord> InstantiateAsync(Guid templateId, Guid workflowId, NewInstance instance, DateTimeOffset now) => WriteAsync(async connection =>
    {
        var stored = (await connection.QueryAsync(
            InsertOfWorkflow, PatternRow.ReadTemplate, Uuid(templateId), Uuid(workflowId), Text(instance.EngagementId), Uuid(instance.ProjectId), Text(instance.Name),
            Time(now))).SingleOrDefault() ?? throw new PatternNotFoundException();
        await connection.KeepAnswerAsync(instance.IdempotencyKey, clientId: null, stored, KeptAnswerJson.Default.TemplateRecord, now);
        return stored;
    });

    /// <summary>Stores a process template, and with it the answer to its request if that may be repeated.</summary>
    public Task<TemplateRecord> InsertAsync(Guid templateId, NewTemplate template, DateTimeOffset now) => WriteAsync(async connection =>
    {
        var stored = (await connection.QueryAsync(
            Insert, PatternRow.ReadTemplate, Uuid(templateId), Text(template.Name), Uuid(template.WorkflowId), Text(template.EngagementId), Uuid(template.ProjectId),
            Text(template.Status), Jsonb(StepsJson.Write(template.Checklist)), Time(now))).Single();
        await connection.KeepAnswerAsync(template.IdempotencyKey, clientId: null, stored, KeptAnswerJson.Default.TemplateRecord, now);
        return stored;
    });

    /// <summary>Changes what is given of a process template.</summary>
    /// <exception cref="PatternNotFoundException">There is none of that id.</exception>
    public Task<TemplateRecord> UpdateAsync(Guid templateId, TemplateChange change) => WriteAsync(async connection =>
        (await connection.QueryAsync(
            Update, PatternRow.ReadTemplate, Uuid(templateId), Text(change.Name), Boolean(change.Workflow is not null), Uuid(change.Workflow?.Value),
            Boolean(change.Engagement is not null), Text(change.Engagement?.Value), Boolean(change.Project is not null), Uuid(change.Project?.Value),
            Text(change.Status), Jsonb(change.Checklist.IsDefault ? null : StepsJson.Write(change.Checklist)))).SingleOrDefault()
        ?? throw new PatternNotFoundException());

    /// <summary>Removes a process template that nothing goes by.</summary>
    /// <exception cref="PatternNotFoundException">There is none of that id.</exception>
    /// <exception cref="TemplateInUseException">Runs or plans go by it.</exception>
    public Task<int> DeleteAsync(Guid templateId) => WriteAsync(async connection =>
    {
        // Locked first: who is about to go by it is waited for.
        await connection.ExecuteAsync(Lock, Uuid(templateId));
        if (await connection.AskAsync(IsUsed, Uuid(templateId)))
        {
            throw new TemplateInUseException();
        }

        return await connection.ExecuteAsync(Delete, Uuid(templateId)) is > 0 and var deleted ? deleted : throw new PatternNotFoundException();
    });

    private Task<T> WriteAsync<T>(Func<NpgsqlConnection, Task<T>> write) => database.WriteTransactionAsync(write, PatternRefusals.Of);
}
