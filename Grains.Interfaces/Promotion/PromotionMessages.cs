using System.Collections.Immutable;

namespace Actors.Promotion;

/// <summary>How far an event's promotion has come.</summary>
[GenerateSerializer, Alias("PromotionState")]
public enum PromotionState
{
    /// <summary>It has not been looked through.</summary>
    Waiting,

    /// <summary>What was found is stored, and being applied.</summary>
    Extracted,

    /// <summary>All that was found is applied, or set aside.</summary>
    Done,

    /// <summary>Given up after all attempts, until somebody asks for it again.</summary>
    Failed,
}

/// <summary>The promotion of an event: what was looked for, and what came of it.</summary>
/// <param name="EventId">The event.</param>
/// <param name="ClientId">Whose it is.</param>
/// <param name="State">How far it is.</param>
/// <param name="Attempts">Attempts that failed and count towards giving up.</param>
/// <param name="NextAttemptAt">Not before; null: as soon as it is its turn, or never when it is done or failed.</param>
/// <param name="LastError">Why the last attempt failed: a word in snake_case, a colon, a sentence. Null: it did not.</param>
/// <param name="Extractor">Who looked; null: nobody yet.</param>
/// <param name="ExtractorVersion">Its version.</param>
/// <param name="Model">The language model, if one was asked.</param>
/// <param name="FactIds">Facts of the client it was recorded as, or confirms, in the order in which they were found. Those that were retracted since are left out.</param>
/// <param name="SetAside">What was found and not recorded, or why nothing was looked for, a sentence each.</param>
/// <param name="CreatedAt">When it was queued.</param>
/// <param name="UpdatedAt">When that changed last.</param>
[GenerateSerializer, Immutable, Alias("PromotionRecord")]
public sealed record PromotionRecord(
    [property: Id(0)] Guid EventId,
    [property: Id(1)] string ClientId,
    [property: Id(2)] PromotionState State,
    [property: Id(3)] int Attempts,
    [property: Id(4)] DateTimeOffset? NextAttemptAt,
    [property: Id(5)] string? LastError,
    [property: Id(6)] string? Extractor,
    [property: Id(7)] string? ExtractorVersion,
    [property: Id(8)] string? Model,
    [property: Id(9)] ImmutableArray<Guid> FactIds,
    [property: Id(10)] ImmutableArray<string> SetAside,
    [property: Id(11)] DateTimeOffset CreatedAt,
    [property: Id(12)] DateTimeOffset UpdatedAt);

/// <summary>States as rows and HTTP name them.</summary>
public static class PromotionNames
{
    /// <summary>All, in the order of <see cref="PromotionState"/>.</summary>
    public static ImmutableArray<string> States { get; } = ["waiting", "extracted", "done", "failed"];

    /// <summary>The name of a state.</summary>
    public static string Of(PromotionState state) => States[(int)state];

    /// <summary>The state of a name; null: there is none.</summary>
    public static PromotionState? StateOf(string name) => States.IndexOf(name) is >= 0 and var at ? (PromotionState)at : null;
}

/// <summary>The promotion cannot be tried again. Nothing was written.</summary>
[GenerateSerializer, Alias("PromotionRefusedException")]
public sealed class PromotionRefusedException : Exception
{
    /// <param name="code">Stable code in snake_case, for example <c>promotion_done</c>.</param>
    /// <param name="message">Why, for people.</param>
    public PromotionRefusedException(string code, string message)
        : base(message) => Code = code;

    /// <summary>Stable code in snake_case.</summary>
    [Id(0)]
    public string Code { get; }
}
