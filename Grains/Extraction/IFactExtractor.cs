using System.Collections.Immutable;
using Actors.Facts;
using Actors.Sessions;

namespace Actors.Extraction;

/// <summary>
/// Finds durable facts in a memory. It decides nothing: what it finds is stored as it is, then applied by the facts' own grains, within
/// what belongs to the memory's client.
/// </summary>
internal interface IFactExtractor
{
    /// <summary>Kind of extractor as <c>fact_sources</c> names it: <c>rules</c>, <c>llm</c>.</summary>
    string Name { get; }

    /// <summary>Moves with everything that may change what it finds; extraction of one memory by one version is applied once.</summary>
    string Version { get; }

    /// <summary>The language model; null: none.</summary>
    string? Model { get; }

    /// <summary>Reads a memory.</summary>
    /// <param name="memory">The memory; it belongs to a client.</param>
    /// <param name="known">Facts of the client that hold when the memory occurred, the most relevant first, at most 50.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ExtractionException">Nothing came of it; whether to try again stands in it.</exception>
    Task<Extraction> ExtractAsync(EventRecord memory, ImmutableArray<FactRecord> known, CancellationToken cancellationToken);
}

/// <summary>What was found in a memory.</summary>
/// <param name="Facts">The facts, in the order of their spans; their place here is their ordinal. Empty: none.</param>
/// <param name="SetAside">What was found but may not be stored, one sentence each, without the memory's text.</param>
internal sealed record Extraction(ImmutableArray<ExtractedFact> Facts, ImmutableArray<string> SetAside)
{
    /// <summary>The extractor's version while it read this memory, when it is more than <see cref="IFactExtractor.Version"/> tells; null: that one.</summary>
    public string? Version { get; init; }

    /// <summary>Nothing.</summary>
    public static Extraction None { get; } = new([], []);
}

/// <summary>A fact that was found.</summary>
/// <param name="SubjectType">Kind of entity it is about.</param>
/// <param name="SubjectId">Which one.</param>
/// <param name="FactType">Kind of fact, for example <c>preference</c>.</param>
/// <param name="Content">What is true, as a sentence of its own.</param>
/// <param name="FactKey">What it is single-valued in, for example <c>work_hours</c>; null: it may stand beside others.</param>
/// <param name="Category">Free grouping; null: none.</param>
/// <param name="Salience">Importance in 0..1.</param>
/// <param name="SpanStart">Where in the memory's content it says so: first character, counted in Unicode code points as Postgres does.</param>
/// <param name="SpanEnd">After the last character.</param>
/// <param name="Retires">A known fact of the same subject and type that it takes the place of; null: none.</param>
internal sealed record ExtractedFact(
    string SubjectType, string SubjectId, string FactType, string Content, string? FactKey, string? Category, double Salience, int SpanStart, int SpanEnd,
    Guid? Retires);

/// <summary>Nothing came of an extraction.</summary>
internal sealed class ExtractionException : Exception
{
    /// <param name="code">In a word, in snake_case: for example <c>llm_unreachable</c>, <c>llm_garbage</c>, <c>over_budget</c>.</param>
    /// <param name="message">For operators; nothing of the memory.</param>
    /// <param name="isTransient">Whether it may go better later by itself: then it costs the memory none of its tries.</param>
    /// <param name="retryAfter">Not before; null: as usual.</param>
    public ExtractionException(string code, string message, bool isTransient, TimeSpan? retryAfter = null)
        : base(message) => (Code, IsTransient, RetryAfter) = (code, isTransient, retryAfter);

    public string Code { get; }

    public bool IsTransient { get; }

    public TimeSpan? RetryAfter { get; }
}
