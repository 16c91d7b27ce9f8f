using Actors.Sessions;

namespace Actors.Patterns;

/// <summary>See <see cref="IPromptTemplateGrain"/>. What is there is looked at in the transaction that changes it.</summary>
[GrainType("prompt-template")]
internal sealed class PromptTemplateGrain(PromptTemplateStore store, TimeProvider time) : Grain, IPromptTemplateGrain
{
    private DateTimeOffset Now => SessionRules.WholeMicroseconds(time.GetUtcNow());

    public Task<PromptRecord> CreateAsync(NewPrompt prompt, CancellationToken cancellationToken)
    {
        var now = Now;
        return store.InsertFirstAsync(
            new PromptRecord(
                Guid.CreateVersion7(time.GetUtcNow()), prompt.Name, Version: 1, prompt.Purpose, prompt.Template,
                PromptRules.VariablesOf(prompt.Name, prompt.Template, prompt.Variables), prompt.Active, now, now),
            prompt.IdempotencyKey);
    }

    public Task<PromptRecord> ChangeAsync(Guid promptId, PromptChange change, CancellationToken cancellationToken) =>
        store.ChangeAsync(promptId, prompt => PromptRules.Change(prompt, change, Guid.CreateVersion7(time.GetUtcNow()), Now));

    public Task DeleteAsync(Guid promptId, CancellationToken cancellationToken) => store.DeleteAsync(promptId, PromptRules.EnsureNotSent);
}
