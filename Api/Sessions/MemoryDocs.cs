using System.Text.Json.Nodes;
using Actors.Api;
using Actors.OpenApi;

namespace Actors.Sessions;

/// <summary>What the routes of <see cref="SessionApi"/> do.</summary>
internal static class MemoryDocs
{
    private const string Remembered =
        """
        {"memory_id":"01a20464-5b29-7bf9-8186-b9183285f4f2","stored_in":["postgres"],"queued_for":[],"zep_session_id":"client_1",
         "salience_score":0.7,"memory_scope":"user","expires_at":null}
        """;

    private const string Repeated =
        """
        {"memory_id":"01a20464-5b29-7bf9-8186-b9183285f4f2","stored_in":["postgres"],"queued_for":[],"zep_session_id":"client_1",
         "salience_score":0.7,"memory_scope":"user","expires_at":null,"duplicate_of":"01a20464-5b29-7bf9-8186-b9183285f4f2"}
        """;

    private const string Event =
        """
        {"memory_id":"01a20464-5b29-7bf9-8186-b9183285f4f2","client_id":"1","content":"Ada prefers calls before noon.","memory_type":"event",
         "memory_scope":"user","salience_score":0.7,"conversation_id":null,"speaker":"Ada","run_id":null,
         "occurred_at":"2026-11-22T17:53:35.529361+00:00","created_at":"2026-11-22T17:53:35.529361+00:00","expires_at":null,
         "promoted_to_fact_id":null,"metadata":{"project":"audit"}}
        """;

    private const string Recalled =
        """
        {"query":"When does Ada take calls?","client_id":"1","results":[
          {"memory_id":"01a20464-5b29-7bf9-8186-b9183285f4f2","content":"Ada prefers calls before noon.","similarity_score":0.7481,"source":"event",
           "memory_type":"event","memory_scope":"user","speaker":"Ada","conversation_id":null,"created_at":"2026-11-22T17:53:35.529361+00:00",
           "occurred_at":"2026-11-22T17:53:35.529361+00:00","valid_from":"2026-11-22T17:53:35.529361+00:00","valid_to":null,
           "metadata":{"project":"audit"},"why":{"matched_terms":["Ada","calls"],"reasons":["answer_type"],"bm25":5.4212}}],
         "result_count":1,"cached":false,"degraded":[],"search_time_ms":0.412}
        """;

    private const string Context =
        """
        {"query":"When does Ada take calls?","client_id":"1",
         "context":"- [2026-11-22 17:53] Ada: Ada prefers calls before noon. (memory 01a20464-5b29-7bf9-8186-b9183285f4f2)\n",
         "results":[{"memory_id":"01a20464-5b29-7bf9-8186-b9183285f4f2","similarity_score":0.7481}],"result_count":1,"left_out":0,
         "token_count":48,"max_tokens":500,"cached":false,"degraded":[],"search_time_ms":0.412}
        """;

    private const string AboutRecall =
        """
        Ranks by BM25 over the words of the question. Only memories that share a word with it appear: when nothing matches, the list is empty.
        Equal scores come newest first. A memory is found by every recall that starts after its remember was answered.
        """;

    private static readonly RouteTag Tag = new("Memory", "What a client's agents remember, and recall for a question.");

    // What a memory may be refused for; the grain decides.
    private static readonly Exception[] BrokenRules =
    [
        new MemoryRefusedException("run_scope_needs_run_id", "A memory of scope 'run' ends with its run: say which by run_id."),
        new MemoryRefusedException("unknown_run", "run_id names no execution run of this client."),
        new MemoryRefusedException("expires_before_it_occurred", "expires_at must be later than occurred_at."),
        new MemoryRefusedException("number_out_of_range", "Metadata holds a number that no double can hold."),
        new MemoryRefusedException("events_metadata_has_at_most_1048576_bytes", "The memory breaks the rule 'events_metadata_has_at_most_1048576_bytes'."),
    ];

    private static readonly AnswerDoc Found = AnswerDoc.Json(
        200,
        "What was found, best first, in the form that `format` asks for.",
        Schemas.AnyOf(AnswerSchemas.Of(typeof(RecallResults)), AnswerSchemas.Of(typeof(RecallContext))),
        ("results", Recalled),
        ("context", Context));

    private static readonly Exception[] NoSuchEvent = [new NotFoundException("There is no such event.")];

    // Of all routes that write too (CommonRefusals).
    private static readonly SessionLoadingException SessionLoading = new("The client's memories are being read into memory, which takes longer than a request waits.");

    public static RouteDoc Remember { get; } = new(
        "remember", Tag, "Store one memory", """
        Answers after the commit: a recall that starts later finds the memory, and no crash loses it. An exact repeat within 60 s (same client,
        conversation, speaker, time, metadata and text) is stored once, unless an Idempotency-Key says that it is a request of its own.
        """)
    {
        Body = new(
            Schemas.Object("NewMemory", MemoryFields.OfMemory(needsClient: true)),
            ("usual", """{"content":"Ada prefers calls before noon.","client_id":"1","speaker":"Ada","conversation_id":"chat-42","metadata":{"project":"audit"}}"""),
            ("full", """
                {"content":"We decided to bill the audit by the hour.","client_id":"1","memory_type":"decision","memory_scope":"project","salience_score":0.9,
                 "metadata":{"project":"audit"},"conversation_id":"chat-42","speaker":"Ada","occurred_at":"2026-03-01T09:30:00+01:00","expires_at":"2031-03-01T00:00:00Z"}
                """)),
        Answers =
        [
            AnswerDoc.Json<RememberedMemory>(201, "Stored.", Remembered),
            AnswerDoc.Json<RememberedMemory>(200, "An exact repeat of a memory stored in the last minute; nothing was stored again.", Repeated),
        ],
        Refusals = BrokenRules,
    };

    public static RouteDoc RememberBatch { get; } = new(
        "rememberBatch", Tag, "Store several memories of one client",
        "All or none, in order, in one commit. The body is an object with the client's id and the memories, or the bare array when each memory names the client.")
    {
        Body = new(
            Schemas.AnyOf(
                Schemas.Object(
                    "NewMemories",
                    new Field("items", Batch(Schemas.Object("BatchMemory", MemoryFields.OfMemory(needsClient: false))), "The memories, in order.", new JsonArray(Example("Sent the draft."))) { IsRequired = true },
                    MemoryFields.InBody("Whose memories; may be left out when each item says so.")),
                Batch(Schemas.Object("NewMemory", MemoryFields.OfMemory(needsClient: true)))),
            ("object", """{"client_id":"1","items":[{"content":"Sent the draft report to the board."},{"content":"We decided to bill by the hour.","memory_type":"decision"}]}"""),
            ("array", """[{"client_id":"1","content":"Sent the draft report to the board."}]""")),
        Answers =
        [
            AnswerDoc.Json<RememberedBatch>(201, "Stored, but for exact repeats of memories stored in the last minute.", $$"""{"items":[{{Remembered}}]}"""),
            AnswerDoc.Json<RememberedBatch>(200, "All are exact repeats; nothing was stored again.", $$"""{"items":[{{Repeated}}]}"""),
        ],
        Refusals = BrokenRules,
    };

    public static RouteDoc Recall { get; } = new("recall", Tag, "Rank a client's memories for a question", AboutRecall)
    {
        Parameters = MemoryFields.OfRecallQuery,
        Answers = [Found],
        Refusals = [SessionLoading],
    };

    public static RouteDoc RecallByBody { get; } = new(
        "recallByBody", Tag, "Rank a client's memories for a question in the body", $"The same as the recall with a query, for long questions. Writes nothing.\n\n{AboutRecall}")
    {
        Body = new(
            Schemas.Object("RecallQuestion", MemoryFields.OfRecallBody),
            ("short", """{"query":"When does Ada take calls?","client_id":"1"}"""),
            ("filtered", """{"query":"billing","client_id":"1","k":5,"scopes":["user","project"],"memory_type":"decision","as_of":"2030-01-01T00:00:00Z","metadata":{"project":"audit"}}"""),
            ("context", """{"query":"When does Ada take calls?","client_id":"1","format":"context","max_tokens":500}""")),
        Answers = [Found],
        Refusals = [SessionLoading],
    };

    public static RouteDoc ListEvents { get; } = new("listEvents", Tag, "List a client's events", "Newest first by `created_at`, page by page.")
    {
        Parameters = MemoryFields.OfList,
        Answers = [AnswerDoc.Json<EventList>(200, "One page.", $$"""{"items":[{{Event}}],"next_cursor":null,"degraded":[]}""")],
    };

    public static RouteDoc GetEvent { get; } = new("getEvent", Tag, "One event", "An event that has expired is not found, unless `include_expired` says so.")
    {
        Parameters = [MemoryFields.EventId, MemoryFields.IncludeExpired, MemoryFields.AsOf, MemoryFields.KnownAt],
        Answers = [AnswerDoc.Json<EventAnswer>(200, "The event.", Event)],
        Refusals = [.. NoSuchEvent, SessionLoading],
    };

    public static RouteDoc DeleteEvent { get; } = new("deleteEvent", Tag, "Delete one event", "Takes it out of every answer, for all times.")
    {
        Parameters = [MemoryFields.EventId],
        Answers = [new AnswerDoc(204, "Deleted.")],
        Refusals = NoSuchEvent,
    };

    private static JsonObject Batch(JsonObject memory) => Schemas.ListOf(memory, 1, RememberRequest.MaxMemories);

    private static JsonObject Example(string content) => new() { ["content"] = content };
}
