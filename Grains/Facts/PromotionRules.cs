using System.Collections.Immutable;
using Actors.Sessions;

namespace Actors.Facts;

/// <summary>What a subject makes of a fact that was found in an event: the table of <c>docs/promotion.md</c>. Pure.</summary>
internal static class PromotionRules
{
    /// <summary>Refuses what no subject can take: extractors may be models, which write anything.</summary>
    /// <exception cref="FactRefusedException">It breaks a rule.</exception>
    public static void Check(PromoteFactRequest request, FactSubject subject)
    {
        if (subject.ClientId is null)
        {
            throw new FactRefusedException("shared_fact", "What was found in a client's event is the client's.");
        }

        if (!IsName(subject.Type, CreateFactRequest.MaxNameLength) || !IsName(subject.Id, CreateFactRequest.MaxSubjectIdLength) || !IsName(request.FactType, CreateFactRequest.MaxNameLength)
            || !IsName(request.Category, CreateFactRequest.MaxNameLength) || !IsName(request.FactKey, CreateFactRequest.MaxNameLength))
        {
            throw new FactRefusedException("name_length", "Types, keys, categories and subject ids must be named, within their lengths and without control characters.");
        }
    }

    /// <summary>A new fact, the successor of one, or one more source of one that says the same.</summary>
    /// <param name="request">What was found.</param>
    /// <param name="moment">Where the subject stands.</param>
    /// <param name="retired">The fact it is said to take the place of, if there was ever such a one.</param>
    /// <param name="holders">The first two facts of its key that have not ended where it begins, by start; empty without a key.</param>
    /// <param name="believed">Facts of the subject and type.</param>
    /// <param name="provenAt">When the latest event occurred in which a fact was found that begins before this one, and may be ended by it; null: none was.</param>
    /// <exception cref="FactRefusedException">It breaks a rule.</exception>
    /// <exception cref="FactKeyTakenException">Its key is taken from that very instant on.</exception>
    public static FactWrite Decide(
        PromoteFactRequest request, SubjectMoment moment, FactRecord? retired, ImmutableArray<FactRecord> holders, IEnumerable<FactRecord> believed,
        DateTimeOffset? provenAt)
    {
        var begin = SessionRules.WholeMicroseconds(request.OccurredAt);
        // A model may name what is none of this subject's, or of another kind: that is not touched.
        var replaced = retired is { RetractedAt: null } && retired.FactType == request.FactType && !(retired.ValidTo <= begin) ? retired : null;
        if (FindSame(request, begin, holders, believed) is { } same && !Replaces(request, same))
        {
            if (replaced is not null && replaced.Id != same.Id)
            {
                throw new FactRefusedException("successor_known", "What is to take the place of a fact is a fact already: which of them holds is for people to say.");
            }

            if (!request.MayConfirm)
            {
                throw new FactRefusedException("known_already", "What is known already is no better known because this speaker says it.");
            }

            return new FactWrite(
                moment.Subject, FactOperation.Confirm, same, null, null, BeginsAtR: false, moment.Instant, Links: false, [], Reason: null, request.Author, request.Promotion);
        }

        if (provenAt > begin)
        {
            throw new FactRefusedException("proven_later", "The fact that it would end was found in an event that occurred later.");
        }

        if (replaced is not null && replaced.ValidFrom < begin)
        {
            var change = new ChangeFactRequest(replaced.Id, request.Content, request.Salience, begin, MetadataJson: "{}", [], request.Author);
            return FactRules.Change(change, replaced, begin, moment) with { Promotion = request.Promotion };
        }

        // The event is older than the fact: this one held before that.
        DateTimeOffset? end = request.FactKey is null && replaced?.ValidFrom > begin ? replaced.ValidFrom : null;
        var create = new CreateFactRequest(
            request.FactType, request.Content, request.Salience, request.Category, request.FactKey, begin, end, MetadataJson: "{}", [], FactConflict.Change, request.Author);
        return FactRules.Create(create, moment, holders) with { Promotion = request.Promotion };
    }

    // Who says that it takes the place of a fact knows of that one, and says something else unless it is word for word the same.
    private static bool Replaces(PromoteFactRequest request, FactRecord same) =>
        request.Retires == same.Id && NormalText.Of(same.Content) != NormalText.Of(request.Content);

    // Of single-valued ones only what holds the key then, by its very words: "9 to 17" and "10 to 17" overlap, and differ.
    private static FactRecord? FindSame(PromoteFactRequest request, DateTimeOffset begin, ImmutableArray<FactRecord> holders, IEnumerable<FactRecord> believed) =>
        request.FactKey is not null
            ? holders.FirstOrDefault(holder => holder.ValidFrom <= begin && NormalText.Of(holder.Content) == NormalText.Of(request.Content))
            : believed.Where(fact => fact.FactKey is null && !(fact.ValidTo <= begin) && NormalText.SaysTheSame(fact.Content, request.Content))
                .OrderBy(fact => fact.ValidTo is not null).ThenBy(fact => fact.CreatedAt).ThenBy(fact => fact.Id).FirstOrDefault();

    private static bool IsName(string? name, int longest) =>
        name is null || (name.Length > 0 && name.Length <= longest && !string.IsNullOrWhiteSpace(name) && SessionRules.IsStorable(name) && !name.Any(char.IsControl));
}
