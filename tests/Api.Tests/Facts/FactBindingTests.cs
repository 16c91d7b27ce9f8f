using System.Collections.Frozen;
using System.Text.Json;
using Actors.Access;
using Actors.Facts;
using Actors.Http;
using Microsoft.AspNetCore.Http;

namespace Actors.Api.Tests.Facts;

public class FactBindingTests
{
    private const string Minimal = """{"subject_type": "user", "subject_id": "1", "fact_type": "likes", "content": "tea"}""";
    private static readonly Caller Admin = new(Guid.NewGuid(), "boss", CallerRole.Admin, FrozenSet<string>.Empty);

    private static Caller Agent(params string[] clients) => new(Guid.NewGuid(), "agent-key", CallerRole.Agent, [.. clients]);

    private static (FactSubject Subject, CreateFactRequest Request) Create(string json, Caller? caller = null, string query = "")
    {
        using var body = JsonDocument.Parse(json);
        return FactBinding.Create(body.RootElement, QueryOf(query), caller ?? Admin);
    }

    private static QueryCollection QueryOf(string query) =>
        new(Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(query));

    private static string With(string member) => $"{Minimal[..^1]}, {member}}}";

    private static string[] FaultsOf(Action bind) =>
        [.. Assert.Throws<InvalidRequestException>(bind).Faults.Select(fault => fault.Pointer).Order(StringComparer.Ordinal)];

    [Fact]
    public void a_fact_is_read_whole()
    {
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        var (subject, request) = Create(
            $$"""
            {"subject_type": "user", "subject_id": 7, "fact_type": "likes", "content": " tea ", "salience_score": 0.25, "category": "food", "fact_key": "drink",
             "client_id": 12, "valid_from": "2026-01-01T00:00:00+01:00", "valid_to": "2026-02-01T00:00:00Z",
             "metadata": {"n": 1e2, "relations": [{"relation": "of", "subject_type": "team", "subject_id": "a/b"}]}, "source_memory_ids": ["{{first}}", "{{second}}", "{{first}}"]}
            """,
            query: "?on_conflict=change");

        Assert.Equal(new FactSubject("12", "user", "7"), subject);
        Assert.Equal([first, second], request.SourceEventIds);
        Assert.Equal(
            new CreateFactRequest(
                "likes", " tea ", 0.25, "food", "drink", new DateTimeOffset(2025, 12, 31, 23, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero),
                """{"n": 1e2, "relations": [{"relation": "of", "subject_type": "team", "subject_id": "a/b"}]}""", [], FactConflict.Change, new FactAuthor("boss")),
            request with { SourceEventIds = [] });
    }

    [Fact]
    public void what_is_left_out_has_defaults()
    {
        var (subject, request) = Create(Minimal);

        Assert.Equal(new FactSubject(null, "user", "1"), subject);
        Assert.Equal(new CreateFactRequest("likes", "tea", null, null, null, null, null, "{}", [], FactConflict.Refuse, new FactAuthor("boss")), request);
    }

    [Fact]
    public void an_agent_of_one_client_writes_that_clients_facts_and_any_other_says_whose()
    {
        var named = With("\"client_id\": \"b\"");
        Assert.Equal("a", Create(Minimal, Agent("a")).Subject.ClientId);
        Assert.Equal("b", Create(named, Agent("a", "b")).Subject.ClientId);
        Assert.Equal("b", Create(named).Subject.ClientId);
        Assert.Equal(["/client_id"], FaultsOf(() => Create(Minimal, Agent("a", "b"))));
        Assert.Equal(["/client_id"], FaultsOf(() => Create(Minimal, Agent())));
        Assert.Equal(["/client_id"], FaultsOf(() => Create(named.Replace("\"b\"", "\"-\"", StringComparison.Ordinal), Agent("a"))));
        Assert.Equal("agent-key", Create(Minimal, Agent("a")).Request.Author.Actor);
    }

    [Fact]
    public void all_faults_of_a_fact_are_named_at_once() => Assert.Equal(
        [
            "/category", "/client_id", "/content", "/fact_key", "/fact_type", "/id", "/metadata", "/salience_score", "/source_memory_ids",
            "/subject_id", "/subject_type", "/valid_from", "/valid_to", "query:limit", "query:on_conflict",
        ],
        FaultsOf(() => Create(
            $$"""
            {"subject_type": "{{new string('x', 129)}}", "subject_id": "", "fact_type": "a\u0007b", "content": " ", "salience_score": "0.5", "category": 5,
             "fact_key": "k\u0085", "client_id": "a b", "valid_from": "2026-01-01", "valid_to": 5, "metadata": [], "source_memory_ids": "x", "id": 1}
            """,
            query: "?on_conflict=merge&limit=1")));

    [Fact]
    public void an_id_written_as_a_number_is_no_longer_than_any_other()
    {
        Assert.Equal(new string('7', 512), Numbered(512).Subject.Id);
        Assert.Equal(["/subject_id"], FaultsOf(() => Numbered(513)));

        static (FactSubject Subject, CreateFactRequest Request) Numbered(int digits) =>
            Create(Minimal.Replace("\"1\"", new string('7', digits), StringComparison.Ordinal));
    }

    [Fact]
    public void a_key_and_the_names_it_is_single_valued_among_have_1500_bytes()
    {
        Assert.Equal(108, Keyed(108).Request.FactKey!.Length);
        Assert.Equal(["/fact_key"], FaultsOf(() => Keyed(109)));
        Assert.Equal(512, Keyed(0).Subject.Id.Length);

        // Two bytes each; "user" has four.
        static (FactSubject Subject, CreateFactRequest Request) Keyed(int length) => Create(JsonSerializer.Serialize(new
        {
            subject_type = "user", subject_id = new string('é', 512), fact_type = new string('é', 128), fact_key = new string('é', length), content = "x",
        }));
    }

    [Theory]
    [InlineData("null", "/metadata/relations")]
    [InlineData("{}", "/metadata/relations")]
    [InlineData("[1, {}]", "/metadata/relations/0,/metadata/relations/1/relation,/metadata/relations/1/subject_id,/metadata/relations/1/subject_type")]
    [InlineData("""[{"relation": "r", "subject_type": "t", "subject_id": 7}]""", "/metadata/relations/0/subject_id")]
    [InlineData("""[{"relation": "r\n", "subject_type": "t", "subject_id": "i", "weight": 1}]""", "/metadata/relations/0/relation,/metadata/relations/0/weight")]
    public void relations_have_one_form(string relations, string faults) =>
        Assert.Equal(faults.Split(','), FaultsOf(() => Create(With($"\"metadata\": {{\"relations\": {relations}}}"))));

    [Fact]
    public void lists_have_limits()
    {
        const string relation = """{"relation": "r", "subject_type": "t", "subject_id": "i"}""";
        Assert.Equal(100, JsonDocument.Parse(WithRelations(100).Request.MetadataJson).RootElement.GetProperty("relations").GetArrayLength());
        Assert.Equal(["/metadata/relations"], FaultsOf(() => WithRelations(101)));
        Assert.Equal(100, WithSources(100).Request.SourceEventIds.Length);
        Assert.Equal(["/source_memory_ids"], FaultsOf(() => WithSources(101)));
        Assert.Equal(
            ["/source_memory_ids/1", "/source_memory_ids/2"],
            FaultsOf(() => Create(With($"\"source_memory_ids\": [\"{Guid.NewGuid()}\", \"x\", 1]"))));

        (FactSubject Subject, CreateFactRequest Request) WithRelations(int count) =>
            Create(With($"\"metadata\": {{\"relations\": [{string.Join(',', Enumerable.Repeat(relation, count))}]}}"));
        (FactSubject Subject, CreateFactRequest Request) WithSources(int count) =>
            Create(With($"\"source_memory_ids\": [{string.Join(',', Enumerable.Range(0, count).Select(_ => $"\"{Guid.NewGuid()}\""))}]"));
    }

    [Fact]
    public void an_update_is_read_whole()
    {
        using var body = JsonDocument.Parse($$"""
            {"content": "coffee", "salience_score": 1, "effective_at": "2026-01-01T00:00:00Z", "metadata": {}, "source_memory_ids": ["{{Guid.Empty}}"]}
            """);
        using var minimal = JsonDocument.Parse("""{"content": "coffee", "metadata": null}""");
        using var faulty = JsonDocument.Parse("""{"metadata": {"relations": 1}, "valid_from": "2026-01-01T00:00:00Z"}""");

        var request = FactBinding.Change(body.RootElement, QueryOf(""), Admin);
        Assert.Equal([Guid.Empty], request.SourceEventIds);
        Assert.Equal(
            new ChangeFactRequest(Guid.Empty, "coffee", 1, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), "{}", [], new FactAuthor("boss")),
            request with { SourceEventIds = [] });
        Assert.Equal(
            new ChangeFactRequest(Guid.Empty, "coffee", null, null, null, [], new FactAuthor("boss")), FactBinding.Change(minimal.RootElement, QueryOf(""), Admin));
        Assert.Equal(
            ["/content", "/metadata/relations", "/valid_from", "query:on_conflict"],
            FaultsOf(() => FactBinding.Change(faulty.RootElement, QueryOf("?on_conflict=change"), Admin)));
    }

    [Theory]
    [InlineData("""{"content": "c", "reason": "r"}""", "c", null, null, false)]
    [InlineData("""{"valid_from": "2026-01-01T00:00:00Z", "reason": "r"}""", null, "2026-01-01T00:00:00Z", null, false)]
    [InlineData("""{"valid_to": "2026-01-01T00:00:00Z", "content": null, "reason": "r"}""", null, null, "2026-01-01T00:00:00Z", false)]
    [InlineData("""{"valid_to": null, "reason": "r"}""", null, null, null, true)]
    public void a_correction_names_what_it_changes_and_null_takes_the_end_away(string json, string? content, string? validFrom, string? validTo, bool isOpenEnded)
    {
        using var body = JsonDocument.Parse(json);

        Assert.Equal(
            new CorrectFactRequest(Guid.Empty, content, TimeOf(validFrom), TimeOf(validTo), isOpenEnded, "r", new FactAuthor("boss")),
            FactBinding.Correct(body.RootElement, QueryOf(""), Admin));

        static DateTimeOffset? TimeOf(string? text) => text is null ? null : DateTimeOffset.Parse(text, null);
    }

    [Theory]
    [InlineData("""{"reason": "r"}""", "")]
    [InlineData("""{"content": null, "valid_from": null, "reason": "r"}""", "")]
    [InlineData("""{"content": "", "valid_to": null, "reason": "r"}""", "/content")]
    [InlineData("""{"content": " ", "reason": "r"}""", "/content")]
    [InlineData("""{"content": "c"}""", "/reason")]
    [InlineData("""{"content": "c", "reason": " "}""", "/reason")]
    [InlineData("""{"valid_to": "never", "reason": "r", "salience_score": 1}""", "/salience_score,/valid_to")]
    public void a_faulty_correction_is_refused(string json, string faults)
    {
        using var body = JsonDocument.Parse(json);
        Assert.Equal(faults.Split(','), FaultsOf(() => FactBinding.Correct(body.RootElement, QueryOf(""), Admin)));
    }

    [Fact]
    public void a_retraction_has_a_reason_of_at_most_1024_characters()
    {
        Assert.Equal(new RetractFactRequest(Guid.Empty, "wrong person", new FactAuthor("agent-key")), Retract("wrong person"));
        Assert.Equal(1024, Retract(new string('x', 1024)).Reason.Length);
        Assert.Equal(["/reason"], FaultsOf(() => Retract(new string('x', 1025))));
        Assert.Equal(["/reason"], FaultsOf(() => Retract("")));

        static RetractFactRequest Retract(string reason)
        {
            using var body = JsonDocument.Parse(JsonSerializer.Serialize(new { reason }));
            return FactBinding.Retract(body.RootElement, QueryOf(""), Agent("a"));
        }
    }

    [Fact]
    public void a_list_shows_what_the_key_may_see_or_one_client_of_it()
    {
        Assert.True(FactQueryBinding.List(QueryOf(""), Admin).Visibility.ClientIds.IsDefault);
        Assert.Equal(["a", "b"], FactQueryBinding.List(QueryOf(""), Agent("a", "b")).Visibility.ClientIds.Order());
        Assert.Equal(["b"], FactQueryBinding.List(QueryOf("?client_id=b"), Agent("a", "b")).Visibility.ClientIds);
        Assert.Equal(["b"], FactQueryBinding.List(QueryOf("?client_id=b"), Admin).Visibility.ClientIds);
        Assert.Equal("client_forbidden", Assert.Throws<ForbiddenException>(() => FactQueryBinding.List(QueryOf("?client_id=c"), Agent("a", "b"))).Code);
    }
}
