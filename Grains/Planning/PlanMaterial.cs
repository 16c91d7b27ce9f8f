using System.Collections.Immutable;
using Actors.Patterns;

namespace Actors.Planning;

/// <summary>What is known when a plan is written. No row of another client is in it.</summary>
/// <param name="Plan">What was asked for.</param>
/// <param name="Now">When it was asked for.</param>
/// <param name="Match">The workflow to go by; null: none matches well enough.</param>
/// <param name="Others">Workflows that match less well, best first.</param>
/// <param name="Preferences">What the client prefers or forbids, most salient first; each as long as a remark may be, as are facts.</param>
/// <param name="Facts">Other facts that the intent recalls, best first.</param>
/// <param name="PastPlans">Plans of the client with a like intent, best first.</param>
/// <param name="Degraded">What is missing: see <see cref="MadePlan.Degraded"/>.</param>
/// <param name="EraseEpoch">The client's before anything here was read.</param>
internal sealed record PlanMaterial(
    NewPlan Plan,
    DateTimeOffset Now,
    WorkflowMaterial? Match,
    ImmutableArray<WorkflowRecord> Others,
    ImmutableArray<string> Preferences,
    ImmutableArray<string> Facts,
    ImmutableArray<PastPlan> PastPlans,
    ImmutableArray<string> Degraded,
    long EraseEpoch = 0);

/// <summary>A workflow to plan by.</summary>
/// <param name="Workflow">The version.</param>
/// <param name="TemplateId">The engagement's checklist that stands in for its steps; null: none.</param>
/// <param name="Parts">What it is made of: first itself, or its checklist, then its parts and theirs, each after its whole.</param>
internal sealed record WorkflowMaterial(WorkflowRecord Workflow, Guid? TemplateId, ImmutableArray<PartMaterial> Parts);

/// <summary>The steps of one workflow and what its runs tell of them.</summary>
/// <param name="Workflow">The workflow.</param>
/// <param name="Steps">Its steps, or those of a checklist made of it.</param>
/// <param name="Runs">Its newest completed runs, of any version.</param>
internal sealed record PartMaterial(WorkflowRecord Workflow, ImmutableArray<WorkflowStep> Steps, ImmutableArray<CompletedRun> Runs)
{
    /// <summary>Whether a step of its whole is this part, in one line.</summary>
    public bool IsCalled(string stepTitle) => !Steps.IsEmpty && string.Equals(stepTitle.Trim(), Workflow.Name.Trim(), StringComparison.OrdinalIgnoreCase);
}

/// <summary>A plan that was made before.</summary>
/// <param name="Title">What it is called.</param>
/// <param name="Intent">What was to be reached.</param>
/// <param name="Status">How far it came.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed record PastPlan(string Title, string Intent, string Status, DateTimeOffset CreatedAt);
