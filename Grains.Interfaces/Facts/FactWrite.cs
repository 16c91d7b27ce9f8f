using System.Collections.Immutable;

namespace Actors.Facts;

/// <summary>What a write of a fact is, as its versions tell later.</summary>
[GenerateSerializer, Alias("FactOperation")]
public enum FactOperation
{
    /// <summary>A new fact, nothing ended for it.</summary>
    Create,

    /// <summary>The world changed: one fact ends, its successor begins.</summary>
    Change,

    /// <summary>We were wrong: the belief is replaced.</summary>
    Correct,

    /// <summary>It is taken out.</summary>
    Retract,

    /// <summary>It was found once more: the belief stays, and has another source.</summary>
    Confirm,
}

/// <summary>
/// A write that its subject has decided on, for the client's session to commit at an instant R that it chooses: the session
/// is the one writer of a client's rows, and joins what many subjects decide into one transaction.
/// </summary>
/// <param name="Subject">Whose fact it is.</param>
/// <param name="Operation">Create has only <paramref name="Added"/>, change all three, correct no <paramref name="Added"/>, retract and confirm only <paramref name="Before"/>.</param>
/// <param name="Before">The belief that ends at R, or is confirmed; must still be the present one.</param>
/// <param name="After">What is believed from R on in its place.</param>
/// <param name="Added">The new fact; its transaction times become R.</param>
/// <param name="BeginsAtR">Whether the new fact's valid time begins at R, and that of <paramref name="After"/> ends there.</param>
/// <param name="NotBefore">R is not earlier: the subject's times only move forward.</param>
/// <param name="Links">Whether the entity graph has to be brought up to date.</param>
/// <param name="SourceEventIds">Events of the client the new fact came from.</param>
/// <param name="Reason">Why, if told.</param>
/// <param name="Author">Who writes.</param>
/// <param name="Promotion">Where the new, or confirmed, fact was found, and which event is promoted to it; null: nobody extracted it.</param>
[GenerateSerializer, Immutable, Alias("FactWrite")]
public sealed record FactWrite(
    [property: Id(0)] FactSubject Subject,
    [property: Id(1)] FactOperation Operation,
    [property: Id(2)] FactRecord? Before,
    [property: Id(3)] FactRecord? After,
    [property: Id(4)] FactRecord? Added,
    [property: Id(5)] bool BeginsAtR,
    [property: Id(6)] DateTimeOffset NotBefore,
    [property: Id(7)] bool Links,
    [property: Id(8)] ImmutableArray<Guid> SourceEventIds,
    [property: Id(9)] string? Reason,
    [property: Id(10)] FactAuthor Author,
    [property: Id(11)] FactPromotion? Promotion = null);
