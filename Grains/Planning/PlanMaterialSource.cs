using System.Collections.Immutable;
using Actors.Access;
using Actors.Facts;
using Actors.Patterns;
using Actors.Sessions;

namespace Actors.Planning;

/// <summary>Finds what a plan is written from: the catalogue, completed runs, and the client's memory as agents read it.</summary>
internal sealed class PlanMaterialSource(PlanMaterialStore store, PlanQueryStore plans, IGrainFactory grains)
{
    // Hand-set: what a plan, or a model's prompt, can make use of.
    private const int MaxWorkflows = 500;
    private const int MaxParts = 100;
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
    private static readonly string[] PreferenceNames = ["preference", "constraint", "policy"];

    /// <summary>All that is known for a plan.</summary>
    /// <exception cref="PlanRefusedException">There is no workflow of the id it names.</exception>
    public async Task<PlanMaterial> CollectAsync(NewPlan plan, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var preferences = PreferencesAsync(plan.ClientId, cancellationToken);
        var recalled = RecallAsync(plan, cancellationToken);
        var past = plans.PastAsync(plan.ClientId, PastPlansLookedAt, cancellationToken);
        await Task.WhenAll(preferences, recalled, past);
        var (match, others) = await WorkflowsAsync(plan, cancellationToken);
        var wishes = await preferences;
        return new PlanMaterial(
            plan, now, match, others,
            [.. wishes.Select(TextOf)],
            [.. (await recalled).Where(fact => wishes.All(wish => wish.Id != fact.Id)).Select(TextOf).Take(MaxFacts)],
            Alike(plan.Intent, await past));
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

        var template = plan.EngagementId is { } engagement ? await store.FindTemplateAsync(engagement, workflowId, cancellationToken) : null;
        var runs = await store.CompletedRunsAsync([.. family.Select(workflow => workflow.OriginId).Distinct()], plan.Learning, MaxRuns, cancellationToken);
        var parts = family.Select((workflow, i) => new PartMaterial(
            workflow, i == 0 && template is not null ? template.Checklist : workflow.Steps, [.. runs.Where(run => run.OriginId == workflow.OriginId)]));
        var ids = family.Select(workflow => workflow.Id).ToHashSet();
        return (new WorkflowMaterial(family[0], template?.Id, [.. parts]), [.. matching.Where(other => !ids.Contains(other.Id)).Take(MaxOthers)]);
    }

    private async Task<FactRecord[]> PreferencesAsync(string? clientId, CancellationToken cancellationToken)
    {
        var facts = grains.GetGrain<IFactQueryGrain>(IFactQueryGrain.Key);
        var visibility = new ClientVisibility(clientId is null ? [] : [clientId]);
        var pages = await Task.WhenAll(PreferenceNames.SelectMany(name => ((string?, string?)[])[(name, null), (null, name)]).Select(names => facts.ListAsync(
            new FactListRequest(visibility, null, null, names.Item1, names.Item2, null, null, null, FactInclude.Current, MaxPreferences, null), cancellationToken)));
        return [.. pages.SelectMany(page => page.Facts).DistinctBy(fact => fact.Id).OrderByDescending(fact => fact.Salience).ThenByDescending(fact => fact.CreatedAt).Take(MaxPreferences)];
    }

    private async Task<FactRecord[]> RecallAsync(NewPlan plan, CancellationToken cancellationToken)
    {
        var session = grains.GetGrain<ISessionGrain>(SessionKey.Of(plan.ClientId ?? FactSubjectKey.House));
        var answer = await session.RecallAsync(RecallRequest.For(plan.Intent) with { Kind = MemoryKind.Fact }, cancellationToken);
        return [.. answer.Hits.Where(hit => hit.Fact is not null && hit.Similarity >= answer.Hits[0].Similarity * LeastSimilarity).Select(hit => hit.Fact!)];
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
}
