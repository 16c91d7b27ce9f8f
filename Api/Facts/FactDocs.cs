using Actors.Http;
using Actors.OpenApi;

namespace Actors.Facts;

/// <summary>What the routes of <see cref="FactApi"/> do.</summary>
internal static class FactDocs
{
    private const string Fact =
        """
        {"fact_id":"01a20464-5b29-7bf9-8186-b9183285f4f2","zep_fact_id":null,"client_id":"1","subject_type":"user","subject_id":"Ada",
         "fact_type":"availability","content":"Works 9 to 17.","salience_score":0.7,"category":null,"fact_key":"work_hours",
         "valid_from":"2026-03-01T00:00:00+00:00","valid_to":null,"created_at":"2026-11-22T17:53:35.529361+00:00",
         "recorded_at":"2026-11-22T17:53:35.529361+00:00","retracted_at":null,"superseded_by":null,"metadata":{}}
        """;

    private const string Successor =
        """
        {"fact_id":"01a20464-5c03-788d-a604-8d432cefaf9f","zep_fact_id":null,"client_id":"1","subject_type":"user","subject_id":"Ada",
         "fact_type":"availability","content":"Works 8 to 16.","salience_score":0.7,"category":null,"fact_key":"work_hours",
         "valid_from":"2026-11-22T18:10:02.114702+00:00","valid_to":null,"created_at":"2026-11-22T18:10:02.114702+00:00",
         "recorded_at":"2026-11-22T18:10:02.114702+00:00","retracted_at":null,"superseded_by":null,"metadata":{},
         "replaced_fact_id":"01a20464-5b29-7bf9-8186-b9183285f4f2"}
        """;

    private static readonly RouteTag Tag = new("Facts", "What is known about entities, on two time axes: when it is true, and when it was believed.");

    // 404 is the same for what is not there and what the key may not see.
    private static readonly Exception NotFound = new FactNotFoundException();

    private static readonly Exception Superseded = new FactSupersededException(
        new Guid("01a20464-5c03-788d-a604-8d432cefaf9f"), "The fact does not hold any more at that time.");

    private static readonly Exception KeyTaken = new FactKeyTakenException(
        new Guid("01a20464-5c03-788d-a604-8d432cefaf9f"), "Another fact holds this key at that time.");

    private static readonly Exception BadMetadata = new FactRefusedException("metadata_not_storable", "Metadata holds NUL, or a number that no double can hold.");

    private static readonly Exception UnknownSource = new FactRefusedException("unknown_source", "source_memory_ids names an event that this client does not have.");

    private static readonly Exception BadOrder = new FactRefusedException("valid_from_not_before_valid_to", "valid_to must be later than valid_from.");

    public static RouteDoc Create { get; } = new(
        "createFact", Tag, "Record a fact", "With a `fact_key`, no two facts of the same client, subject, type and key hold at the same time; without one, facts stand side by side.")
    {
        Parameters = [FactFields.OnConflict],
        Body = new(
            Schemas.Object("NewFact", FactFields.OfNew),
            ("single-valued", """{"client_id":"1","subject_type":"user","subject_id":"Ada","fact_type":"availability","fact_key":"work_hours","content":"Works 9 to 17."}"""),
            ("full", """
                {"client_id":"1","subject_type":"user","subject_id":"Ada","fact_type":"employment","content":"Works for Acme.","salience_score":0.9,"category":"work",
                 "valid_from":"2026-03-01T00:00:00Z","valid_to":"2030-01-01T00:00:00Z",
                 "metadata":{"relations":[{"relation":"works_for","subject_type":"company","subject_id":"Acme"}]}}
                """)),
        Answers = [AnswerDoc.Json<FactView>(201, "Recorded.", Fact)],
        Refusals = [KeyTaken, BadOrder, BadMetadata, UnknownSource],
    };

    public static RouteDoc Update { get; } = new(
        "updateFact", Tag, "The world changed", "The fact ends, a successor begins; both are true, each in its time. The successor takes over the planned end of the fact, if it had one.")
    {
        Parameters = [FactFields.Id],
        Body = new(
            Schemas.Object("FactUpdate", FactFields.OfUpdate),
            ("now", """{"content":"Works 8 to 16."}"""),
            ("planned", """{"content":"Works 8 to 16.","effective_at":"2029-01-01T00:00:00Z","salience_score":0.9}""")),
        Answers = [AnswerDoc.Json<FactView>(200, "The successor.", Successor)],
        Refusals =
        [
            NotFound,
            Superseded,
            new FactRefusedException(
                "effective_at_not_after_valid_from",
                "The change would take effect before the fact has begun, or as it begins, and leave nothing of it: correct the fact instead."),
            BadMetadata,
            UnknownSource,
        ],
    };

    public static RouteDoc Correct { get; } = new(
        "correctFact", Tag, "We were wrong", "The belief is replaced under the same id; the wrong one is found only by `known_at` and in the history. At least one of `content`, `valid_from` and `valid_to` is given.")
    {
        Parameters = [FactFields.Id],
        Body = new(
            Schemas.Object("FactCorrection", FactFields.OfCorrection),
            ("content", """{"content":"Works 9 to 16.","reason":"Misheard."}"""),
            ("open end", """{"content":"Works 9 to 15.","valid_to":null,"reason":"Misheard, and there is no end."}""")),
        Answers = [AnswerDoc.Json<FactView>(200, "What is believed from now on.", Fact)],
        Refusals = [NotFound, Superseded, KeyTaken, BadOrder, new FactRefusedException("correction_changes_nothing", "The fact is believed to be just so already.")],
    };

    public static RouteDoc Retract { get; } = new(
        "retractFact", Tag, "It should never have been believed", "The fact leaves every answer but those of an earlier `known_at`, and the history.")
    {
        Parameters = [FactFields.Id],
        Body = new(
            Schemas.Object("FactRetraction", FactFields.OfRetraction),
            ("person", """{"reason":"It was about somebody else."}"""),
            ("source", """{"reason":"The source was a joke."}""")),
        Answers = [AnswerDoc.Json<FactView>(200, "The belief that ended.", Fact.Replace("\"retracted_at\":null", "\"retracted_at\":\"2026-11-22T18:10:02.114702+00:00\"", StringComparison.Ordinal))],
        Refusals = [NotFound, Superseded],
    };

    public static RouteDoc List { get; } = new("listFacts", Tag, "List facts", "Newest first by `created_at`, page by page: those that hold at `as_of`, as they were believed at `known_at`. All filters that are given must hold.")
    {
        Parameters = FactFields.OfList,
        Answers = [AnswerDoc.Json<FactList>(200, "One page.", $$"""{"items":[{{Fact}}],"next_cursor":null,"degraded":[]}""")],
    };

    public static RouteDoc Get { get; } = new("getFact", Tag, "One fact", "Whatever its valid time, as it was believed at `known_at`.")
    {
        Parameters = [FactFields.Id, FactFields.KnownAt],
        Answers = [AnswerDoc.Json<FactView>(200, "The fact.", Fact.Replace("\"metadata\":{}}", "\"metadata\":{},\"proof_count\":2}", StringComparison.Ordinal))],
        Refusals = [NotFound],
    };

    public static RouteDoc History { get; } = new("getFactHistory", Tag, "Every belief of a fact", "With those of the chain of changes it belongs to, what ended each, and the events it came from.")
    {
        Parameters = [FactFields.Id],
        Answers =
        [
            AnswerDoc.Json<FactHistoryView>(200, "The history.", $$"""
                {"fact_id":"01a20464-5b29-7bf9-8186-b9183285f4f2","truncated":false,"degraded":[],"items":[
                  {"fact":{{Fact}},"ended_by":null,"actor":null,"reason":null,"supersedes":null,
                   "sources":[{"memory_id":"01a20464-0000-7bf9-8186-b9183285f4f2","span_start":null,"span_end":null,"extractor":"rules","extractor_version":"1","model":null}]}]}
                """),
        ],
        Refusals = [new InvalidRequestException("query:nonsense", "is not known here"), NotFound],
    };

    public static RouteDoc Subject { get; } = new(
        "getSubject", Tag, "What is known about an entity", "The facts that hold at `as_of`, page by page, and with every page the entities it is linked to, in both directions.")
    {
        Parameters = FactFields.OfSubject,
        Answers =
        [
            AnswerDoc.Json<SubjectView>(200, "Facts and links; none when nothing is known.", $$"""
                {"subject_type":"user","subject_id":"Ada","facts":[{{Fact}}],"links":[
                  {"relation":"works_for","direction":"outgoing","client_id":"1","subject_type":"company","subject_id":"Acme",
                   "fact_id":"01a20464-5c03-788d-a604-8d432cefaf9f","valid_from":"2026-03-01T00:00:00+00:00","valid_to":null}],"next_cursor":null,"degraded":[]}
                """),
        ],
        Refusals = [new Api.NotFoundException("There is nothing at this address.")],
    };
}
