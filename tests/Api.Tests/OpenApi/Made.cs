using System.Text.Json.Nodes;
using Actors.Api.Tests.Access;
using Actors.Work;

namespace Actors.Api.Tests.OpenApi;

/// <summary>Things that requests may name by id.</summary>
internal static class Made
{
    /// <summary>A client that has an event.</summary>
    public static async Task<string> ClientAsync(ServiceFixture service)
    {
        var client = service.NewClient();
        await service.RememberAsync(new { content = "something to erase", client_id = client });
        return client;
    }

    /// <summary>A client that has nothing, in a database that has the project <see cref="TakenProjectId"/>.</summary>
    public static async Task<string> ClientToImportAsync(ServiceFixture service)
    {
        await service.Database.PsqlAsync($"insert into projects (id, client_id, name) values ('{TakenProjectId}', '1', 'taken') on conflict do nothing");
        return service.NewClient();
    }

    public const string TakenProjectId = "01a20000-0000-7000-8000-000000000005";

    public static async Task<string> EventAsync(ServiceFixture service) =>
        (string)(await service.RememberAsync(new { content = "something to name", client_id = service.NewClient() }))["memory_id"]!;

    /// <summary>A memory whose promotion was given up.</summary>
    public static Task<string> PromotionAsync(ServiceFixture service, string client) => PromotionAsync(service, client, "failed");

    /// <summary>A memory whose promotion is done.</summary>
    public static Task<string> DonePromotionAsync(ServiceFixture service) => PromotionAsync(service, "1", "done");

    private static async Task<string> PromotionAsync(ServiceFixture service, string client, string state)
    {
        var id = (string)(await service.RememberAsync(new { content = $"a secret to promote {Guid.NewGuid()}", client_id = client, salience_score = 0.9 }))["memory_id"]!;
        await service.Database.PsqlAsync($"update promotion_jobs set state = '{state}' where event_id = '{id}'");
        return id;
    }

    public static Task<string> FactAsync(ServiceFixture service) => FactAsync(service, "a", []);

    /// <summary>A fact of client 1, about an entity of its own unless the members say otherwise.</summary>
    public static async Task<string> FactAsync(ServiceFixture service, string content, Dictionary<string, string> members)
    {
        var fact = new JsonObject { ["client_id"] = "1", ["subject_type"] = "user", ["subject_id"] = $"{Guid.NewGuid()}", ["fact_type"] = "note", ["content"] = content };
        foreach (var (name, value) in members)
        {
            fact[name] = value;
        }

        var (status, body) = await service.PostAsync("/api/v1/memory/facts", fact.ToJsonString());
        Assert.True(status == 201, body?.ToJsonString());
        return (string)body!["fact_id"]!;
    }

    public static async Task<string> RetractedFactAsync(ServiceFixture service)
    {
        var id = await FactAsync(service);
        Assert.Equal(200, (await service.PostAsync($"/api/v1/memory/facts/{id}/retract", new { reason = "test" })).Status);
        return id;
    }

    /// <summary>A fact whose key another one holds from 2026-02-01 on.</summary>
    public static async Task<string> HemmedInFactAsync(ServiceFixture service)
    {
        var members = new Dictionary<string, string> { ["subject_id"] = $"{Guid.NewGuid()}", ["fact_key"] = "hours" };
        var id = await FactAsync(service, "a", new(members) { ["valid_from"] = "2026-01-01T00:00:00Z", ["valid_to"] = "2026-02-01T00:00:00Z" });
        await FactAsync(service, "b", new(members) { ["valid_from"] = "2026-02-01T00:00:00Z" });
        return id;
    }

    /// <summary>A webhook that is disabled, with a dead letter of the same id. The one before goes: there may be a hundred.</summary>
    public static async Task<string> WebhookAsync(ServiceFixture service)
    {
        var id = $"{Guid.CreateVersion7()}";
        await service.Database.PsqlAsync(
            $"""
            delete from webhooks where url = 'http://127.0.0.1:9/';
            insert into webhooks (id, url, secret, position, disabled_at, disabled_reason) values ('{id}', 'http://127.0.0.1:9/', '\x{new string('0', 64)}', 'oldest', now(), 'operator');
            insert into webhook_dead_letters (id, webhook_id, seqs, attempts, last_error) values ('{id}', '{id}', '{"{1,2}"}', 8, 'http_500');
            """);
        return id;
    }

    /// <summary>A row of the outbox that was refused too often.</summary>
    public static Task<string> OutboxAsync(ServiceFixture service) => OutboxAsync(service, "'events', uuid_v7(), 8, now()");

    /// <summary>A row that removes what an erased client had outside.</summary>
    public static Task<string> OutboxErasureAsync(ServiceFixture service) => OutboxAsync(service, "'clients', null, 0, null");

    private static async Task<string> OutboxAsync(ServiceFixture service, string values)
    {
        var id = $"{Guid.CreateVersion7()}";
        await service.Database.PsqlAsync($"insert into outbox (id, client_id, table_name, row_id, attempts, failed_at) select '{id}', '1', {values}");
        return id;
    }

    /// <summary>A workflow that cannot be a part of <see cref="PartId"/>.</summary>
    public const string WholeId = "01a20000-0000-7000-8000-000000000001";

    public const string PartId = "01a20000-0000-7000-8000-000000000002";

    public static async Task<string> WorkflowAsync(ServiceFixture service)
    {
        var (status, body) = await service.PostAsync("/api/v1/patterns/workflows", new { name = "something to name", steps = new[] { new { title = "a" } } });
        Assert.True(status == 201, body?.ToJsonString());
        return (string)body!["workflow_id"]!;
    }

    public static async Task<string> BlueprintAsync(ServiceFixture service)
    {
        var (status, body) = await service.PostAsync("/api/v1/patterns/service-blueprints", new { name = "something to name" });
        Assert.True(status == 201, body?.ToJsonString());
        return (string)body!["service_blueprint_id"]!;
    }

    public static async Task<string> TemplateAsync(ServiceFixture service) => (await InstanceAsync(service)).Template;

    /// <summary>A workflow that a process template goes by.</summary>
    public static async Task<string> UsedWorkflowAsync(ServiceFixture service) => (await InstanceAsync(service)).Workflow;

    /// <summary>A workflow whose steps are another version's by now.</summary>
    public static async Task<string> SupersededWorkflowAsync(ServiceFixture service)
    {
        var id = await UsedWorkflowAsync(service);
        var (status, body) = await service.SendAsync(HttpMethod.Patch, $"/api/v1/patterns/workflows/{id}", """{"steps":[{"title":"b"}]}""");
        Assert.True(status == 200 && (int)body!["version"]! == 2, body?.ToJsonString());
        return id;
    }

    public static async Task<string> WholeWorkflowAsync(ServiceFixture service)
    {
        await service.Database.PsqlAsync(
            $"insert into workflows (id, name, parent_workflow_id) values ('{WholeId}', 'whole', null), ('{PartId}', 'part', '{WholeId}') on conflict do nothing");
        return WholeId;
    }

    /// <summary>A process template that a run goes by.</summary>
    public static async Task<string> UsedTemplateAsync(ServiceFixture service)
    {
        var id = await TemplateAsync(service);
        var (status, body) = await service.PostAsync("/api/v1/runs", new { client_id = "1", process_template_id = id });
        Assert.True(status == 201, body?.ToJsonString());
        return id;
    }

    /// <summary>A prompt with the variables <c>client</c> and <c>week</c>.</summary>
    public static Task<string> PromptAsync(ServiceFixture service) => PromptAsync(service, "Tell {{client}} of {{week}}.");

    /// <summary>A prompt in which the variable <c>client</c> stands 16 times.</summary>
    public static Task<string> RepetitivePromptAsync(ServiceFixture service) => PromptAsync(service, string.Concat(Enumerable.Repeat("{{client}}", 16)));

    private static async Task<string> PromptAsync(ServiceFixture service, string template)
    {
        var (status, body) = await service.PostAsync("/api/v1/patterns/prompt-templates", new { name = NewPromptName(), template });
        Assert.True(status == 201, body?.ToJsonString());
        return (string)body!["prompt_template_id"]!;
    }

    public static string NewPromptName() => $"test.{Guid.NewGuid():N}";

    /// <summary>The name <c>taken</c> is a prompt's.</summary>
    public static async Task<string> TakenPromptAsync(ServiceFixture service)
    {
        var (status, body) = await service.PostAsync("/api/v1/patterns/prompt-templates", new { name = "taken", template = "a" });
        Assert.True(status is 201 or 409, body?.ToJsonString());
        return "taken";
    }

    /// <summary>The active version of a prompt that the service itself sends.</summary>
    public static async Task<string> ServicePromptAsync(ServiceFixture service)
    {
        await service.Database.PsqlAsync("insert into prompt_templates (name, template) values ('plan.sop', 'Plan {{intent}}') on conflict do nothing");
        return await service.Database.PsqlAsync("select id from prompt_templates where name = 'plan.sop' and active");
    }

    /// <summary>A prompt as only SQL can store it.</summary>
    public static Task<string> MalformedPromptAsync(ServiceFixture service) =>
        service.Database.PsqlAsync($"insert into prompt_templates (name, template) values ('{NewPromptName()}', 'Tell {{{{ client }}}}') returning id");

    private static async Task<(string Workflow, string Template)> InstanceAsync(ServiceFixture service)
    {
        var workflow = await WorkflowAsync(service);
        var (status, body) = await service.PostAsync($"/api/v1/patterns/workflows/{workflow}/instantiate", new { engagement_id = "e" });
        Assert.True(status == 201, body?.ToJsonString());
        return (workflow, (string)body!["process_template_id"]!);
    }

    /// <summary>A draft.</summary>
    public static async Task<string> PlanAsync(ServiceFixture service, string client = "1")
    {
        var (status, body) = await service.PostAsync("/api/v1/planner/plan", new { client_id = client, intent = "a secret" });
        Assert.True(status == 201, body?.ToJsonString());
        return (string)body!["plan_id"]!;
    }

    public static async Task<string> ApprovedPlanAsync(ServiceFixture service)
    {
        var id = await PlanAsync(service);
        Assert.Equal(200, (await service.PostAsync($"/api/v1/planner/plans/{id}/approve", new { })).Status);
        return id;
    }

    public static async Task<string> EmptyPlanAsync(ServiceFixture service)
    {
        var id = await PlanAsync(service);
        Assert.Equal(200, (await service.SendAsync(HttpMethod.Patch, $"/api/v1/planner/plans/{id}", """{"sop":{"name":"a","checklist":[]}}""")).Status);
        return id;
    }

    public static async Task<string> PlanWithTasksAsync(ServiceFixture service)
    {
        var id = await PlanAsync(service);
        Assert.Equal(201, (await service.PostAsync($"/api/v1/planner/plans/{id}/tasks", new { })).Status);
        return id;
    }

    public static async Task<string> ArchivedPlanAsync(ServiceFixture service)
    {
        var id = await PlanAsync(service);
        Assert.Equal(200, (await service.PostAsync($"/api/v1/planner/plans/{id}/archive", new { })).Status);
        return id;
    }

    /// <summary>A run of client 1, under way.</summary>
    public static async Task<string> RunAsync(ServiceFixture service)
    {
        var (status, body) = await service.PostAsync("/api/v1/runs", new { client_id = "1", estimated_hours = 1 });
        Assert.True(status == 201, body?.ToJsonString());
        return (string)body!["run_id"]!;
    }

    public static async Task<string> DeepRunAsync(ServiceFixture service)
    {
        var id = await RunAsync(service);
        await service.Database.PsqlAsync($"update execution_runs set telemetry = (repeat('[', 100) || repeat(']', 100))::jsonb where id = '{id}'");
        return id;
    }

    public static async Task<string> EndedRunAsync(ServiceFixture service)
    {
        var id = await RunAsync(service);
        Assert.Equal(200, (await service.PostAsync($"/api/v1/runs/{id}/cancel", new { })).Status);
        return id;
    }

    /// <summary>The identifier <c>taken</c> is another run's.</summary>
    public static async Task<string> TakenIdentifierAsync(ServiceFixture service)
    {
        var (status, body) = await service.PostAsync("/api/v1/runs", new { client_id = "1", run_identifier = "taken" });
        Assert.True(status is 201 or 409, body?.ToJsonString());
        return "taken";
    }

    /// <summary>A task that cannot depend on <see cref="LaterTaskId"/>.</summary>
    public const string EarlierTaskId = "01a20000-0000-7000-8000-000000000003";

    public const string LaterTaskId = "01a20000-0000-7000-8000-000000000004";

    /// <summary>A week with a sprint of client 1.</summary>
    public const string TakenWeek = "1999-W01";

    private static SprintWeek s_lastWeek = SprintWeek.Parse("2000-W01")!;

    /// <summary>A task of client 1.</summary>
    public static async Task<string> TaskAsync(ServiceFixture service)
    {
        var (status, body) = await service.PostAsync("/api/v1/tasks", new { client_id = "1", title = "something to name" });
        Assert.True(status == 201, body?.ToJsonString());
        return (string)body!["task_id"]!;
    }

    public static async Task<string> EarlierTaskAsync(ServiceFixture service)
    {
        await service.Database.PsqlAsync(
            $"insert into tasks (id, client_id, title, depends_on) values ('{EarlierTaskId}', '1', 'earlier', '{{}}'), ('{LaterTaskId}', '1', 'later', array['{EarlierTaskId}'::uuid]) on conflict do nothing");
        return EarlierTaskId;
    }

    /// <summary>A project of client 1.</summary>
    public static async Task<string> ProjectAsync(ServiceFixture service)
    {
        var (status, body) = await service.PostAsync("/api/v1/projects", new { client_id = "1", name = "something to name" });
        Assert.True(status == 201, body?.ToJsonString());
        return (string)body!["project_id"]!;
    }

    /// <summary>A week nothing else here has taken.</summary>
    public static string FreeWeek() => (s_lastWeek = SprintWeek.Of(s_lastWeek.NextMonday)).ToString();

    /// <summary>A sprint of client 1.</summary>
    public static Task<string> SprintAsync(ServiceFixture service) => SprintAsync(service, FreeWeek());

    public static Task<string> TakenWeekAsync(ServiceFixture service) => SprintAsync(service, TakenWeek);

    private static async Task<string> SprintAsync(ServiceFixture service, string week)
    {
        var (status, body) = await service.PostAsync("/api/v1/sprints", new { client_id = "1", sprint_id = week });
        Assert.True(status == 201, body?.ToJsonString());
        return week;
    }

    public static async Task<string> KeyAsync(ServiceFixture service, string role = "agent") => (await service.Client.CreateKeyAsync(role)).Id;
}
