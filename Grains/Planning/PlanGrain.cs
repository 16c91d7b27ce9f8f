using Actors.Secrets;
using Actors.Sessions;
using Actors.Storage;

namespace Actors.Planning;

/// <summary>See <see cref="IPlanGrain"/>. What the plan is, is looked at in the transaction that changes it.</summary>
[GrainType("plan")]
internal sealed class PlanGrain(PlanStore store, PlanMaterialSource source, PlanWriter writer, SecretMask secrets, TimeProvider time) : Grain, IPlanGrain
{
    // An erasure in between is rare.
    private const int MaxAttempts = 5;

    private Guid PlanId => Guid.ParseExact(this.GetPrimaryKeyString(), "D");

    private DateTimeOffset Now => SessionRules.WholeMicroseconds(time.GetUtcNow());

    public async Task<MadePlan> CreateAsync(NewPlan plan, CancellationToken cancellationToken)
    {
        if (!MetadataRules.NumbersAreReadable(plan.ContextJson))
        {
            throw new PlanRefusedException("number_out_of_range", "The context holds a number that no double can hold.");
        }

        // Before it is sent to a model.
        plan = plan with { Intent = secrets.Apply(plan.Intent), ContextJson = secrets.ApplyToJson(plan.ContextJson) };
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await MakeAsync(plan, cancellationToken);
            }
            catch (MaterialErasedException failure) when (attempt == MaxAttempts)
            {
                throw new StorageUnavailableException("The client is being erased again and again; nothing was written.", failure);
            }
            catch (MaterialErasedException)
            {
                // Of what is there now.
            }
        }
    }

    public Task<PlanRecord> ChangeAsync(PlanChange change, ExpectedVersions? expected, CancellationToken cancellationToken) =>
        store.ChangeAsync(PlanId, expected, plan => PlanRules.Change(plan, change), key: null, Now);

    public Task<PlanRecord> ApproveAsync(PlanDecision decision, CancellationToken cancellationToken) =>
        store.ChangeAsync(PlanId, decision.Expected, plan => PlanRules.Approve(plan, decision.Note), decision.IdempotencyKey, Now);

    public Task<PlanRecord> ArchiveAsync(PlanDecision decision, CancellationToken cancellationToken) =>
        store.ChangeAsync(PlanId, decision.Expected, plan => PlanRules.Archive(plan, decision.Note), decision.IdempotencyKey, Now);

    public Task<PlanTasks> CreateTasksAsync(NewPlanTasks tasks, CancellationToken cancellationToken) => store.InsertTasksAsync(PlanId, tasks, Now);

    private async Task<MadePlan> MakeAsync(NewPlan plan, CancellationToken cancellationToken)
    {
        var material = await source.CollectAsync(plan, Now, cancellationToken);
        var (sop, writtenBy, isFallback) = await writer.WriteAsync(material, cancellationToken);
        var now = Now;
        var record = new PlanRecord(
            PlanId, plan.ClientId, PlanRules.Shortened(plan.Intent, PlanChange.MaxTitleLength), plan.Intent, plan.EngagementId, material.Match?.Workflow.Id,
            material.Match?.TemplateId, sop, plan.ContextJson, PlanStatus.Draft, StatusNote: null, writtenBy, TasksCreatedAt: null, now, now);
        return await store.InsertAsync(new MadePlan(record, isFallback ? [.. material.Degraded, "llm"] : material.Degraded), material.EraseEpoch, plan.IdempotencyKey);
    }
}
