using System.Text.Json.Nodes;
using Actors.OpenApi;
using Actors.Sessions;

namespace Actors.Facts;

/// <summary>What requests about facts hold, as <see cref="FactBinding"/> and <see cref="FactQueryBinding"/> read it.</summary>
internal static class FactFields
{
    private const string Start = "2026-03-01T00:00:00Z";
    private const string End = "2030-01-01T00:00:00Z";

    public static Field[] OfNew =>
    [
        new("subject_type", RequiredName(CreateFactRequest.MaxNameLength), "Kind of entity it is about.", "user") { IsRequired = true },
        new("subject_id", Schemas.OrNumber(RequiredName(CreateFactRequest.MaxSubjectIdLength)), "Which entity of its kind. A whole number is taken as its text.", "Ada") { IsRequired = true },
        new("fact_type", RequiredName(CreateFactRequest.MaxNameLength), "Kind of fact.", "availability") { IsRequired = true },
        new("content", Schemas.NotBlank(CreateFactRequest.MaxContentLength), "What is true; not only white space.", "Works 9 to 17.") { IsRequired = true },
        MemoryFields.InBody("Whose fact. Without it, that of the key's only client; with an admin key the fact is shared, for every key to read."),
        new("salience_score", Schemas.Number(0, 1), "Importance.", 0.8) { Default = CreateFactRequest.DefaultSalience },
        new("category", Name(CreateFactRequest.MaxNameLength), "Free grouping.", "work"),
        new("fact_key", Name(CreateFactRequest.MaxNameLength), "Facts of one client, subject, type and key never hold at the same time; without it, the fact stands beside others.", "work_hours"),
        new("valid_from", Schemas.Time, "Start of its valid time. Without it, when it is recorded.", Start),
        new("valid_to", Schemas.Time, "End of its valid time, exclusive. Without it, none, or that of the fact it replaces.", End),
        Metadata("Any JSON object; its `relations` link the subject to other entities.") with { Default = "{}" },
        Sources,
    ];

    public static Field[] OfUpdate =>
    [
        new("content", Schemas.NotBlank(CreateFactRequest.MaxContentLength), "What is true from then on.", "Works 8 to 16.") { IsRequired = true },
        new("salience_score", Schemas.Number(0, 1), "Importance. Without it, as before.", 0.8),
        new("effective_at", Schemas.Time, "When it changed: later than the fact's `valid_from`. Without it, when the change is recorded.", End),
        Metadata("Metadata of the successor. Without it, as before."),
        Sources,
    ];

    public static Field[] OfCorrection =>
    [
        new("reason", Schemas.NotBlank(FactBinding.MaxReasonLength), "Why; stays with the belief that ends.", "Misheard.") { IsRequired = true },
        new("content", Schemas.NotBlank(CreateFactRequest.MaxContentLength), "What is true. Without it, as before.", "Works 9 to 16."),
        new("valid_from", Schemas.Time, "Start of its valid time. Without it, as before.", Start),
        new("valid_to", Schemas.Time, "End of its valid time, exclusive; null takes the end away. Without it, as before.", End),
    ];

    public static Field[] OfRetraction =>
    [
        new("reason", Schemas.NotBlank(FactBinding.MaxReasonLength), "Why; stays with the belief that ends.", "It was about somebody else.") { IsRequired = true },
    ];

    public static Field[] OfList =>
    [
        new("subject_type", Name(CreateFactRequest.MaxNameLength), "Only facts about entities of this kind.", "user"),
        new("subject_id", Name(CreateFactRequest.MaxSubjectIdLength), "Only facts about this entity.", "Ada"),
        new("fact_type", Name(CreateFactRequest.MaxNameLength), "Only this kind of fact.", "availability"),
        new("category", Name(CreateFactRequest.MaxNameLength), "Only this category.", "work"),
        new("fact_key", Name(CreateFactRequest.MaxNameLength), "Only this key.", "work_hours"),
        ClientId,
        new("as_of", Schemas.Time, "Valid time. Without it, now.", End),
        KnownAt,
        new("include", Schemas.OneOf(FactQueryBinding.Includes), "`current`: facts that hold at `as_of`; `history`: those that had ended by then; `all`: whatever their valid time.", "all") { Default = "current" },
        Limit,
        Cursor(FactCursor.Facts),
    ];

    public static Field[] OfSubject =>
    [
        new("type", RequiredName(CreateFactRequest.MaxNameLength), "Kind of entity, percent-encoded.", "user"),
        new("id", RequiredName(CreateFactRequest.MaxSubjectIdLength), "Which entity of its kind, percent-encoded, a slash as `%2F`.", "Ada"),
        ClientId,
        new("as_of", Schemas.Time, "Valid time. Without it, now.", End),
        KnownAt,
        Limit,
        Cursor(FactCursor.Subject),
    ];

    public static Field OnConflict => new(
        "on_conflict",
        Schemas.OneOf(FactBinding.Conflicts),
        "When a fact of the key holds already: `refuse` answers 409, `change` ends it where the new one begins.",
        "change") { Default = "refuse" };

    public static Field Id => new("id", Schemas.Id, "Id of the fact.", "01a20464-5b29-7bf9-8186-b9183285f4f2");

    public static Field KnownAt => new("known_at", Schemas.Time, "Transaction time: what was believed at that instant. Without it, now.", End);

    private static Field ClientId => new("client_id", ClientIds.InQuery, "Only this client's facts, and the shared ones.", "1");

    private static Field Limit => new("limit", Schemas.Integer(1, FactQueryBinding.MaxPage), "Most facts on the page, and most links. A page of large facts ends earlier.", 20) { Default = FactQueryBinding.DefaultPage };

    private static Field Sources => new(
        "source_memory_ids",
        Schemas.ListOf(Schemas.Id, 0, CreateFactRequest.MaxSources),
        "Memories of the same client it came from.",
        new JsonArray("01a20464-5b29-7bf9-8186-b9183285f4f2"));

    private static Field Cursor(byte list) => new(
        "cursor",
        Schemas.Text(FactQueryBinding.MaxCursorLength),
        "The `next_cursor` of the page before; repeat the other parameters.",
        FactCursor.Format(list, new FactPosition(DateTimeOffset.Parse(End), Guid.AllBitsSet)));

    private static Field Metadata(string description)
    {
        var relation = Schemas.Object(
            "Relation",
            new Field("relation", RequiredName(CreateFactRequest.MaxNameLength), "How the subject is linked.", "works_for") { IsRequired = true },
            new Field("subject_type", RequiredName(CreateFactRequest.MaxNameLength), "Kind of the linked entity.", "company") { IsRequired = true },
            new Field("subject_id", RequiredName(CreateFactRequest.MaxSubjectIdLength), "Which entity of its kind.", "Acme") { IsRequired = true });
        var example = JsonNode.Parse("""[{"relation":"works_for","subject_type":"company","subject_id":"Acme"}]""")!;
        var metadata = Schemas.Object(
            "FactMetadata",
            new Field("relations", Schemas.ListOf(relation, 0, CreateFactRequest.MaxRelations), "Entities the subject is linked to while the fact holds.", example) { IsNullable = false });
        metadata["additionalProperties"] = true;
        return new Field("metadata", metadata, description, new JsonObject { ["relations"] = example.DeepClone() });
    }

    private static JsonObject Name(int maxLength) => WithPattern(Schemas.Text(maxLength), FactNames.Pattern);

    private static JsonObject RequiredName(int maxLength) => WithPattern(Schemas.Text(maxLength, minLength: 1), FactNames.RequiredPattern);

    private static JsonObject WithPattern(JsonObject schema, string pattern)
    {
        schema["pattern"] = pattern;
        return schema;
    }
}
