using System.Text.Json.Nodes;
using Actors.Http;
using Actors.OpenApi;
using Actors.Storage;

namespace Actors.Sessions;

/// <summary>What requests about memories hold, as <see cref="RememberBinding"/>, <see cref="RecallBinding"/> and <see cref="SessionApi"/> read it.</summary>
internal static class MemoryFields
{
    private const string Conversation = "chat-42";
    private const string Start = "2026-01-01T00:00:00Z";
    private const string End = "2030-01-01T00:00:00Z";

    /// <summary>Members of a memory to store.</summary>
    public static Field[] OfMemory(bool needsClient) =>
    [
        new("content", Schemas.NotBlank(NewMemory.MaxContentLength), "What to remember; not only white space.", "Ada prefers calls before noon.") { IsRequired = true },
        InBody("Whose memory. A client exists from its first memory on.") with { IsRequired = needsClient },
        new("memory_type", Schemas.OneOf(MemoryNames.Types), "Kind of memory.", "decision") { Default = "event" },
        new("memory_scope", Schemas.OneOf(MemoryNames.Scopes), "How far it reaches, and with that how long it lives: `run` until its run ends, `session` for 24 hours, the others without end.", "project") { Default = "user" },
        new("salience_score", Schemas.Number(0, 1), "Importance. Without it, it is estimated from the text.", 0.8),
        new("salience_hint", Schemas.Number(0, 1), "Another name for `salience_score`; give one of them.", 0.8),
        new("metadata", Schemas.AnyObject, "Any JSON object, at most 64 levels deep with the body; numbers must fit a double.", JsonNode.Parse("""{"project":"audit"}""")!) { Default = "{}" },
        new("conversation_id", Schemas.Text(RememberBinding.MaxNameLength), "Conversation it is part of.", Conversation),
        new("speaker", Schemas.Text(RememberBinding.MaxNameLength), "Who said it.", "Ada"),
        new("occurred_at", Schemas.Time, "When it happened: the start of its valid time. Without it, when it is stored.", "2026-03-01T09:30:00+01:00"),
        new("run_id", Schemas.Id, "Execution run of this client it belongs to; must exist. Scope `run` needs it.", "01a20464-0000-7bf9-8186-b9183285f4f2"),
        new("expires_at", Schemas.Time, "End of its valid time, exclusive; later than `occurred_at`. Without it, as its scope says.", End),
    ];

    /// <summary>Parameters of a recall in the query.</summary>
    public static Field[] OfRecallQuery =>
    [
        .. OfRecall(Schemas.Text(RecallBinding.MaxQueryLength, minLength: 1), InQuery("Whose memory.")),
        Scopes(Schemas.ListOf(Schemas.OneOf(MemoryNames.Scopes), 1, MemoryNames.Scopes.Count)),
        new(
            "metadata",
            Schemas.MapOf(Schemas.Text(RecallBinding.MaxMetadataLength, minLength: 1), RecallBinding.MaxMetadataFilters, @"^metadata\."),
            "Top-level metadata a memory must have: one parameter `metadata.<name>=<value>` for each, compared as text.",
            JsonNode.Parse("""{"metadata.project":"audit"}""")!),
    ];

    /// <summary>Members of a recall in the body.</summary>
    public static Field[] OfRecallBody =>
    [
        .. OfRecall(Schemas.NotBlank(RecallBinding.MaxQueryLength), InBody("Whose memory.") with { IsRequired = true }),
        Scopes(Schemas.AnyOf(Schemas.ListOf(Schemas.OneOf(MemoryNames.Scopes), 0, MemoryNames.Scopes.Count), Schemas.Text(RecallBinding.MaxScopesLength))),
        new(
            "metadata",
            Schemas.MapOf(Schemas.Plain(RecallBinding.MaxMetadataLength), RecallBinding.MaxMetadataFilters),
            "Top-level metadata a memory must have, compared as text.",
            JsonNode.Parse("""{"project":"audit"}""")!),
    ];

    /// <summary>Parameters of the list of events.</summary>
    public static Field[] OfList =>
    [
        InQuery("Whose events."),
        new("scope", Schemas.OneOf(MemoryNames.Scopes), "Only events of this scope.", "user"),
        From,
        To,
        AsOf,
        KnownAt,
        new("min_salience", Schemas.Number(0, 1), "Only events of at least this salience.", 0.5),
        IncludeExpired,
        new("limit", Schemas.Integer(1, SessionApi.MaxPage), "Most events on the page. A page of large events ends earlier.", 20) { Default = SessionApi.DefaultPage },
        new("cursor", Schemas.Text(RowCursor.MaxLength), "The `next_cursor` of the page before.", RowCursor.Format(new RowPosition(DateTimeOffset.Parse(End), Guid.AllBitsSet))),
    ];

    public static Field EventId => new("id", Schemas.Id, "Id of the event: its `memory_id`.", "01a20464-5b29-7bf9-8186-b9183285f4f2");

    public static Field IncludeExpired => new("include_expired", Schemas.Flag, "Whether events that have expired are there too.", true) { Default = false };

    private static Field From => new("from", Schemas.Time, "Earliest `occurred_at`, inclusive.", Start);

    /// <summary>Valid time.</summary>
    public static Field AsOf => new("as_of", Schemas.Time, "Valid time: what held at that instant, also if it has expired since. Without it, what has not expired now.", End);

    /// <summary>Transaction time.</summary>
    public static Field KnownAt => new("known_at", Schemas.Time, "Transaction time: leaves out what was stored later. Without it, all that is known now.", End);

    private static Field To => new("to", Schemas.Time, "Latest `occurred_at`, exclusive.", End);

    /// <summary><c>client_id</c> as a member.</summary>
    public static Field InBody(string meaning) => new("client_id", ClientIds.InBody, $"{meaning} A whole number is taken as its text.", "1");

    private static Field InQuery(string meaning) => new("client_id", ClientIds.InQuery, meaning, "1") { IsRequired = true };

    private static Field Scopes(JsonObject schema) => new(
        "scopes", schema, "Scopes to look in: names with commas between, or a JSON array. Without it, all.", new JsonArray("user", "global"));

    private static IEnumerable<Field> OfRecall(JsonObject query, Field clientId) =>
    [
        new("query", query, "The question, or words to look for.", "When does Ada take calls?") { IsRequired = true },
        clientId,
        new("format", Schemas.OneOf(RecallBinding.Formats), "`results`: memories one by one. `context`: text for a prompt.", "results") { Default = "results" },
        new(
            "max_tokens",
            Schemas.Integer(ContextText.MinTokens, ContextText.MaxTokens),
            $"Budget of the text, for `format=context` only. Without it, {ContextText.DefaultTokens}.",
            500) { IsFilledIn = false },
        new(
            "k",
            Schemas.Integer(1, RecallRequest.MaxK),
            $"Most results. Without it, {RecallRequest.DefaultK}; of context, as many as fit, {RecallRequest.MaxK} at most.",
            5),
        new("memory_type", Schemas.OneOf(MemoryNames.Kinds), "Only memories of this kind.", "event"),
        new("conversation_id", Schemas.Text(RememberBinding.MaxNameLength), "Only this conversation.", Conversation),
        new("speaker", Schemas.Text(RememberBinding.MaxNameLength), "Only what this speaker said, ignoring case.", "Ada"),
        From,
        To,
        AsOf,
        KnownAt,
    ];
}
