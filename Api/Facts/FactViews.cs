using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Actors.OpenApi;
using Actors.Sessions;

namespace Actors.Facts;

[Description("A fact as it is, or was, believed.")]
internal sealed record FactView(
    [Description("Its id; a correction keeps it, a change makes a new one.")] Guid FactId,
    [Description("Its id in Zep; null: it is not there.")] string? ZepFactId,
    [Description("Whose fact it is; null: shared, for every key to read.")] string? ClientId,
    [Description("Kind of entity it is about.")] string SubjectType,
    [Description("Which entity of its kind.")] string SubjectId,
    [Description("Kind of fact.")] string FactType,
    [Description("What is true.")] string Content,
    [Description("Its importance."), Range(0, 1)] double SalienceScore,
    [Description("Free grouping; null: none.")] string? Category,
    [Description("Facts of one client, subject, type and key never hold at the same time; null: it may stand beside others.")] string? FactKey,
    [Description("Start of its valid time.")] DateTimeOffset ValidFrom,
    [Description("End of its valid time, exclusive; null: none.")] DateTimeOffset? ValidTo,
    [Description("When the fact was first known.")] DateTimeOffset CreatedAt,
    [Description("Start of this belief's transaction time.")] DateTimeOffset RecordedAt,
    [Description("End of this belief's transaction time, exclusive; null: it is believed now.")] DateTimeOffset? RetractedAt,
    [Description("The fact that replaced it by a change; null: none did.")] Guid? SupersededBy,
    [Description("What was given with it.")] RawJson Metadata)
{
    [Description("The fact that was closed for the one that was written. Absent: none was.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? ReplacedFactId { get; init; }

    [Description("How many memories that are visible to this key the fact is known from. Absent in lists, and after a write.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ProofCount { get; init; }

    public static FactView Of(FactRecord fact) => new(
        fact.Id,
        fact.ZepFactId,
        fact.Subject.ClientId,
        fact.Subject.Type,
        fact.Subject.Id,
        fact.FactType,
        fact.Content,
        fact.Salience,
        fact.Category,
        fact.FactKey,
        fact.ValidFrom,
        fact.ValidTo,
        fact.CreatedAt,
        fact.RecordedAt,
        fact.RetractedAt,
        fact.SupersededBy,
        new RawJson(fact.MetadataJson));

    public static FactView Of(KnownFact known) => Of(known.Fact) with { ProofCount = known.ProofCount };

    public static FactView Of(FactAnswer answer) => Of(answer.Fact) with { ReplacedFactId = answer.Replaced?.Id };
}

[Description("One page of facts.")]
internal sealed record FactList(
    [Description("Newest first.")] FactView[] Items,
    [Description("The `cursor` of the next page; null: this is the last.")] string? NextCursor,
    [Description(RetentionAnswers.Description)] string[] Degraded);

[Description("All beliefs of a fact and of its chain of changes.")]
internal sealed record FactHistoryView(
    [Description("The fact that was asked about.")] Guid FactId,
    [Description("Oldest first: by the start of valid time, then by transaction time.")] FactBeliefView[] Items,
    [Description("Whether beliefs far from the fact were left out.")] bool Truncated,
    [Description(RetentionAnswers.Description)] string[] Degraded)
{
    public static FactHistoryView Of(Guid factId, FactHistory history) =>
        new(factId, [.. history.Beliefs.Select(FactBeliefView.Of)], history.IsTruncated, RetentionAnswers.Degraded(history.ReachesBehindRetention));
}

[Description("One belief of a history, and what ended it.")]
internal sealed record FactBeliefView(
    FactView Fact,
    [Description("What ended the belief, `update` and `delete` by SQL; null: it is believed now."), ValuesOf(typeof(FactBeliefView), nameof(FactBeliefView.Ends))] string? EndedBy,
    [Description("Name of the key, or the database's role, that ended it.")] string? Actor,
    [Description("Why.")] string? Reason,
    [Description("The fact that this fact replaced by a change; null: none.")] Guid? Supersedes,
    [Description("Where the fact came from.")] FactSourceView[] Sources)
{
    public static IReadOnlyList<string> Ends { get; } = ["change", "correct", "retract", "update", "delete"];

    public static FactBeliefView Of(FactBelief belief) => new(
        FactView.Of(belief.Fact) with { ProofCount = belief.ProofCount }, belief.EndedBy, belief.Actor, belief.Reason, belief.Supersedes, [.. belief.Sources.Select(FactSourceView.Of)]);
}

[Description("An event a fact came from.")]
internal sealed record FactSourceView(
    [Description("The event.")] Guid MemoryId,
    [Description("First character of the event's content it came from, counted in Unicode code points; null: all of it.")] int? SpanStart,
    [Description("End of that span, exclusive; null: all of it.")] int? SpanEnd,
    [Description("Who drew the fact from the event.")] string Extractor,
    [Description("Its version.")] string ExtractorVersion,
    [Description("The language model that was asked; null: none.")] string? Model)
{
    public static FactSourceView Of(FactSource source) =>
        new(source.EventId, source.SpanStart, source.SpanEnd, source.Extractor, source.ExtractorVersion, source.Model);
}

[Description("What is known about an entity.")]
internal sealed record SubjectView(
    [Description("Kind of entity.")] string SubjectType,
    [Description("Which entity of its kind.")] string SubjectId,
    [Description("One page of the facts about it, newest first.")] FactView[] Facts,
    [Description("The first of the entities it is linked to, by relation, type and id.")] FactLinkView[] Links,
    [Description("The `cursor` of the next page of facts; null: this is the last.")] string? NextCursor,
    [Description(RetentionAnswers.Description)] string[] Degraded);

[Description("A linked entity.")]
internal sealed record FactLinkView(
    [Description("How it is linked.")] string Relation,
    [Description("`outgoing`: the link starts at the entity asked about."), ValuesOf(typeof(FactLinkView), nameof(FactLinkView.Directions))] string Direction,
    [Description("Whose link it is; null: shared.")] string? ClientId,
    [Description("Kind of the linked entity.")] string SubjectType,
    [Description("Which entity of its kind.")] string SubjectId,
    [Description("The fact that names the link; null: an operator made it.")] Guid? FactId,
    [Description("Start of its valid time.")] DateTimeOffset ValidFrom,
    [Description("End of its valid time, exclusive; null: none.")] DateTimeOffset? ValidTo)
{
    public static IReadOnlyList<string> Directions { get; } = ["outgoing", "incoming"];

    public static FactLinkView Of(FactLink link) => new(
        link.Relation,
        link.IsOutgoing ? Directions[0] : Directions[1],
        link.ClientId,
        link.SubjectType,
        link.SubjectId,
        link.FactId,
        link.ValidFrom,
        link.ValidTo);
}
