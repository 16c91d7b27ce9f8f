using Actors.Sessions;

namespace Actors.Patterns;

/// <summary>See <see cref="IProcessTemplateGrain"/>. What is there is looked at in the transaction that changes it.</summary>
[GrainType("process-template")]
internal sealed class ProcessTemplateGrain(ProcessTemplateStore store, TimeProvider time) : Grain, IProcessTemplateGrain
{
    private DateTimeOffset Now => SessionRules.WholeMicroseconds(time.GetUtcNow());

    public Task<TemplateRecord> InstantiateAsync(Guid workflowId, NewInstance instance, CancellationToken cancellationToken) =>
        store.InstantiateAsync(Guid.CreateVersion7(time.GetUtcNow()), workflowId, instance, Now);

    public Task<TemplateRecord> CreateAsync(NewTemplate checklist, CancellationToken cancellationToken) =>
        store.InsertAsync(Guid.CreateVersion7(time.GetUtcNow()), checklist, Now);

    public Task<TemplateRecord> ChangeAsync(Guid templateId, TemplateChange change, CancellationToken cancellationToken) => store.UpdateAsync(templateId, change);

    public Task DeleteAsync(Guid templateId, CancellationToken cancellationToken) => store.DeleteAsync(templateId);
}
