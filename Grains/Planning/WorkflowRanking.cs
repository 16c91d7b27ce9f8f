using System.Collections.Frozen;
using System.Collections.Immutable;
using Actors.Patterns;

namespace Actors.Planning;

/// <summary>
/// Which workflows serve an intent. Pure. A workflow is as near as the larger of two shares, each word weighing the more the fewer
/// workflows have it: how much of its name the intent has, and how much of the intent its name, description, capability and steps have.
/// Words of the intent that no workflow has, the names of clients for example, count in the second share as if half of the workflows had
/// them. A synonym counts half. The limits are hand-set; docs/planner.md tells them.
/// </summary>
internal sealed class WorkflowRanking
{
    /// <summary>What is less near than this does not match.</summary>
    public const double LeastShare = 0.5;

    // One common word is no reason, unless the workflow is called by it.
    private const int LeastWordsOfText = 2;
    private const double SynonymWeight = 0.5;

    private readonly HashSet<string> _intent;
    private readonly FrozenSet<string> _synonyms;
    private readonly Dictionary<string, int> _documents;
    private readonly (WorkflowRecord Workflow, HashSet<string> Name, HashSet<string> Text)[] _workflows;

    private WorkflowRanking(string intent, IEnumerable<WorkflowRecord> workflows)
    {
        _intent = IntentTerms.Of(intent);
        _synonyms = IntentTerms.SynonymsOf(_intent);
        _workflows = [.. workflows.Select(w => (w, IntentTerms.Of(w.Name), IntentTerms.Of([w.Name, w.Description, w.Capability, .. w.Steps.Select(step => step.Title)])))];
        _documents = _workflows.SelectMany(w => w.Text).CountBy(term => term).ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>The workflows that match, nearest first; of equals, what is no part of another, then the newest.</summary>
    public static ImmutableArray<WorkflowRecord> Matching(string intent, IEnumerable<WorkflowRecord> workflows)
    {
        var ranking = new WorkflowRanking(intent, workflows);
        return
        [
            .. from candidate in ranking._workflows
               let name = ranking.ShareOfName(candidate.Name)
               let text = ranking.ShareOfIntent(candidate.Text, candidate.Name)
               where Math.Max(name, text) >= LeastShare
               orderby Math.Max(name, text) descending, name + text descending, candidate.Workflow.ParentWorkflowId is null descending, candidate.Workflow.Id descending
               select candidate.Workflow,
        ];
    }

    private double ShareOfName(HashSet<string> name) => Share(name, term => _intent.Contains(term) ? 1 : _synonyms.Contains(term) ? SynonymWeight : 0);

    private double ShareOfIntent(HashSet<string> text, HashSet<string> name) =>
        _intent.Count(text.Contains) >= LeastWordsOfText || _intent.Any(name.Contains) ? Share(_intent, term => text.Contains(term) ? 1 : 0) : 0;

    private double Share(HashSet<string> terms, Func<string, double> found)
    {
        var (sum, all) = (0.0, 0.0);
        foreach (var term in terms)
        {
            var weight = Weight(term);
            sum += found(term) * weight;
            all += weight;
        }

        return all > 0 ? sum / all : 0;
    }

    private double Weight(string term) => Math.Log(1 + (_documents.TryGetValue(term, out var count) ? (double)_workflows.Length / count : 2));
}
