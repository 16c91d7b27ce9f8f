using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Actors.Patterns;

/// <summary>The prompts that the service itself sends, with the variables it has a text for.</summary>
internal static class ServicePrompts
{
    /// <summary>By which a language model writes plans.</summary>
    public const string PlanSop = "plan.sop";

    /// <summary>By which a language model finds facts in memories.</summary>
    public const string FactsExtract = "facts.extract";

    private static readonly FrozenDictionary<string, ImmutableArray<string>> Supplied = new Dictionary<string, ImmutableArray<string>>
    {
        [PlanSop] = ["today", "intent", "context", "preferences", "facts", "past_plans", "workflows"],
        [FactsExtract] = ["memory", "speaker", "role", "kind", "occurred_at", "known_facts"],
    }.ToFrozenDictionary();

    /// <summary>Whether the service sends a prompt of this name.</summary>
    public static bool Uses(string name) => Supplied.ContainsKey(name);

    /// <summary>Checks that the service can send a text under a name; it need not use all that is supplied. Of other names any text will do.</summary>
    /// <exception cref="PatternRefusedException">It has variables that the service does not supply.</exception>
    public static void EnsureSendable(string name, PromptTemplateText text)
    {
        if (Supplied.TryGetValue(name, out var variables))
        {
            text.EnsureSupplied(variables);
        }
    }
}
