using Actors.Api.Tests.Access;

namespace Actors.Api.Tests.OpenApi;

/// <summary>
/// Every route of the OpenAPI document, tried with keys that may not: none, a wrong one, a disabled one, a reader's, and
/// another client's. A route this test does not know fails it.
/// </summary>
[Collection(ServiceTests.Name)]
public class RouteIsolationTests(ServiceFixture service)
{
    // What a route's path or body names, and with that what another client's key is told.
    private static readonly Dictionary<string, RouteCase> Cases = new()
    {
        ["GET /health"] = new(Names.Nothing, IsPublic: true),
        ["GET /health/ready"] = new(Names.Nothing, IsPublic: true),
        ["GET /openapi/v1.json"] = new(Names.Nothing, IsPublic: true),
        ["GET /health/detailed"] = new(Names.Nothing, IsAdmins: true),
        ["GET /metrics"] = new(Names.Nothing, IsAdmins: true),
        ["POST /api/v1/admin/keys"] = new(Names.Nothing, """{"name":"x","role":"reader"}""", IsAdmins: true),
        ["GET /api/v1/admin/keys"] = new(Names.Nothing, IsAdmins: true),
        ["GET /api/v1/admin/keys/{id}"] = new(Names.Nothing, IsAdmins: true),
        ["PATCH /api/v1/admin/keys/{id}"] = new(Names.Nothing, """{"name":"y"}""", IsAdmins: true),
        ["DELETE /api/v1/admin/keys/{id}"] = new(Names.Nothing, IsAdmins: true),
        ["POST /api/v1/admin/webhooks"] = new(Names.Nothing, """{"url":"http://127.0.0.1:9/"}""", IsAdmins: true),
        ["GET /api/v1/admin/webhooks"] = new(Names.Nothing, IsAdmins: true),
        ["GET /api/v1/admin/webhooks/{id}"] = new(Names.Webhook, IsAdmins: true),
        ["PATCH /api/v1/admin/webhooks/{id}"] = new(Names.Webhook, """{"enabled":false}""", IsAdmins: true),
        ["DELETE /api/v1/admin/webhooks/{id}"] = new(Names.Webhook, IsAdmins: true),
        ["GET /api/v1/admin/webhooks/{id}/dead-letters"] = new(Names.Webhook, IsAdmins: true),
        ["POST /api/v1/admin/webhooks/{id}/dead-letters/{letter}/retry"] = new(Names.Webhook, "{}", IsAdmins: true),
        ["DELETE /api/v1/admin/webhooks/{id}/dead-letters/{letter}"] = new(Names.Webhook, IsAdmins: true),
        ["GET /api/v1/admin/outbox"] = new(Names.Nothing, IsAdmins: true),
        ["POST /api/v1/admin/outbox/{id}/retry"] = new(Names.Nothing, "{}", IsAdmins: true),
        ["DELETE /api/v1/admin/outbox/{id}"] = new(Names.Nothing, IsAdmins: true),
        ["DELETE /api/v1/clients/{id}/data"] = new(Names.Nothing, IsAdmins: true),
        ["GET /api/v1/clients/{id}/erasures"] = new(Names.Nothing, IsAdmins: true),
        ["GET /api/v1/clients/{id}/export"] = new(Names.Nothing, IsAdmins: true),
        ["POST /api/v1/clients/{id}/import"] = new(Names.Nothing, IsAdmins: true),
        ["POST /api/v1/memory/remember"] = new(Names.Client, """{"client_id":"CLIENT","content":"x"}""", IsWrite: true),
        ["POST /api/v1/memory/remember/batch"] = new(Names.Client, """{"client_id":"CLIENT","items":[{"content":"x"}]}""", IsWrite: true),
        ["GET /api/v1/memory/recall"] = new(Names.Client, Query: "?client_id=CLIENT&query=secret"),
        ["POST /api/v1/memory/recall"] = new(Names.Client, """{"client_id":"CLIENT","query":"secret"}"""),
        ["GET /api/v1/memory/events"] = new(Names.Client, Query: "?client_id=CLIENT"),
        ["GET /api/v1/memory/events/{id}"] = new(Names.Event),
        ["DELETE /api/v1/memory/events/{id}"] = new(Names.Event, IsWrite: true),
        ["POST /api/v1/memory/facts"] = new(
            Names.Client, """{"client_id":"CLIENT","subject_type":"user","subject_id":"1","fact_type":"note","content":"x"}""", IsWrite: true),
        ["GET /api/v1/memory/facts"] = new(Names.Client, Query: "?client_id=CLIENT"),
        ["GET /api/v1/memory/facts/{id}"] = new(Names.Fact),
        ["GET /api/v1/memory/facts/{id}/history"] = new(Names.Fact),
        ["POST /api/v1/memory/facts/{id}/update"] = new(Names.Fact, """{"content":"x"}""", IsWrite: true),
        ["POST /api/v1/memory/facts/{id}/correct"] = new(Names.Fact, """{"content":"x","reason":"y"}""", IsWrite: true),
        ["POST /api/v1/memory/facts/{id}/retract"] = new(Names.Fact, """{"reason":"y"}""", IsWrite: true),
        ["GET /api/v1/memory/promotions"] = new(Names.Client, Query: "?client_id=CLIENT"),
        ["POST /api/v1/memory/promotions/{id}/retry"] = new(Names.Promotion, "{}", IsWrite: true),
        ["GET /api/v1/memory/changes"] = new(Names.Client, Query: "?client_id=CLIENT"),
        ["GET /api/v1/memory/subjects/{type}/{id}"] = new(Names.Client, Query: "?client_id=CLIENT"),
        ["POST /api/v1/patterns/service-blueprints"] = new(Names.Nothing, """{"name":"x"}""", IsAdmins: true),
        ["GET /api/v1/patterns/service-blueprints"] = new(Names.Nothing, IsShared: true),
        ["GET /api/v1/patterns/service-blueprints/{id}"] = new(Names.Blueprint, IsShared: true),
        ["PATCH /api/v1/patterns/service-blueprints/{id}"] = new(Names.Blueprint, """{"name":"y"}""", IsAdmins: true),
        ["DELETE /api/v1/patterns/service-blueprints/{id}"] = new(Names.Blueprint, IsAdmins: true),
        ["POST /api/v1/patterns/workflows"] = new(Names.Nothing, """{"name":"x"}""", IsAdmins: true),
        ["GET /api/v1/patterns/workflows"] = new(Names.Nothing, IsShared: true),
        ["GET /api/v1/patterns/workflows/{id}"] = new(Names.Workflow, IsShared: true),
        ["PATCH /api/v1/patterns/workflows/{id}"] = new(Names.Workflow, """{"name":"y"}""", IsAdmins: true),
        ["DELETE /api/v1/patterns/workflows/{id}"] = new(Names.Workflow, IsAdmins: true),
        ["POST /api/v1/patterns/workflows/{id}/instantiate"] = new(Names.Workflow, """{"engagement_id":"e"}""", IsAdmins: true),
        ["POST /api/v1/patterns/process-templates"] = new(Names.Nothing, """{"name":"x","checklist":[]}""", IsAdmins: true),
        ["GET /api/v1/patterns/process-templates"] = new(Names.Nothing, IsShared: true),
        ["GET /api/v1/patterns/process-templates/{id}"] = new(Names.Template, IsShared: true),
        ["PATCH /api/v1/patterns/process-templates/{id}"] = new(Names.Template, """{"name":"y"}""", IsAdmins: true),
        ["DELETE /api/v1/patterns/process-templates/{id}"] = new(Names.Template, IsAdmins: true),
        ["POST /api/v1/patterns/prompt-templates"] = new(Names.Nothing, """{"name":"x","template":"y"}""", IsAdmins: true),
        ["GET /api/v1/patterns/prompt-templates"] = new(Names.Nothing, IsAdmins: true),
        ["GET /api/v1/patterns/prompt-templates/{id}"] = new(Names.Prompt, IsAdmins: true),
        ["PATCH /api/v1/patterns/prompt-templates/{id}"] = new(Names.Prompt, """{"purpose":"y"}""", IsAdmins: true),
        ["DELETE /api/v1/patterns/prompt-templates/{id}"] = new(Names.Prompt, IsAdmins: true),
        ["POST /api/v1/patterns/prompt-templates/{id}/render"] = new(Names.Prompt, """{"variables":{"client":"x","week":"y"}}""", IsAdmins: true),
        ["POST /api/v1/runs"] = new(Names.Client, """{"client_id":"CLIENT"}""", IsWrite: true),
        ["GET /api/v1/runs"] = new(Names.Client, Query: "?client_id=CLIENT"),
        ["GET /api/v1/runs/variance"] = new(Names.Client, Query: "?client_id=CLIENT"),
        ["GET /api/v1/runs/{run}"] = new(Names.Run),
        ["PATCH /api/v1/runs/{run}"] = new(Names.Run, """{"actual_hours":1}""", IsWrite: true),
        ["POST /api/v1/runs/{run}/complete"] = new(Names.Run, """{"actual_hours":1}""", IsWrite: true),
        ["POST /api/v1/runs/{run}/fail"] = new(Names.Run, "{}", IsWrite: true),
        ["POST /api/v1/runs/{run}/cancel"] = new(Names.Run, "{}", IsWrite: true),
        ["POST /api/v1/planner/plan"] = new(Names.Client, """{"client_id":"CLIENT","intent":"x"}""", IsWrite: true),
        ["GET /api/v1/planner/plans"] = new(Names.Client, Query: "?client_id=CLIENT"),
        ["GET /api/v1/planner/plans/{id}"] = new(Names.Plan),
        ["PATCH /api/v1/planner/plans/{id}"] = new(Names.Plan, """{"plan_title":"a secret"}""", IsWrite: true),
        ["POST /api/v1/planner/plans/{id}/approve"] = new(Names.Plan, "{}", IsWrite: true),
        ["POST /api/v1/planner/plans/{id}/tasks"] = new(Names.Plan, "{}", IsWrite: true),
        ["POST /api/v1/planner/plans/{id}/archive"] = new(Names.Plan, "{}", IsWrite: true),
        ["POST /api/v1/tasks"] = new(Names.Client, """{"client_id":"CLIENT","title":"x"}""", IsWrite: true),
        ["GET /api/v1/tasks"] = new(Names.Client, Query: "?client_id=CLIENT"),
        ["GET /api/v1/tasks/{id}"] = new(Names.Task),
        ["PATCH /api/v1/tasks/{id}"] = new(Names.Task, """{"title":"y"}""", IsWrite: true),
        ["DELETE /api/v1/tasks/{id}"] = new(Names.Task, IsWrite: true),
        ["POST /api/v1/projects"] = new(Names.Client, """{"client_id":"CLIENT","name":"x"}""", IsWrite: true),
        ["GET /api/v1/projects"] = new(Names.Client, Query: "?client_id=CLIENT"),
        ["GET /api/v1/projects/{id}"] = new(Names.Project),
        ["PATCH /api/v1/projects/{id}"] = new(Names.Project, """{"name":"y"}""", IsWrite: true),
        ["DELETE /api/v1/projects/{id}"] = new(Names.Project, IsWrite: true),
        ["POST /api/v1/sprints"] = new(Names.Client, """{"client_id":"CLIENT","sprint_id":"2026-W50"}""", IsWrite: true),
        ["GET /api/v1/sprints"] = new(Names.Client, Query: "?client_id=CLIENT"),
        ["GET /api/v1/sprints/{sprint}"] = new(Names.Client, Query: "?client_id=CLIENT"),
        ["PATCH /api/v1/sprints/{sprint}"] = new(Names.Client, """{"name":"y"}""", "?client_id=CLIENT", IsWrite: true),
        ["DELETE /api/v1/sprints/{sprint}"] = new(Names.Client, Query: "?client_id=CLIENT", IsWrite: true),
        ["GET /api/v1/sprints/{sprint}/capacity"] = new(Names.Client, Query: "?client_id=CLIENT"),
    };

    // Each client here has a sprint in it.
    private const string Week = "2026-W48";

    // What is a client's and named by an id.
    private static readonly Names[] Ids = [Names.Event, Names.Fact, Names.Promotion, Names.Run, Names.Plan, Names.Task, Names.Project];

    internal enum Names
    {
        Nothing,
        Client,
        Event,
        Fact,
        Promotion,
        Run,
        Workflow,
        Template,
        Blueprint,
        Plan,
        Task,
        Project,
        Prompt,
        Webhook,
    }

    private sealed record RouteCase(
        Names Names, string? Body = null, string Query = "", bool IsPublic = false, bool IsAdmins = false, bool IsWrite = false,
        bool IsShared = false);

    [Fact]
    public async Task every_route_refuses_who_may_not_and_tells_nothing_of_what_is_others()
    {
        var document = (await service.GetAsync("/openapi/v1.json")).Body!;
        var routes = document["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Where(m => m.Key != "parameters").Select(m => $"{m.Key.ToUpperInvariant()} {path.Key}"))
            .ToArray();
        Assert.Equal(Cases.Keys.Order(), routes.Order());

        var (mine, theirs) = (service.NewClient(), service.NewClient());
        var agent = await service.Client.CreateKeyAsync("agent", mine);
        var reader = await service.Client.CreateKeyAsync("reader", mine);
        var disabled = await service.Client.CreateKeyAsync("agent", mine);
        await service.Client.ChangeKeyAsync(disabled, new { disabled = true });
        foreach (var (route, given) in Cases)
        {
            var (own, others) = (await ScopeAsync(mine), await ScopeAsync(theirs));
            await CheckKeysAsync(route, given, own, reader, disabled);
            if (!given.IsPublic && !given.IsAdmins && !given.IsShared)
            {
                await CheckOthersAsync(route, given, agent, own, others);
            }
        }

        Assert.Equal(200, (await service.GetAsync("/health/ready")).Status);
    }

    private async Task CheckKeysAsync(string route, RouteCase given, Scope own, TestKey reader, TestKey disabled)
    {
        var wrong = new TestKey("", "pm_" + new string('x', 43));
        var refusals = new List<Answer>();
        foreach (var key in (TestKey?[])[null, wrong, disabled])
        {
            refusals.Add(await AskAsync(route, given, key, own));
        }

        if (given.IsPublic)
        {
            Assert.All(refusals, answer => Assert.True(answer.Status == 200, $"{route}: {answer}"));
            return;
        }

        Assert.All(refusals, answer => Assert.True((answer.Status, answer.Code) == (401, "unauthorized"), $"{route}: {answer}"));
        Assert.Single(refusals.Distinct());

        var asReader = await AskAsync(route, given, reader, own);
        var isRefused = given.IsAdmins || given.IsWrite;
        Assert.True((asReader.Status == 403) == isRefused, $"{route} for a reader: {asReader}");
        Assert.True(isRefused ? asReader.Code == "role_forbidden" : asReader.Status is 200, $"{route} for a reader: {asReader}");
    }

    // Foreign and missing give the same answer, byte by byte but for the id.
    private async Task CheckOthersAsync(string route, RouteCase given, TestKey agent, Scope own, Scope others)
    {
        var missing = new Scope("no-such-client", Ids.ToDictionary(name => name, _ => $"{Guid.NewGuid()}"));
        var toForeign = await AskAsync(route, given, agent, others);
        var toMissing = await AskAsync(route, given, agent, missing);
        Assert.True(toForeign.Status == (given.Names == Names.Client ? 403 : 404), $"{route} for others': {toForeign}");
        Assert.Equal(toMissing.WithIds(missing, others), toForeign);
        // Now that both were asked for, and may be remembered somewhere.
        Assert.Equal(toForeign, await AskAsync(route, given, agent, others));
        Assert.Equal(toMissing, await AskAsync(route, given, agent, missing));

        var toOwn = await AskAsync(route, given, agent, own);
        Assert.True(toOwn.Status is >= 200 and < 300, $"{route} for own: {toOwn}");
        Assert.Equal(1, await CountAsync(others));
    }

    private async Task<Scope> ScopeAsync(string client)
    {
        var memory = await service.RememberAsync(new { client_id = client, content = $"a secret {Guid.NewGuid()}" });
        var (status, fact) = await service.PostAsync(
            "/api/v1/memory/facts", new { client_id = client, subject_type = "user", subject_id = "1", fact_type = "note", content = "a secret" });
        Assert.True(status == 201, fact?.ToJsonString());
        (status, var run) = await service.PostAsync("/api/v1/runs", new { client_id = client, estimated_hours = 1 });
        Assert.True(status == 201, run?.ToJsonString());
        (status, var task) = await service.PostAsync("/api/v1/tasks", new { client_id = client, title = "a secret" });
        Assert.True(status == 201, task?.ToJsonString());
        (status, var project) = await service.PostAsync("/api/v1/projects", new { client_id = client, name = "a secret" });
        Assert.True(status == 201, project?.ToJsonString());
        (status, var sprint) = await service.PostAsync("/api/v1/sprints", new { client_id = client, sprint_id = Week, name = "a secret" });
        Assert.True(status is 201 or 409, sprint?.ToJsonString());
        return new Scope(client, new()
        {
            [Names.Event] = (string)memory["memory_id"]!,
            [Names.Fact] = (string)fact!["fact_id"]!,
            [Names.Promotion] = await Made.PromotionAsync(service, client),
            [Names.Run] = (string)run!["run_id"]!,
            [Names.Plan] = await Made.PlanAsync(service, client),
            [Names.Task] = (string)task!["task_id"]!,
            [Names.Project] = (string)project!["project_id"]!,
            [Names.Workflow] = await Made.WorkflowAsync(service),
            [Names.Template] = await Made.TemplateAsync(service),
            [Names.Blueprint] = await Made.BlueprintAsync(service),
            [Names.Prompt] = await Made.PromptAsync(service),
            [Names.Webhook] = await Made.WebhookAsync(service),
        });
    }

    // Whether what somebody else tried to reach is as it was.
    private async Task<int> CountAsync(Scope scope) => int.Parse(await service.Database.PsqlAsync(
        $"""
        select count(*) from events e, facts f, execution_runs r, plans n, tasks t, projects p, sprints s
        where e.id = '{scope.Ids[Names.Event]}' and f.id = '{scope.Ids[Names.Fact]}' and f.valid_to is null and f.content = 'a secret'
          and r.id = '{scope.Ids[Names.Run]}' and r.status = 'running' and n.id = '{scope.Ids[Names.Plan]}' and n.title = 'a secret' and n.status = 'draft'
          and t.id = '{scope.Ids[Names.Task]}' and t.title = 'a secret' and p.id = '{scope.Ids[Names.Project]}' and p.name = 'a secret'
          and s.client_id = '{scope.Client}' and s.name = 'a secret'
        """), null);

    private Task<Answer> AskAsync(string route, RouteCase given, TestKey? key, Scope scope)
    {
        var (method, path) = route.Split(' ') is [var m, var p] ? (m, p) : throw new InvalidOperationException(route);
        var id = scope.Ids.GetValueOrDefault(given.Names) ?? (given.Names == Names.Client ? "1" : $"{Guid.Empty}");
        path = path.Replace("{id}", id, StringComparison.Ordinal).Replace("{run}", id, StringComparison.Ordinal).Replace("{letter}", id, StringComparison.Ordinal)
            .Replace("{sprint}", Week, StringComparison.Ordinal).Replace("{type}", "user", StringComparison.Ordinal) + given.Query;
        return service.Client.AskAsync(
            key, method, path.Replace("CLIENT", scope.Client, StringComparison.Ordinal), given.Body?.Replace("CLIENT", scope.Client, StringComparison.Ordinal));
    }

    internal sealed record Scope(string Client, Dictionary<Names, string> Ids);
}

/// <summary>Compares answers about different things.</summary>
file static class Answers
{
    public static Answer WithIds(this Answer answer, RouteIsolationTests.Scope from, RouteIsolationTests.Scope to) => answer with
    {
        Body = to.Ids.Aggregate(
            answer.Body.Replace(from.Client, to.Client, StringComparison.Ordinal),
            (body, id) => from.Ids.TryGetValue(id.Key, out var old) ? body.Replace(old, id.Value, StringComparison.Ordinal) : body),
    };
}
