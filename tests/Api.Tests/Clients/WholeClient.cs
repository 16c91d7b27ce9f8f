using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Actors.Support;

namespace Actors.Api.Tests.Clients;

/// <summary>A client that has something in every table, with a word in every text that it may hold.</summary>
internal sealed class WholeClient(HttpClient http, TestDatabase database, string id, string word)
{
    private const string Memory = "/api/v1/memory";

    public string Id => id;

    public string Word => word;

    public static readonly string[] Questions = ["audit", "tea or coffee", "Who decided about the board?", "billing"];

    /// <summary>What readers are told; not its times of search.</summary>
    public string[] Reads(string? asked = null) =>
    [
        .. Questions.SelectMany(question => (string[])
        [
            $"{Memory}/recall?client_id={asked ?? id}&query={Uri.EscapeDataString(question)}&k=50",
            $"{Memory}/recall?client_id={asked ?? id}&query={Uri.EscapeDataString(question)}&k=50&known_at={Uri.EscapeDataString(KnownAt)}",
        ]),
        $"{Memory}/events?client_id={asked ?? id}&include_expired=true&limit=500",
        $"{Memory}/facts?client_id={asked ?? id}&include=all&limit=500",
        $"{Memory}/facts?client_id={asked ?? id}&include=all&limit=500&known_at={Uri.EscapeDataString(KnownAt)}",
        .. FactIds.Select(fact => $"{Memory}/facts/{fact}/history"),
        $"{Memory}/promotions?client_id={asked ?? id}",
        $"{Memory}/subjects/user/{word}?client_id={asked ?? id}",
        $"/api/v1/runs?client_id={asked ?? id}",
        $"/api/v1/planner/plans?client_id={asked ?? id}",
        $"/api/v1/tasks?client_id={asked ?? id}",
        $"/api/v1/projects?client_id={asked ?? id}",
        $"/api/v1/sprints?client_id={asked ?? id}",
    ];

    public List<string> FactIds { get; } = [];

    /// <summary>A moment before the last changes of its facts.</summary>
    public string KnownAt { get; private set; } = "";

    public static async Task<WholeClient> MakeAsync(HttpClient http, TestDatabase database, string id, string word)
    {
        var client = new WholeClient(http, database, id, word);
        await client.RememberAsync();
        await client.KnowAsync();
        await client.WorkAsync();
        await client.WriteByHandAsync();
        return client;
    }

    /// <summary>Everything it is told, in the order of <see cref="Reads"/>, without what differs each time.</summary>
    public async Task<string[]> ReadAllAsync(HttpClient? from = null, string? asked = null)
    {
        var answers = new List<string>();
        foreach (var path in Reads(asked))
        {
            var answer = (await (from ?? http).GetFromJsonAsync<JsonObject>(path, TestContext.Current.CancellationToken))!;
            answer.Remove("search_time_ms");
            answer.Remove("cached");
            // Facts of the house are everybody's, and other tests'.
            foreach (var shared in (answer["items"] as JsonArray ?? []).Where(item => item!.AsObject() is { } row && row.ContainsKey("fact_id") && row["client_id"] is null).ToList())
            {
                answer["items"]!.AsArray().Remove(shared);
            }

            answers.Add(answer.ToJsonString().Replace($"\"{asked ?? id}\"", "\"CLIENT\"", StringComparison.Ordinal));
        }

        return [.. answers];
    }

    private async Task RememberAsync()
    {
        var run = await PostAsync("/api/v1/runs", new { client_id = id, run_identifier = $"run-{word}", estimated_hours = 2.6 });
        await PostAsync($"{Memory}/remember/batch", new
        {
            client_id = id,
            items = new object[]
            {
                new { content = $"{word} prefers tea before the audit.", speaker = $"speaker {word}", conversation_id = $"talk {word}", metadata = new { note = word, n = 1.50, deep = new[] { new { a = word } } } },
                new { content = $"We decided to bill the audit by the hour, said {word}.", memory_type = "decision", conversation_id = $"talk {word}" },
                new { content = $"The board of {word} meets at noon — ☕ \"quoted\" \\ back\nslash", occurred_at = "2025-03-01T12:00:00.123456Z" },
                new { content = $"Only for a while: {word}", memory_scope = "session" },
                new { content = $"Of a run: {word}", memory_scope = "run", run_id = (string)run["run_id"]! },
            },
        });
        await SendAsync(HttpMethod.Patch, $"/api/v1/runs/{run["run_id"]}", new { telemetry = new { log = word } });
        await PostAsync($"/api/v1/runs/{run["run_id"]}/complete", new { actual_hours = 3.5 });
    }

    private async Task KnowAsync()
    {
        var source = await PostAsync($"{Memory}/remember", new { client_id = id, content = $"A source of facts about {word}." }, $"key-{word}");
        var wish = await FactAsync(new
        {
            client_id = id, subject_type = "user", subject_id = word, fact_type = "preference", fact_key = "drink", category = $"category {word}",
            content = $"{word} drinks tea.", valid_from = "2026-01-01T00:00:00Z", source_memory_ids = new[] { (string)source["memory_id"]! },
            metadata = new { note = word, relations = new[] { new { relation = $"works for {word}", subject_type = "company", subject_id = $"Acme {word}" } } },
        });
        var rate = await FactAsync(new { client_id = id, subject_type = "project", subject_id = word, fact_type = "rate", content = $"{word} pays 120 for billing." });
        var wrong = await FactAsync(new { client_id = id, subject_type = "user", subject_id = word, fact_type = "note", content = $"{word} was misheard." });
        await PostAsync($"{Memory}/facts/{rate}/correct", new { content = $"{word} pays 150 for billing.", reason = $"misheard {word}" });
        KnownAt = (await database.PsqlAsync("select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")).Trim();
        var changed = await PostAsync($"{Memory}/facts/{wish}/update", new { content = $"{word} drinks coffee.", effective_at = "2026-06-01T00:00:00Z" });
        FactIds.Add((string)changed["fact_id"]!);
        await PostAsync($"{Memory}/facts/{wrong}/retract", new { reason = $"not {word} at all" });
    }

    private async Task WorkAsync()
    {
        var project = await PostAsync("/api/v1/projects", new { client_id = id, name = $"project {word}", description = $"about {word}" });
        await PostAsync("/api/v1/sprints", new { client_id = id, sprint_id = "2026-W48", name = $"week {word}", goal = $"goal {word}", capacity_hours = 30 });
        var task = await PostAsync("/api/v1/tasks", new { client_id = id, title = $"task {word}", description = $"do {word}", project_id = (string)project["project_id"]!, tags = new[] { word }, owner = $"owner {word}", estimated_hours = 1.25 });
        await PostAsync("/api/v1/tasks", new { client_id = id, title = $"next {word}", depends_on = new[] { (string)task["task_id"]! }, due_at = "2026-12-24T12:00:00Z" });
        var plan = await PostAsync("/api/v1/planner/plan", new { client_id = id, intent = $"Prepare the audit of {word}", context = new { note = word } });
        await SendAsync(HttpMethod.Patch, $"/api/v1/planner/plans/{plan["plan_id"]}", new { sop = new { name = $"sop {word}", summary = word, checklist = new[] { new { title = $"first {word}" }, new { title = $"second {word}" } } } });
        await PostAsync($"/api/v1/planner/plans/{plan["plan_id"]}/tasks", new { });
    }

    // What has no route yet, and what operators write.
    private Task<string> WriteByHandAsync() => database.PsqlAsync(
        $"""
        update clients set name = 'name {word}' where id = '{id}';
        insert into scheduler_runs (client_id, plan_id, calendar, calendar_events, unscheduled, error)
        select '{id}', id, 'calendar {word}', '[{"{"}"summary": "{word}"{"}"}]', '["{word}"]', 'error {word}' from plans where client_id = '{id}' limit 1;
        insert into reflections (client_id, period_start, period_end, summary, insights, recommendations)
        values ('{id}', '2026-11-01', '2026-11-02', 'summary {word}', '["{word}"]', '["{word}"]');
        insert into run_steps (run_id, step_number, title, estimated_hours, actual_hours) select id, 1, 'step {word}', 1, 2 from execution_runs where client_id = '{id}';
        update promotion_jobs set state = 'failed', attempts = 5, failures = 5, last_error = 'error {word}', set_aside = array['aside {word}'], extractor = 'extractor {word}',
               extractor_version = '1', model = 'model {word}', result = jsonb_build_object('facts', '{word}') where client_id = '{id}';
        update fact_sources set model = 'model {word}', quote_hash = md5('{word}')::uuid, ordinal = 0 where event_id in (select id from events where client_id = '{id}');
        update graph_nodes set label = 'label {word}', properties = jsonb_build_object('note', '{word}') where client_id = '{id}';
        """);

    private async Task<string> FactAsync(object fact)
    {
        var factId = (string)(await PostAsync($"{Memory}/facts", fact))["fact_id"]!;
        FactIds.Add(factId);
        return factId;
    }

    private Task<JsonNode> PostAsync(string path, object body, string? idempotencyKey = null) => SendAsync(HttpMethod.Post, path, body, idempotencyKey);

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, object body, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json") };
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {text}");
        return JsonNode.Parse(text)!;
    }
}
