using System.Collections.Immutable;

namespace Actors.Extraction;

/// <summary>The kinds of facts that are found.</summary>
internal static class FactTypes
{
    public const string Preference = "preference";
    public const string Constraint = "constraint";
    public const string Identity = "identity";
    public const string Schedule = "schedule";
    public const string Decision = "decision";
    public const string Result = "result";

    /// <summary>All of them.</summary>
    public static ImmutableArray<string> All { get; } = [Preference, Constraint, Identity, Schedule, Decision, Result];

    /// <summary>What must be heeded counts most, then who somebody is; set by hand.</summary>
    public static double SalienceOf(string type) => type switch
    {
        Constraint => 0.85,
        Identity or Decision => 0.8,
        _ => 0.75,
    };
}
