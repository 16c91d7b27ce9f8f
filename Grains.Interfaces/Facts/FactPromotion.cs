namespace Actors.Facts;

/// <summary>Where an extractor found a fact. One extraction of one event is applied once: event, extractor, version and ordinal are unique.</summary>
/// <param name="EventId">The event, of the fact's client.</param>
/// <param name="ContentHash">MD5 of the event's content as UTF-8, big-endian; when the event has another content by now, nothing is written.</param>
/// <param name="Ordinal">Its place among what was found in the event, from 0.</param>
/// <param name="SpanStart">First character of the event's content that says so, counted in Unicode code points.</param>
/// <param name="SpanEnd">End of that span, exclusive.</param>
/// <param name="Extractor">Who found it.</param>
/// <param name="ExtractorVersion">Its version.</param>
/// <param name="Model">The language model, if one was asked.</param>
/// <param name="QuoteHash">By what the span's words are recognised when they come back.</param>
[GenerateSerializer, Immutable, Alias("FactPromotion")]
public sealed record FactPromotion(
    [property: Id(0)] Guid EventId,
    [property: Id(1)] Guid ContentHash,
    [property: Id(2)] int Ordinal,
    [property: Id(3)] int SpanStart,
    [property: Id(4)] int SpanEnd,
    [property: Id(5)] string Extractor,
    [property: Id(6)] string ExtractorVersion,
    [property: Id(7)] string? Model,
    [property: Id(8)] Guid QuoteHash);

/// <summary>A fact that was found in an event. Text must be valid UTF-16 without NUL; limits are those of <see cref="CreateFactRequest"/>.</summary>
/// <param name="FactType">Kind of fact.</param>
/// <param name="Content">What is true.</param>
/// <param name="Salience">Importance in 0..1.</param>
/// <param name="Category">Free grouping; null: none.</param>
/// <param name="FactKey">Makes the fact single-valued: what holds the key ends where this begins. Null: it may stand beside others.</param>
/// <param name="OccurredAt">Start of its valid time: when the event occurred.</param>
/// <param name="Retires">A fact of the subject, of the same type, that ends where this begins; null: none. One that is not there, or has ended by then, is left alone.</param>
/// <param name="Promotion">Where it was found.</param>
/// <param name="Author">Who writes.</param>
/// <param name="MayConfirm">Whether it counts as a proof of a fact that says the same; otherwise that one refuses it, <c>known_already</c>.</param>
[GenerateSerializer, Immutable, Alias("PromoteFactRequest")]
public sealed record PromoteFactRequest(
    [property: Id(0)] string FactType,
    [property: Id(1)] string Content,
    [property: Id(2)] double Salience,
    [property: Id(3)] string? Category,
    [property: Id(4)] string? FactKey,
    [property: Id(5)] DateTimeOffset OccurredAt,
    [property: Id(6)] Guid? Retires,
    [property: Id(7)] FactPromotion Promotion,
    [property: Id(8)] FactAuthor Author,
    [property: Id(9)] bool MayConfirm = true);

/// <summary>What became of a fact that was found.</summary>
/// <param name="Fact">The fact as it is believed: a new one, or the one that it confirms.</param>
/// <param name="Operation">Create, change or confirm.</param>
[GenerateSerializer, Immutable, Alias("PromotedFact")]
public sealed record PromotedFact([property: Id(0)] FactRecord Fact, [property: Id(1)] FactOperation Operation);
