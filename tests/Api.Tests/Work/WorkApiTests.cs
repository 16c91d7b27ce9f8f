using System.Text.Json.Nodes;
using Actors.Api.Tests.Access;
using Actors.Work;

namespace Actors.Api.Tests.Work;

[Collection(ServiceTests.Name)]
public class WorkApiTests(ServiceFixture service)
{
    private const string AnyWeek = "2026-W48";

    private readonly string _client = service.NewClient();

    [Fact]
    public async Task pages_follow_each_other_newest_first_without_a_gap()
    {
        var ids = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            ids.Add((string)(await CreateAsync("tasks", new { client_id = _client, title = $"task {i}" }))["task_id"]!);
        }

        var (pages, cursor) = (new List<string[]>(), "");
        do
        {
            var list = await GetAsync($"/api/v1/tasks?client_id={_client}&limit=3{cursor}");
            pages.Add([.. list["items"]!.AsArray().Select(task => (string)task!["task_id"]!)]);
            cursor = (string?)list["next_cursor"] is { } next ? $"&cursor={next}" : null;
        }
        while (cursor is not null);

        Assert.Equal([3, 3, 1], pages.Select(page => page.Length));
        Assert.Equal(Enumerable.Reverse(ids), pages.SelectMany(page => page));
    }

    [Theory]
    [InlineData("oldest", "abcde")]
    [InlineData("scheduled", "edabc")]
    [InlineData("due", "cdabe")]
    public async Task pages_in_another_order_follow_each_other_too(string order, string expected)
    {
        foreach (var (title, start, due) in ((string, string?, string?)[])[
            ("a", "2026-11-25T00:00:00Z", "2026-11-25T00:00:00Z"), ("b", null, null), ("c", null, "2026-11-24T00:00:00Z"), ("d", "2026-11-24T00:00:00Z", "2026-11-24T00:00:00Z"), ("e", "2026-11-23T00:00:00Z", null)])
        {
            await CreateAsync("tasks", new { client_id = _client, title, scheduled_start_at = start, due_at = due });
        }

        var (titles, cursor) = ("", "");
        do
        {
            var list = await GetAsync($"/api/v1/tasks?client_id={_client}&limit=2&order={order}{cursor}");
            titles += string.Concat(list["items"]!.AsArray().Select(task => (string)task!["title"]!));
            cursor = (string?)list["next_cursor"] is { } next ? $"&cursor={next}" : null;
        }
        while (cursor is not null);

        // Ids of one millisecond have no order among themselves, and those without a time come by their ids.
        Assert.Equal(expected.Length, titles.Length);
        Assert.Equal(expected.Where(title => order == "oldest" || IsTimed(title)), titles.Where(title => order == "oldest" || IsTimed(title)));
        Assert.True(order == "oldest" || titles[..expected.Count(IsTimed)].All(IsTimed));

        bool IsTimed(char title) => order == "due" ? title is 'a' or 'c' or 'd' : title is 'a' or 'd' or 'e';
    }

    [Fact]
    public async Task tasks_are_found_by_what_is_known_of_them()
    {
        var project = (string)(await CreateAsync("projects", new { client_id = _client, name = "audit" }))["project_id"]!;
        await CreateAsync("tasks", new { client_id = _client, title = "a", project_id = project, owner = "Ada", tags = new[] { "report", "board" }, status = "done" });
        await CreateAsync("tasks", new { client_id = _client, title = "b", due_at = "2026-11-27T17:00:00Z", scheduled_start_at = "2026-11-23T07:59:59Z" });
        await CreateAsync("tasks", new { client_id = _client, title = "c", due_at = "2026-11-28T17:00:00Z", scheduled_start_at = "2026-11-23T08:00:00Z", tags = new[] { "board" } });
        await service.Database.PsqlAsync(
            $"with plan as (insert into plans (client_id, title) values ('{_client}', 'p') returning id) update tasks set plan_id = plan.id, step_number = 2 from plan where client_id = '{_client}' and tasks.title = 'b'");
        var plan = (string?)(await GetAsync($"/api/v1/tasks?client_id={_client}&due_before=2026-11-28T00:00:00Z"))["items"]![0]!["plan_id"];

        foreach (var (filter, titles) in ((string, string)[])
        [
            ($"project_id={project}", "a"), ($"plan_id={plan}", "b"), ("status=done", "a"), ("status=todo", "cb"), ("owner=Ada", "a"), ("tag=board", "ca"), ("tag=report", "a"),
            ("due_before=2026-11-28T17:00:00Z", "b"), ("scheduled_from=2026-11-23T08:00:00Z", "c"), ("scheduled_to=2026-11-23T08:00:00Z", "b"), ($"sprint={AnyWeek}", "c"),
            ("sprint=2026-W47", "b"), ($"sprint={AnyWeek}&scheduled_to=2026-11-23T08:00:00Z", ""), ("sprint=current&status=blocked", ""),
        ])
        {
            var list = await GetAsync($"/api/v1/tasks?client_id={_client}&{filter}");
            Assert.True(titles == string.Concat(list["items"]!.AsArray().Select(task => (string)task!["title"]!)), $"{filter}: {list}");
        }
    }

    [Fact]
    public async Task projects_and_sprints_are_found_by_what_is_known_of_them()
    {
        await CreateAsync("projects", new { client_id = _client, name = "a" });
        await CreateAsync("projects", new { client_id = _client, name = "b", billable = false, status = "paused" });
        foreach (var (sprint, status) in ((string, string)[])[("2026-W47", "completed"), ("2026-W53", "planned"), ("2027-W01", "planned")])
        {
            await CreateAsync("sprints", new { client_id = _client, sprint_id = sprint, status });
        }

        await service.Database.PsqlAsync(
            $"alter table sprints drop constraint sprints_run_from_monday_to_sunday; insert into sprints (client_id, name, starts_on, ends_on) values ('{_client}', 'two weeks', '2026-11-23', '2026-12-06'); alter table sprints add constraint sprints_run_from_monday_to_sunday check (extract(isodow from starts_on) = 1 and ends_on = starts_on + 6) not valid");
        foreach (var (filter, names) in ((string, string)[])
        [
            ("projects?", "b a"), ("projects?billable=true&", "a"), ("projects?status=paused&", "b"), ("projects?limit=1&", "b"), ("sprints?", "2027-W01 2026-W53 2026-W47"),
            ("sprints?status=planned&", "2027-W01 2026-W53"), ("sprints?from=2026-W53&", "2027-W01 2026-W53"), ("sprints?to=2026-W53&", "2026-W53 2026-W47"), ("sprints?limit=2&", "2027-W01 2026-W53"),
        ])
        {
            var list = await GetAsync($"/api/v1/{filter}client_id={_client}");
            Assert.True(names == string.Join(' ', list["items"]!.AsArray().Select(item => (string)item!["name"]!)), $"{filter}: {list}");
        }

        var first = await GetAsync($"/api/v1/sprints?client_id={_client}&limit=2");
        var second = await GetAsync($"/api/v1/sprints?client_id={_client}&limit=2&cursor={first["next_cursor"]}");
        Assert.Equal("2026-W47", (string?)Assert.Single(second["items"]!.AsArray())!["sprint_id"]);
    }

    [Fact]
    public async Task a_change_meant_for_an_older_version_is_refused_and_what_is_not_named_stays()
    {
        var key = await service.Client.CreateKeyAsync("agent", _client);
        var created = await service.Client.AskAsync(key, "POST", "/api/v1/tasks", """{"title":"draft","owner":"Ada","estimated_hours":2.5}""");
        var path = $"/api/v1/tasks/{JsonNode.Parse(created.Body)!["task_id"]}";
        Assert.Equal(TagOf(created), TagOf(await service.Client.AskAsync(key, "GET", path)));

        var changed = await ChangeAsync(key, path, """{"status":"done","owner":null}""", TagOf(created));

        Assert.Equal(200, changed.Status);
        Assert.NotEqual(TagOf(created), TagOf(changed));
        var task = JsonNode.Parse(changed.Body)!;
        Assert.Equal(("draft", "done", null, 2.5), ((string)task["title"]!, (string)task["status"]!, (string?)task["owner"], (double)task["estimated_hours"]!));
        var stale = await ChangeAsync(key, path, """{"status":"todo"}""", TagOf(created));
        Assert.Equal((412, "version_mismatch"), (stale.Status, stale.Code));
        await service.Database.PsqlAsync($"update tasks set priority = 5 where id = '{task["task_id"]}'");
        Assert.Equal(412, (await ChangeAsync(key, path, """{"status":"todo"}""", TagOf(changed))).Status);
        var now = TagOf(await service.Client.AskAsync(key, "GET", path));
        Assert.Equal(200, (await ChangeAsync(key, path, """{"status":"todo"}""", $"{TagOf(created)}, {now}")).Status);
        Assert.Equal(412, (await service.Client.AskAsync("DELETE", path, null, [("Authorization", $"Bearer {key.Secret}"), ("If-Match", now)])).Status);
        Assert.Equal(204, (await service.Client.AskAsync(key, "DELETE", path)).Status);
        Assert.Equal(404, (await service.Client.AskAsync(key, "GET", path)).Status);
    }

    [Fact]
    public async Task a_repeated_request_gets_the_first_answer_and_its_version()
    {
        var key = await service.Client.CreateKeyAsync("agent", _client);
        (string, string)[] headers = [("Authorization", $"Bearer {key.Secret}"), ("Idempotency-Key", "sprint-1")];
        const string Body = """{"sprint_id":"2026-W48","capacity_hours":30}""";

        var first = await service.Client.AskAsync("POST", "/api/v1/sprints", Body, headers);
        await ChangeAsync(key, "/api/v1/sprints/2026-W48", """{"capacity_hours":32}""", TagOf(first));
        var second = await service.Client.AskAsync("POST", "/api/v1/sprints", Body, headers);

        Assert.Equal((201, first.Body, TagOf(first)), (second.Status, second.Body, TagOf(second)));
        var another = await service.Client.AskAsync(key, "POST", "/api/v1/sprints", Body);
        Assert.Equal((409, "sprint_exists"), (another.Status, another.Code));
    }

    [Fact]
    public async Task the_current_week_has_what_begins_in_it_by_the_clock_of_its_zone()
    {
        var week = PlannerZone.Find("America/Los_Angeles")!.WeekOf(TimeProvider.System.GetUtcNow());
        var (from, to) = PlannerZone.Find("America/Los_Angeles")!.TimeOf(week);
        Assert.Equal("""{"sprint":null,"capacity_hours":0,"planned_billable_hours":0,"scheduled_hours":0,"billable_pct":0,"billable_of_scheduled_pct":0,"floor_pct":60,"below_floor":false}""",
            (await GetAsync($"/api/v1/sprints/current/capacity?client_id={_client}")).ToJsonString());
        var project = (await CreateAsync("projects", new { client_id = _client, name = "audit" }))["project_id"];
        await CreateAsync("sprints", new { client_id = _client, sprint_id = $"{week}", capacity_hours = 10 });
        // Sunday 23:30, then Monday 00:30.
        await CreateAsync("tasks", new { client_id = _client, title = "in", project_id = project, estimated_hours = 4, scheduled_start_at = to.AddMinutes(-30) });
        await CreateAsync("tasks", new { client_id = _client, title = "out", project_id = project, estimated_hours = 8, scheduled_start_at = to.AddMinutes(30) });
        await CreateAsync("tasks", new { client_id = _client, title = "not billed", scheduled_start_at = from, scheduled_end_at = from.AddHours(1) });

        var capacity = await GetAsync($"/api/v1/sprints/current/capacity?client_id={_client}");

        Assert.Equal($"{week}", (string?)capacity["sprint"]!["sprint_id"]);
        Assert.Equal(
            (10, 4, 5, 40, 80, true),
            ((double)capacity["capacity_hours"]!, (double)capacity["planned_billable_hours"]!, (double)capacity["scheduled_hours"]!, (double)capacity["billable_pct"]!,
             (double)capacity["billable_of_scheduled_pct"]!, (bool)capacity["below_floor"]!));
        Assert.Equal(capacity.ToJsonString(), (await GetAsync($"/api/v1/sprints/{week}/capacity?client_id={_client}")).ToJsonString());
        Assert.Equal(["not billed", "in"], (await GetAsync($"/api/v1/tasks?client_id={_client}&sprint=current"))["items"]!.AsArray().Select(task => (string)task!["title"]!));
    }

    [Fact]
    public async Task another_clients_project_is_as_one_that_is_not_there()
    {
        var theirs = (string)(await CreateAsync("projects", new { client_id = service.NewClient(), name = "theirs" }))["project_id"]!;
        var key = await service.Client.CreateKeyAsync("agent", _client);
        var answers = new List<Answer>();
        foreach (var project in (string[])[theirs, $"{Guid.NewGuid()}"])
        {
            answers.Add(await service.Client.AskAsync(key, "POST", "/api/v1/tasks", $$"""{"title":"mine","project_id":"{{project}}"}"""));
        }

        Assert.Equal((422, "no_such_project"), (answers[0].Status, answers[0].Code));
        Assert.Equal(answers[0], answers[1]);
    }

    [Fact]
    public async Task a_key_of_several_clients_has_to_say_whose_work_it_means_and_never_means_the_houses()
    {
        var one = await service.Client.CreateKeyAsync("agent", _client);
        var two = await service.Client.CreateKeyAsync("agent", _client, service.NewClient());
        foreach (var (route, body) in ((string, string?)[])
        [
            ("POST /api/v1/tasks", """{"title":"a","client_id":""}"""), ("POST /api/v1/projects", """{"name":"a","client_id":null}"""), ("POST /api/v1/runs", """{"client_id":""}"""),
            ("GET /api/v1/sprints/current/capacity?client_id=", null),
        ])
        {
            var (method, path) = (route.Split(' ')[0], route.Split(' ')[1]);
            var refused = await service.Client.AskAsync(two, method, path, body);
            Assert.True(refused.Status == 400 && refused.Body.Contains("not issued for one client alone", StringComparison.Ordinal), $"{route}: {refused}");
            var own = await service.Client.AskAsync(one, method, path, body);
            Assert.True(own.Status is 200 or 201, $"{route}: {own}");
            Assert.True(body is null || (string?)JsonNode.Parse(own.Body)!["client_id"] == _client, $"{route}: {own}");
        }
    }

    [Theory]
    [InlineData("2021-W53")]
    [InlineData("2026-W54")]
    [InlineData("next")]
    public async Task what_is_no_week_is_refused_by_name(string sprint)
    {
        foreach (var path in (string[])[$"sprints/{sprint}", $"sprints/{sprint}/capacity", $"tasks?sprint={sprint}", $"sprints?from={sprint}"])
        {
            var (status, body) = await service.GetAsync($"/api/v1/{path}");
            Assert.True(status == 400 && body!["errors"]!.AsArray().Count == 1, $"{path}: {status} {body}");
        }
    }

    private static string TagOf(Answer answer) => answer.Headers.Split('\n').Single(header => header.StartsWith("ETag: ", StringComparison.Ordinal))["ETag: ".Length..];

    private Task<Answer> ChangeAsync(TestKey key, string path, string body, string tags) =>
        service.Client.AskAsync("PATCH", path, body, [("Authorization", $"Bearer {key.Secret}"), ("If-Match", tags)]);

    private async Task<JsonNode> GetAsync(string path)
    {
        var (status, body) = await service.GetAsync(path);
        Assert.True(status == 200, $"{path}: {body}");
        return body!;
    }

    private async Task<JsonNode> CreateAsync(string nouns, object item)
    {
        var (status, created) = await service.PostAsync($"/api/v1/{nouns}", item);
        Assert.True(status == 201, created?.ToJsonString());
        return created!;
    }
}
