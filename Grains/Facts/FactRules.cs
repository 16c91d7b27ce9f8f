using System.Collections.Immutable;
using Actors.Sessions;

namespace Actors.Facts;

/// <summary>What a subject accepts, and what it makes of it: the table of <c>docs/facts.md</c>. Pure.</summary>
internal static class FactRules
{
    /// <summary>A new fact.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="moment">Where the subject stands.</param>
    /// <param name="holders">The first two facts of its key that have not ended where it begins, by start; empty without a key.</param>
    /// <exception cref="FactRefusedException">It breaks a rule.</exception>
    /// <exception cref="FactKeyTakenException">Its key is taken.</exception>
    public static FactWrite Create(CreateFactRequest request, SubjectMoment moment, ImmutableArray<FactRecord> holders)
    {
        CheckTexts(request);
        var begin = request.ValidFrom is { } given ? SessionRules.WholeMicroseconds(given) : moment.Instant;
        DateTimeOffset? end = request.ValidTo is { } to ? SessionRules.WholeMicroseconds(to) : null;
        EnsureOrder(begin, end);
        var fact = new FactRecord(
            Guid.CreateVersion7(moment.Instant), moment.Subject, request.FactType, request.Content,
            request.Salience ?? CreateFactRequest.DefaultSalience, request.Category, request.FactKey, begin, end,
            request.MetadataJson, ZepFactId: null, SupersededBy: null, moment.Instant, moment.Instant, RetractedAt: null);
        var write = new FactWrite(
            moment.Subject, FactOperation.Create, null, null, fact, request.ValidFrom is null, moment.Instant,
            Links: false, Distinct(request.SourceEventIds), Reason: null, request.Author);
        if (holders.IsEmpty || end <= holders[0].ValidFrom)
        {
            return write;
        }

        var holder = holders[0];
        if (request.OnConflict == FactConflict.Refuse)
        {
            throw Taken(holder.Id, "Another fact holds this key at that time. Ask for on_conflict=change, or give a valid_to.");
        }

        if (holder.ValidFrom > begin)
        {
            return end is null
                ? write with { Added = fact with { ValidTo = holder.ValidFrom } }
                : throw Taken(holder.Id, "Another fact holds this key before valid_to.");
        }

        return Replace(write, holder, holders.ElementAtOrDefault(1));
    }

    // The holder ends where the new fact begins. Without an end of its own the new fact takes over what was planned.
    private static FactWrite Replace(FactWrite create, FactRecord holder, FactRecord? next)
    {
        var fact = create.Added!;
        if (holder.ValidFrom == fact.ValidFrom)
        {
            throw Taken(holder.Id, "Another fact of this key begins at that very instant: correct it instead.");
        }

        var end = fact.ValidTo ?? holder.ValidTo;
        if (next is not null && !(end <= next.ValidFrom))
        {
            throw Taken(next.Id, "Another fact holds this key before valid_to.");
        }

        return create with
        {
            Operation = FactOperation.Change,
            Before = holder,
            After = holder with { ValidTo = fact.ValidFrom, SupersededBy = fact.Id },
            Added = fact with { ValidTo = end, SupersededBy = end == holder.ValidTo ? holder.SupersededBy : null },
        };
    }

    /// <summary>A fact's successor.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="fact">The fact; believed, and it holds just before <paramref name="at"/>, see <see cref="EnsureHolds"/>.</param>
    /// <param name="at">When the change takes effect.</param>
    /// <param name="moment">Where the subject stands.</param>
    /// <exception cref="FactRefusedException">It breaks a rule.</exception>
    public static FactWrite Change(ChangeFactRequest request, FactRecord fact, DateTimeOffset at, SubjectMoment moment)
    {
        CheckContent(request.Content);
        CheckSalience(request.Salience);
        CheckMetadata(request.MetadataJson);
        CheckSources(request.SourceEventIds);
        var successor = fact with
        {
            Id = Guid.CreateVersion7(moment.Instant),
            Content = request.Content,
            Salience = request.Salience ?? fact.Salience,
            MetadataJson = request.MetadataJson ?? fact.MetadataJson,
            ValidFrom = at,
            ZepFactId = null,
            CreatedAt = moment.Instant,
            RecordedAt = moment.Instant,
        };
        return new FactWrite(
            moment.Subject, FactOperation.Change, fact, fact with { ValidTo = at, SupersededBy = successor.Id }, successor,
            BeginsAtR: request.EffectiveAt is null, moment.Instant, Links: false, Distinct(request.SourceEventIds), Reason: null, request.Author);
    }

    /// <summary>Whether a change that takes effect at a time may end this fact; false: it has ended by then.</summary>
    /// <exception cref="FactRefusedException">Nothing of the fact would be left.</exception>
    public static bool EnsureHolds(FactRecord fact, DateTimeOffset at) =>
        fact.RetractedAt is not null ? false
        : at <= fact.ValidFrom
            ? throw new FactRefusedException(
                "effective_at_not_after_valid_from",
                "The change would take effect before the fact has begun, or as it begins, and leave nothing of it: correct the fact instead.")
        : !(fact.ValidTo <= at);

    /// <summary>A belief in place of a wrong one.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="fact">The fact as it is believed.</param>
    /// <param name="moment">Where the subject stands.</param>
    /// <exception cref="FactRefusedException">It breaks a rule.</exception>
    public static FactWrite Correct(CorrectFactRequest request, FactRecord fact, SubjectMoment moment)
    {
        CheckReason(request.Reason);
        if (request.Content is not null)
        {
            CheckContent(request.Content);
        }

        var corrected = fact with
        {
            Content = request.Content ?? fact.Content,
            ValidFrom = request.ValidFrom is { } from ? SessionRules.WholeMicroseconds(from) : fact.ValidFrom,
            ValidTo = request.IsOpenEnded ? null : request.ValidTo is { } to ? SessionRules.WholeMicroseconds(to) : fact.ValidTo,
        };
        EnsureOrder(corrected.ValidFrom, corrected.ValidTo);
        if (corrected == fact)
        {
            throw new FactRefusedException("correction_changes_nothing", "The fact is believed to be just so already.");
        }

        return new FactWrite(
            moment.Subject, FactOperation.Correct, fact, corrected, null, BeginsAtR: false, moment.Instant, Links: false, [],
            request.Reason, request.Author);
    }

    /// <summary>Refuses a corrected valid time that is another fact's.</summary>
    /// <param name="corrected">The belief to be.</param>
    /// <param name="predecessor">The fact it replaced by a change, if that is believed.</param>
    /// <param name="successor">The fact that replaced it, if that is believed.</param>
    /// <param name="holders">The first two facts of its key that have not ended where it begins, by start; empty without a key.</param>
    /// <exception cref="FactKeyTakenException">It is.</exception>
    public static void EnsureFree(
        FactRecord corrected, FactRecord? predecessor, FactRecord? successor, ImmutableArray<FactRecord> holders)
    {
        if (predecessor is not null && !(predecessor.ValidTo <= corrected.ValidFrom))
        {
            throw Taken(predecessor.Id, "The fact would begin before the one it replaced has ended: correct that one first.");
        }

        if (successor is not null && !(corrected.ValidTo <= successor.ValidFrom))
        {
            throw Taken(successor.Id, "The fact would end after its successor has begun: correct that one first.");
        }

        if (holders.FirstOrDefault(other => other.Id != corrected.Id) is { } holder && !(corrected.ValidTo <= holder.ValidFrom))
        {
            throw Taken(holder.Id, "Another fact of this key holds at that time: correct that one first.");
        }
    }

    /// <summary>The end of a belief.</summary>
    /// <exception cref="FactRefusedException">It breaks a rule.</exception>
    public static FactWrite Retract(RetractFactRequest request, FactRecord fact, SubjectMoment moment)
    {
        CheckReason(request.Reason);
        return new FactWrite(
            moment.Subject, FactOperation.Retract, fact, null, null, BeginsAtR: false, moment.Instant, Links: false, [],
            request.Reason, request.Author);
    }

    private static void EnsureOrder(DateTimeOffset begin, DateTimeOffset? end)
    {
        if (end <= begin)
        {
            throw new FactRefusedException("valid_from_not_before_valid_to", "valid_to must be later than valid_from.");
        }
    }

    private static void CheckTexts(CreateFactRequest request)
    {
        CheckContent(request.Content);
        CheckSalience(request.Salience);
        CheckMetadata(request.MetadataJson);
        CheckSources(request.SourceEventIds);
        foreach (var name in (string?[])[request.FactType, request.Category, request.FactKey])
        {
            if (name is { Length: 0 or > CreateFactRequest.MaxNameLength } || !SessionRules.IsStorable(name))
            {
                throw new FactRefusedException(
                    "name_length", $"fact_type, category and fact_key must be 1 to {CreateFactRequest.MaxNameLength} characters without NUL.");
            }
        }
    }

    private static void CheckContent(string content)
    {
        if (string.IsNullOrWhiteSpace(content) || content.Length > CreateFactRequest.MaxContentLength || !SessionRules.IsStorable(content))
        {
            throw new FactRefusedException(
                "content_length",
                $"Content must be 1 to {CreateFactRequest.MaxContentLength} characters of valid Unicode without NUL, not only white space.");
        }
    }

    private static void CheckReason(string reason)
    {
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > 1_024 || !SessionRules.IsStorable(reason))
        {
            throw new FactRefusedException("reason_length", "The reason must be 1 to 1,024 characters, not only white space.");
        }
    }

    private static void CheckSalience(double? salience)
    {
        if (salience is not (null or (>= 0 and <= 1)))
        {
            throw new FactRefusedException("salience_range", "Salience must lie in 0..1.");
        }
    }

    private static void CheckMetadata(string? json)
    {
        if (json is not null && !(SessionRules.IsStorable(json) && MetadataRules.NumbersAreReadable(json)))
        {
            throw new FactRefusedException("metadata_not_storable", "Metadata holds NUL, or a number that no double can hold.");
        }
    }

    private static void CheckSources(ImmutableArray<Guid> sources)
    {
        if (sources.Length > CreateFactRequest.MaxSources)
        {
            throw new FactRefusedException("too_many_sources", $"A fact names at most {CreateFactRequest.MaxSources} events it came from.");
        }
    }

    private static ImmutableArray<Guid> Distinct(ImmutableArray<Guid> ids) => [.. ids.Distinct()];

    private static FactKeyTakenException Taken(Guid factId, string message) => new(factId, message);
}

/// <summary>Where a subject stands when it decides.</summary>
/// <param name="Subject">The subject.</param>
/// <param name="Instant">Now, and later than everything recorded about the subject.</param>
internal readonly record struct SubjectMoment(FactSubject Subject, DateTimeOffset Instant);
