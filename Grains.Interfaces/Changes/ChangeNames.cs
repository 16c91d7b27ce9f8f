using System.Collections.Immutable;

namespace Actors.Changes;

/// <summary>What was done to a memory.</summary>
[GenerateSerializer, Alias("ChangeOperation")]
public enum ChangeOperation
{
    /// <summary>It was stored.</summary>
    Created,

    /// <summary>It was changed, or moved from one client to another.</summary>
    Updated,

    /// <summary>It was deleted, or retracted.</summary>
    Deleted,

    /// <summary>Its time was over.</summary>
    Expired,
}

/// <summary>What kind of memory was changed.</summary>
[GenerateSerializer, Alias("ChangedKind")]
public enum ChangedKind
{
    /// <summary>An event.</summary>
    Event,

    /// <summary>A fact.</summary>
    Fact,
}

/// <summary>Names as the API, webhooks and the schema write them.</summary>
public static class ChangeNames
{
    /// <summary>All operations.</summary>
    public static ImmutableArray<string> Operations { get; } = ["created", "updated", "deleted", "expired"];

    /// <summary>All kinds.</summary>
    public static ImmutableArray<string> Kinds { get; } = ["event", "fact"];

    /// <summary>Who writes: the service, or somebody by SQL.</summary>
    public static ImmutableArray<string> Writers { get; } = ["service", "sql"];

    /// <summary>What a webhook may ask for: <c>kind.operation</c>.</summary>
    public static ImmutableArray<string> Events { get; } = [.. Kinds.SelectMany(kind => Operations.Select(operation => $"{kind}.{operation}"))];

    /// <summary>The name of an operation.</summary>
    public static string Of(ChangeOperation operation) => Operations[(int)operation];

    /// <summary>The name of a kind.</summary>
    public static string Of(ChangedKind kind) => Kinds[(int)kind];

    /// <summary>The name of who wrote a change.</summary>
    public static string WriterOf(bool isBySql) => Writers[isBySql ? 1 : 0];

    /// <summary>What a webhook calls a change, one of <see cref="Events"/>.</summary>
    public static string EventOf(Change change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return Events[((int)change.Kind * Operations.Length) + (int)change.Operation];
    }
}
