using System.Collections.Immutable;
using Actors.Access;
using Actors.Facts;
using Actors.Patterns;
using Actors.Sessions;
using Microsoft.Extensions.Logging;

namespace Actors.Planning;

/// <summary>Finds what a plan is written from: the catalogue, completed runs, and the client's memory as agents read it.</summary>
internal sealed partial class PlanMaterialSource(
    PlanMaterialStore store, PlanQueryStore plans, IGrainFactory grains, TimeProvider time, ILogger<PlanMaterialSource> logger)
{
    // A plan is to be there within 10 s, and a large memory that has to be read first takes its time.
    private static readonly TimeSpan RecallBudget = TimeSpan.FromSeconds(1.5);

    // Hand-set: what a plan, or a model's prompt, can make use of.
    private const int MaxWorkflows = 500;
    private const int MaxParts = Sop.MaxSteps + 1;
    private const int MaxRuns = 50;
    private const int MaxPreferences = 20;
    private const int MaxFacts = 5;
    private const int MaxOthers = 3;
    private const int MaxPastPlans = 3;
    private const int PastPlansLookedAt = 200;
    private const double LeastShareOfPastPlan = 0.5;

    // A fact less near than this part of the nearest one's similarity is no answer to the intent.
    private const double LeastSimilarity = 0.5;

    // What a client wants or forbids, as fact type or as category.
    private static readonly ImmutableArray<string> PreferenceNames = ["preference", "constraint", "policy"];

    /// <summary>All that is known for a plan.</summary>
    /// <exception cref="PlanRefusedException">There is no workflow of the id it names.</exception>
    public async Task<PlanMaterial> CollectAsync(NewPlan plan, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var eraseEpoch = await store.ReadEraseEpochAsync(plan.ClientId, cancellationToken);
        var preferences = grains.GetGrain<IFactQueryGrain>(IFactQueryGrain.Key).MostSalientAsync(
            new ClientVisibility(plan.ClientId is { } clientId ? [clientId] : []), PreferenceNames, MaxPreferences, cancellationToken);
        var recalled = RecallAsync(plan, cancellationToken);
        var past = plans.PastAsync(plan.ClientId, PastPlansLookedAt, cancellationToken);
        await Task.WhenAll(preferences, recalled, past);
        var (match, others) = await WorkflowsAsync(plan, cancellationToken);
        var (wishes, facts) = (await preferences, await recalled);
        return new PlanMaterial(
            plan, now, match, others,
            [.. wishes.Select(TextOf)],
            [.. (facts ?? []).Where(fact => wishes.All(wish => wish.Id != fact.Id)).Select(TextOf).Take(MaxFacts)],
            Alike(plan.Intent, await past),
            facts is null ? ["recall"] : [],
            eraseEpoch);
    }

    private async Task<(WorkflowMaterial? Match, ImmutableArray<WorkflowRecord> Others)> WorkflowsAsync(NewPlan plan, CancellationToken cancellationToken)
    {
        var matching = WorkflowRanking.Matching(plan.Intent, await store.ActiveWorkflowsAsync(MaxWorkflows, cancellationToken));
        if ((plan.WorkflowId ?? matching.FirstOrDefault()?.Id) is not { } workflowId)
        {
            return (null, []);
        }

        var family = await store.WithPartsAsync(workflowId, MaxParts, cancellationToken);
        if (family.IsEmpty)
        {
            throw new PlanRefusedException("no_such_workflow", "There is no workflow of the id workflow_id.");
        }

        var template = plan.EngagementId is { } engagement ? await store.FindTemplateAsync(engagement, workflowId, plan.ClientId, cancellationToken) : null;
        var runs = await store.CompletedRunsAsync([.. family.Select(workflow => workflow.OriginId).Distinct()], plan.Learning, MaxRuns, cancellationToken);
        var parts = family.Select((workflow, i) => new PartMaterial(
            workflow, i == 0 && template is not null ? template.Checklist : workflow.Steps, [.. runs.Where(run => run.OriginId == workflow.OriginId)]));
        var ids = family.Select(workflow => workflow.Id).ToHashSet();
        return (new WorkflowMaterial(family[0], template?.Id, [.. parts]), [.. matching.Where(other => !ids.Contains(other.Id)).Take(MaxOthers)]);
    }

    // Null: it did not answer in time.
    private async Task<FactRecord[]?> RecallAsync(NewPlan plan, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(RecallBudget, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var session = grains.GetGrain<ISessionGrain>(SessionKey.Of(plan.ClientId ?? FactSubjectKey.House));
        try
        {
            var answer = await session.RecallAsync(RecallRequest.For(plan.Intent) with { Kind = MemoryKind.Fact }, either.Token).WaitAsync(either.Token);
            return [.. answer.Hits.Where(hit => hit.Fact is not null && hit.Similarity >= answer.Hits[0].Similarity * LeastSimilarity).Select(hit => hit.Fact!)];
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && failure is OperationCanceledException or SessionLoadingException or TimeoutException)
        {
            LogNoRecall();
            return null;
        }
    }

    private static string TextOf(FactRecord fact) => PlanRules.Shortened(fact.Content, Sop.MaxRemarkLength);

    private static ImmutableArray<PastPlan> Alike(string intent, ImmutableArray<PastPlan> past)
    {
        var terms = IntentTerms.Of(intent);
        var alike =
            from plan in past
            let share = (double)IntentTerms.Of(plan.Title, plan.Intent).Count(terms.Contains) / terms.Count
            where share >= LeastShareOfPastPlan
            orderby share descending, plan.CreatedAt descending
            select plan;
        return terms.Count == 0 ? [] : [.. alike.Take(MaxPastPlans)];
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A client's memory did not answer in time for a plan, which is made without")]
    private partial void LogNoRecall();
}
