using Actors.Storage;

namespace Actors.Planning;

/// <summary>One plan and the making of its tasks. Key: <see cref="KeyOf"/>.</summary>
/// <remarks>
/// Every method throws <see cref="StorageUnavailableException"/> or <see cref="Hosting.WritesSuspendedException"/> when nothing was
/// written and a later repeat is safe, and <see cref="OutcomeUnknownException"/> when the commit's answer was lost. A cancellation token
/// has no effect once a write was sent.
/// </remarks>
[Alias("IPlanGrain")]
public interface IPlanGrain : IGrainWithStringKey
{
    /// <summary>The key of a plan's grain: its id in lower case with dashes.</summary>
    static string KeyOf(Guid planId) => planId.ToString("D");

    /// <summary>
    /// Makes the plan: from the workflow that matches the intent, hours learned from its completed runs, the client's preferences and
    /// facts; written by a language model if one is configured. The model is given up 8 s after the call began, by default.
    /// </summary>
    /// <exception cref="PlanRefusedException">There is no such workflow, or another rule is broken.</exception>
    /// <exception cref="LanguageModelException">The model failed, and the plan is not to fall back on rules.</exception>
    /// <exception cref="Idempotency.AlreadyAnsweredException">A request with the same idempotency key was faster: its answer is kept.</exception>
    [Alias("Create")]
    Task<MadePlan> CreateAsync(NewPlan plan, CancellationToken cancellationToken);

    /// <summary>Changes a draft.</summary>
    /// <param name="change">What to change.</param>
    /// <param name="expected">The versions it is meant for; null: any.</param>
    /// <param name="cancellationToken">See above.</param>
    /// <exception cref="PlanNotFoundException">There is no such plan.</exception>
    /// <exception cref="PlanStateException">It is no draft any more.</exception>
    /// <exception cref="VersionMismatchException">It has another version.</exception>
    /// <exception cref="PlanRefusedException">Its steps would depend on each other in a circle, or on what is not there.</exception>
    [Alias("Change")]
    Task<PlanRecord> ChangeAsync(PlanChange change, ExpectedVersions? expected, CancellationToken cancellationToken);

    /// <summary>Approves a draft.</summary>
    /// <exception cref="PlanNotFoundException">There is no such plan.</exception>
    /// <exception cref="VersionMismatchException">It has another version than those it is meant for.</exception>
    /// <exception cref="PlanStateException">It is no draft any more.</exception>
    /// <exception cref="Idempotency.AlreadyAnsweredException">A request with the same idempotency key was faster: its answer is kept.</exception>
    [Alias("Approve")]
    Task<PlanRecord> ApproveAsync(PlanDecision decision, CancellationToken cancellationToken);

    /// <summary>Puts a plan away; its tasks stay.</summary>
    /// <exception cref="PlanNotFoundException">There is no such plan.</exception>
    /// <exception cref="PlanStateException">It is archived already.</exception>
    /// <exception cref="VersionMismatchException">It has another version than those it is meant for.</exception>
    /// <exception cref="Idempotency.AlreadyAnsweredException">A request with the same idempotency key was faster: its answer is kept.</exception>
    [Alias("Archive")]
    Task<PlanRecord> ArchiveAsync(PlanDecision decision, CancellationToken cancellationToken);

    /// <summary>Makes a task of each step, once, and approves the plan if it was a draft.</summary>
    /// <exception cref="PlanNotFoundException">There is no such plan.</exception>
    /// <exception cref="PlanStateException">It has tasks already, or is over.</exception>
    /// <exception cref="VersionMismatchException">It has another version than those it is meant for.</exception>
    /// <exception cref="PlanRefusedException">It has no steps, or an operator's depend on each other in a circle.</exception>
    /// <exception cref="Work.WorkRefusedException">The client has no such project.</exception>
    /// <exception cref="Idempotency.AlreadyAnsweredException">A request with the same idempotency key was faster: its answer is kept.</exception>
    [Alias("CreateTasks")]
    Task<PlanTasks> CreateTasksAsync(NewPlanTasks tasks, CancellationToken cancellationToken);
}
