using Actors.Idempotency;
using Actors.Storage;
using Actors.Work;
using Npgsql;
using static Actors.Storage.SqlValues;

namespace Actors.Planning;

/// <summary>The SQL of <see cref="PlanGrain"/>. Each method is one transaction, so all or nothing.</summary>
/// <remarks>
/// Every method throws what <see cref="Transactions.WriteTransactionAsync"/> throws, or <see cref="PlanRefusedException"/> for what the
/// schema refuses.
/// </remarks>
internal sealed partial class PlanStore(Database database)
{
    private const string SelectForChange = $"select {PlanRow.Columns} from plans p where p.id = $1 for update";

    private const string Insert =
        $"""
        insert into plans as p (id, client_id, title, intent, engagement_id, workflow_id, process_template_id, sop, context, written_by, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
        returning {PlanRow.Columns}
        """;

    private const string Update =
        $"update plans p set title = $2, sop = coalesce($3, p.sop), status = $4, status_note = $5, tasks_created_at = $6 where p.id = $1 returning {PlanRow.Columns}";

    private const string InsertHouseEvent = "insert into events (content, salience_score, metadata, created_at, occurred_at) values ($1, $2, $3, $4, $4)";

    /// <summary>Records something that happened to the house, whose events no session writes.</summary>
    public Task<int> InsertHouseEventAsync(string content, double salience, string metadataJson, DateTimeOffset now) => WriteAsync(connection =>
        connection.ExecuteAsync(InsertHouseEvent, Text(content), Value(NpgsqlTypes.NpgsqlDbType.Double, salience), Jsonb(metadataJson), Time(now)));

    // Asked after the insert, whose trigger holds the head's row until the commit.
    private const string IsOfEpoch = "select coalesce((select erase_epoch from session_heads where client_id = coalesce($1, '-')), 0) = $2";

    /// <summary>Stores a plan, and with it the answer to its request if that may be repeated.</summary>
    /// <param name="made">The plan.</param>
    /// <param name="eraseEpoch">The client's before the plan's material was collected.</param>
    /// <param name="key">By what a repeat of the request is recognised, if it may be.</param>
    /// <exception cref="MaterialErasedException">The client was erased since; nothing was stored.</exception>
    public Task<MadePlan> InsertAsync(MadePlan made, long eraseEpoch, IdempotencyKey? key) => WriteAsync(async connection =>
    {
        var plan = made.Plan;
        var stored = (await connection.QueryAsync(
            Insert, PlanRow.Read, Uuid(plan.Id), Text(plan.ClientId), Text(plan.Title), Text(plan.Intent), Text(plan.EngagementId), Uuid(plan.WorkflowId),
            Uuid(plan.ProcessTemplateId), Jsonb(SopJson.Write(plan.Sop)), Jsonb(plan.ContextJson), Text(plan.WrittenBy), Time(plan.CreatedAt))).Single();
        if (!await connection.AskAsync(IsOfEpoch, Text(plan.ClientId), Value(NpgsqlTypes.NpgsqlDbType.Bigint, eraseEpoch)))
        {
            throw new MaterialErasedException();
        }

        var answer = made with { Plan = stored };
        await connection.KeepAnswerAsync(key, plan.ClientId, answer, KeptAnswerJson.Default.MadePlan, plan.CreatedAt);
        return answer;
    });

    /// <summary>Changes a plan.</summary>
    /// <param name="planId">Which.</param>
    /// <param name="expected">The versions it must have one of; null: any.</param>
    /// <param name="decide">What it becomes.</param>
    /// <param name="key">By what a repeat of the request is recognised, if it may be.</param>
    /// <param name="now">When.</param>
    /// <exception cref="PlanNotFoundException">There is none of that id.</exception>
    /// <exception cref="VersionMismatchException">It has another version.</exception>
    public Task<PlanRecord> ChangeAsync(
        Guid planId, ExpectedVersions? expected, Func<PlanRecord, PlanRecord> decide, IdempotencyKey? key, DateTimeOffset now) => WriteAsync(async connection =>
    {
        var before = await LockAsync(connection, planId);
        expected?.Ensure(before.UpdatedAt);
        var changed = await UpdateAsync(connection, before, decide(before));
        await connection.KeepAnswerAsync(key, changed.ClientId, changed, KeptAnswerJson.Default.PlanRecord, now);
        return changed;
    });

    private Task<T> WriteAsync<T>(Func<NpgsqlConnection, Task<T>> write) => database.WriteTransactionAsync(write, RefusalOf);

    private static async Task<PlanRecord> LockAsync(NpgsqlConnection connection, Guid planId) =>
        (await connection.QueryAsync(SelectForChange, PlanRow.Read, Uuid(planId))).SingleOrDefault() ?? throw new PlanNotFoundException();

    // A procedure that was not changed stays as its writer wrote it, an operator perhaps, with members that are not read here.
    private static async Task<PlanRecord> UpdateAsync(NpgsqlConnection connection, PlanRecord before, PlanRecord after) =>
        (await connection.QueryAsync(
            Update, PlanRow.Read, Uuid(after.Id), Text(after.Title), Jsonb(after.Sop == before.Sop ? null : SopJson.Write(after.Sop)),
            Text(PlanStatusNames.Of(after.Status)), Text(after.StatusNote), Time(after.TasksCreatedAt))).Single();

    private static Exception? RefusalOf(PostgresException failure) => (failure.SqlState, failure.ConstraintName) switch
    {
        (PostgresErrorCodes.ForeignKeyViolation, "plans_workflow_id_names_a_workflow" or "plans_process_template_id_names_a_template") =>
            new StorageUnavailableException("The workflow or its checklist was deleted a moment ago; nothing was written.", failure),
        (PostgresErrorCodes.CheckViolation, var rule) when rule?.StartsWith("plans_", StringComparison.Ordinal) == true =>
            new PlanRefusedException(rule, $"The plan breaks the rule '{rule}'."),
        _ => WorkStore.RefusalOf(failure),
    };
}

/// <summary>What a plan was made of was erased before it could be stored. Stays within the grain.</summary>
internal sealed class MaterialErasedException : Exception;
