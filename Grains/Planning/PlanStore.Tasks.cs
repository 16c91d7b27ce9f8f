using System.Text.Json.Nodes;
using Actors.Idempotency;
using Actors.Storage;
using Actors.Work;
using static Actors.Storage.SqlValues;

namespace Actors.Planning;

/// <summary>Tasks of a plan.</summary>
internal sealed partial class PlanStore
{
    // One statement, so one look of the log's trigger, for all of them.
    private const string InsertTasks =
        $"""
        insert into tasks (id, client_id, project_id, plan_id, step_number, title, description, owner, tags, depends_on, estimated_hours, created_at, updated_at)
        select task.id, $2, $3, $4, task.step_number, task.title, task.description, task.owner, task.tags, task.depends_on, task.estimated_hours,
               $5 + task.place * interval '1 microsecond', $5 + task.place * interval '1 microsecond'
          from jsonb_to_recordset($1) as task (id uuid, place integer, step_number integer, title text, description text, owner text, tags text[],
                                               depends_on uuid[], estimated_hours numeric)
        returning {WorkRow.TaskColumns}
        """;

    /// <summary>Makes a task of each step, and keeps the answer to its request if that may be repeated.</summary>
    /// <exception cref="PlanNotFoundException">There is none of that id.</exception>
    /// <exception cref="PlanStateException">It has tasks already, or is over.</exception>
    /// <exception cref="WorkRefusedException">The client has no such project.</exception>
    public Task<PlanTasks> InsertTasksAsync(Guid planId, NewPlanTasks wanted, DateTimeOffset now) => WriteAsync(async connection =>
    {
        var before = await LockAsync(connection, planId);
        // Before anything is logged, which takes the client's row: who deletes the project takes them in this order, too.
        await WorkStore.LockProjectOfTasksAsync(connection, wanted.ProjectId, before.ClientId);
        wanted.Expected?.Ensure(before.UpdatedAt);
        var plan = await UpdateAsync(connection, before, PlanRules.WithTasks(before, now));
        var steps = PlanRules.InOrder(plan.Sop.Checklist);
        var ids = steps.ToDictionary(step => step.StepNumber, _ => Guid.CreateVersion7(now));
        var rows = new JsonArray([.. steps.Select((step, place) => (JsonNode)new JsonObject
        {
            ["id"] = ids[step.StepNumber],
            ["place"] = place,
            ["step_number"] = step.StepNumber,
            ["title"] = step.Title,
            ["description"] = step.Description,
            ["owner"] = step.Owner,
            ["tags"] = new JsonArray([.. step.Tags.Select(tag => (JsonNode)tag)]),
            ["depends_on"] = new JsonArray([.. step.Dependencies.Select(number => (JsonNode)ids[number])]),
            ["estimated_hours"] = step.EstimatedHours,
        })]);
        var tasks = await connection.QueryAsync(
            InsertTasks, WorkRow.ReadTask, Jsonb(rows.ToJsonString()), Text(plan.ClientId), Uuid(wanted.ProjectId), Uuid(planId), Time(now));
        var made = new PlanTasks(plan, [.. tasks.OrderBy(task => task.CreatedAt)]);
        await connection.KeepAnswerAsync(wanted.IdempotencyKey, plan.ClientId, made, KeptAnswerJson.Default.PlanTasks, now);
        return made;
    });
}
