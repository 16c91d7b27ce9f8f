using System.Text.Json.Nodes;
using Actors.Api.Tests.Access;

namespace Actors.Api.Tests.Planning;

[Collection(ServiceTests.Name)]
public class PlanApiTests(ServiceFixture service)
{
    private const string Plans = "/api/v1/planner/plans";

    private readonly string _word = $"w{Guid.NewGuid():N}";

    [Fact]
    public async Task a_plan_goes_by_the_workflow_with_its_parts_and_learns_its_hours_from_completed_runs()
    {
        var client = service.NewClient();
        var whole = await WorkflowAsync($"{_word} onboarding", [("Kick-off call", 1.0), ("Contract", 2.0)], capability: "delivery");
        await WorkflowAsync($"{_word} accounts", [("Create accounts", 0.5)], parent: whole);
        foreach (var hours in (double[])[1.5, 1.6, 1.4, 20])
        {
            await RunAsync(client, whole, hours, 2);
        }

        var plan = await PlanAsync(new { client_id = client, intent = $"{_word}: onboard Ada" });

        Assert.Equal(("draft", "rules", whole), ((string?)plan["status"], (string?)plan["written_by"], (string?)plan["workflow_id"]));
        var steps = plan["sop"]!["checklist"]!.AsArray();
        Assert.Equal(["Kick-off call", "Contract", "Create accounts"], steps.Select(step => (string)step!["title"]!));
        Assert.Equal([1.5, 2, 0.5], steps.Select(step => (double)step!["estimated_hours"]!));
        Assert.Equal("""{"source":"runs","runs":3,"outliers":1,"mean_variance_pct":50}""", steps[0]!["basis"]!.ToJsonString());
        Assert.Equal("""{"source":"workflow","runs":0,"outliers":0,"mean_variance_pct":null}""", steps[2]!["basis"]!.ToJsonString());
        Assert.Equal(["[]", "[1]", "[2]"], steps.Select(step => step!["dependencies"]!.ToJsonString()));
        Assert.Equal(["delivery", $"{_word} accounts"], steps[2]!["tags"]!.AsArray().Select(tag => (string)tag!));
        Assert.Equal(["'Kick-off call' took 50 % longer than estimated, on average of 3 completed runs."], Texts(plan, "risks"));
        var (_, stored) = await service.GetAsync($"{Plans}/{plan["plan_id"]}");
        Assert.Equal(plan["sop"]!.ToJsonString(), stored!["sop"]!.ToJsonString());
    }

    [Fact]
    public async Task what_the_client_prefers_is_among_the_assumptions_and_what_others_prefer_never_is()
    {
        var (mine, other) = (service.NewClient(), service.NewClient());
        await FactAsync(mine, "preference", "No calls on Fridays");
        await FactAsync(mine, "note", $"The {_word} lies with Grace");
        await FactAsync(mine, "note", "The cat is grey");
        await FactAsync(other, "preference", "Only calls on Fridays");
        await FactAsync(other, "note", $"The {_word} lies with Mallory");
        await FactAsync(mine, "preference", "Calls at night", validTo: "2020-01-01T00:00:00Z");

        var plan = await PlanAsync(new { client_id = mine, intent = $"Renew the {_word}" });

        Assert.Equal(["No calls on Fridays", $"The {_word} lies with Grace"], Texts(plan, "assumptions"));
        var otherPlan = await PlanAsync(new { client_id = other, intent = $"Renew the {_word}" });
        Assert.Equal(["Only calls on Fridays", $"The {_word} lies with Mallory"], Texts(otherPlan, "assumptions"));
    }

    [Fact]
    public async Task what_the_house_shares_is_assumed_for_everybody_and_long_facts_are_cut()
    {
        var client = service.NewClient();
        var policy = await FactAsync(null, "policy", $"Nobody works for {_word} at night");
        await FactAsync(client, "preference", new string('x', 3_000));

        var plan = await PlanAsync(new { client_id = client, intent = $"Renew the {_word}" });
        var ofHouse = await PlanAsync(new { intent = $"Renew the {_word}" });

        // Other tests' plans are to know nothing of it.
        await service.PostAsync($"/api/v1/memory/facts/{policy["fact_id"]}/retract", new { reason = "over" });
        Assert.Contains($"Nobody works for {_word} at night", Texts(plan, "assumptions"));
        Assert.Contains(new string('x', 1_999) + "…", Texts(plan, "assumptions"));
        Assert.Contains($"Nobody works for {_word} at night", Texts(ofHouse, "assumptions"));
        Assert.DoesNotContain(Texts(ofHouse, "assumptions"), text => text.StartsWith("xx", StringComparison.Ordinal));
    }

    [Fact]
    public async Task without_a_workflow_that_matches_it_is_a_skeleton_that_says_so()
    {
        var client = service.NewClient();
        var plan = await PlanAsync(new { client_id = client, intent = $"Teach {_word} to sing" });

        Assert.Null(plan["workflow_id"]);
        Assert.StartsWith("No workflow matches", (string?)plan["sop"]!["summary"], StringComparison.Ordinal);
        Assert.All(plan["sop"]!["checklist"]!.AsArray(), step => Assert.Null(step!["estimated_hours"]));
        Assert.Equal(["There is no estimate of 5 steps."], Texts(plan, "risks"));
        var again = await PlanAsync(new { client_id = client, intent = $"Teach {_word} to sing well" });
        Assert.Contains($"(draft): Teach {_word} to sing", Assert.Single(Texts(again, "assumptions")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task runs_of_clients_the_key_may_not_see_teach_it_nothing()
    {
        var (mine, other) = (service.NewClient(), service.NewClient());
        var workflow = await WorkflowAsync($"{_word} audit", [("Look", 1.0)]);
        await RunAsync(other, workflow, 5);
        var agent = await service.Client.CreateKeyAsync("agent", mine);

        var answer = await service.Client.AskAsync(agent, "POST", "/api/v1/planner/plan", $$"""{"intent":"{{_word}} audit"}""");

        Assert.Equal(201, answer.Status);
        Assert.Equal((1, "workflow"), (answer.Hours(0), answer.Source(0)));
        // Not even when it wants to.
        answer = await service.Client.AskAsync(agent, "POST", "/api/v1/planner/plan", $$"""{"intent":"{{_word}} audit","learn_from":"all"}""");
        Assert.Equal((1, "workflow"), (answer.Hours(0), answer.Source(0)));
        await RunAsync(mine, workflow, 3);
        answer = await service.Client.AskAsync(agent, "POST", "/api/v1/planner/plan", $$"""{"intent":"{{_word}} audit"}""");
        Assert.Equal((2, "runs"), (answer.Hours(0), answer.Source(0)));
    }

    [Fact]
    public async Task a_clients_plan_learns_from_others_only_when_it_is_asked_to()
    {
        var (mine, other) = (service.NewClient(), service.NewClient());
        var workflow = await WorkflowAsync($"{_word} audit", [("Look", 1.0)]);
        foreach (var hours in (double[])[5, 5, 5])
        {
            await RunAsync(other, workflow, hours);
        }

        var own = await PlanAsync(new { client_id = mine, intent = $"{_word} audit" });
        var both = await service.Client.CreateKeyAsync("agent", mine, other);
        var asked = await service.Client.AskAsync(both, "POST", "/api/v1/planner/plan", $$"""{"client_id":"{{mine}}","intent":"{{_word}} audit"}""");
        var all = await PlanAsync(new { client_id = mine, intent = $"{_word} audit", learn_from = "all" });
        var ofHouse = await PlanAsync(new { intent = $"{_word} audit" });

        Assert.Equal(("workflow", 1.0, "[]"), ((string?)own["sop"]!["checklist"]![0]!["basis"]!["source"], (double)own["sop"]!["checklist"]![0]!["estimated_hours"]!, own["sop"]!["risks"]!.ToJsonString()));
        Assert.Equal(("workflow", 1), (asked.Source(0), asked.Hours(0)));
        Assert.Equal([5.0, 5.0], ((JsonNode[])[all, ofHouse]).Select(plan => (double)plan["sop"]!["checklist"]![0]!["estimated_hours"]!));
    }

    [Fact]
    public async Task what_matters_most_to_the_client_is_not_crowded_out()
    {
        var client = service.NewClient();
        await FactAsync(client, "preference", "No calls on Fridays", salience: 1);
        for (var i = 0; i < 25; i++)
        {
            await FactAsync(client, "Preference", $"Wish {i}", salience: 0.1);
        }

        var assumptions = Texts(await PlanAsync(new { client_id = client, intent = $"Renew the {_word}" }), "assumptions").ToList();

        Assert.Equal(("No calls on Fridays", 20), (assumptions[0], assumptions.Count));
    }

    [Fact]
    public async Task an_engagements_checklist_in_another_clients_project_is_not_used()
    {
        var (mine, other) = (service.NewClient(), service.NewClient());
        var workflow = await WorkflowAsync($"{_word} audit", [("Look", 1.0)]);
        var (_, project) = await service.PostAsync("/api/v1/projects", new { client_id = other, name = "theirs" });
        await service.PostAsync($"/api/v1/patterns/workflows/{workflow}/instantiate", new { engagement_id = _word, project_id = (string?)project!["project_id"] });

        Assert.Null((await PlanAsync(new { client_id = mine, intent = $"{_word} audit", engagement_id = _word }))["process_template_id"]);
        Assert.NotNull((await PlanAsync(new { client_id = other, intent = $"{_word} audit", engagement_id = _word }))["process_template_id"]);
    }

    [Fact]
    public async Task an_engagements_checklist_stands_in_for_the_workflow_it_was_made_of()
    {
        var workflow = await WorkflowAsync($"{_word} audit", [("Look", 1.0), ("Tell", 1.0)]);
        var (_, template) = await service.PostAsync($"/api/v1/patterns/workflows/{workflow}/instantiate", new { engagement_id = _word });
        await service.Database.PsqlAsync($"update process_templates set checklist = '[{{\"title\":\"Look twice\",\"estimated_hrs\":4}}]' where id = '{template!["process_template_id"]}'");

        var plan = await PlanAsync(new { client_id = service.NewClient(), intent = $"{_word} audit", engagement_id = _word });

        Assert.Equal((string?)template["process_template_id"], (string?)plan["process_template_id"]);
        Assert.Equal(["Look twice"], plan["sop"]!["checklist"]!.AsArray().Select(step => (string)step!["title"]!));
    }

    [Fact]
    public async Task a_draft_is_changed_and_approved_and_nothing_else_is()
    {
        var plan = await PlanAsync(new { client_id = service.NewClient(), intent = $"Teach {_word} to sing" });
        var path = $"{Plans}/{plan["plan_id"]}";
        var sop = plan["sop"]!.DeepClone();
        sop["checklist"]![0]!["estimated_hours"] = 3;
        sop["checklist"]!.AsArray().RemoveAt(4);

        var (status, changed) = await service.SendAsync(HttpMethod.Patch, path, new JsonObject { ["plan_title"] = "Singing", ["sop"] = sop }.ToJsonString());

        Assert.True(status == 200, changed?.ToJsonString());
        Assert.Equal(("Singing", 4, "given"), ((string?)changed!["plan_title"], changed["sop"]!["checklist"]!.AsArray().Count, (string?)changed["sop"]!["checklist"]![0]!["basis"]!["source"]));
        var (_, approved) = await service.PostAsync($"{path}/approve", new { note = "go" });
        Assert.Equal(("approved", "go"), ((string?)approved!["status"], (string?)approved["status_note"]));
        var (conflict, problem) = await service.SendAsync(HttpMethod.Patch, path, """{"plan_title":"x"}""");
        Assert.Equal((409, "plan_not_draft"), (conflict, (string?)problem!["code"]));
        var (_, archived) = await service.PostAsync($"{path}/archive", new { });
        Assert.Equal("archived", (string?)archived!["status"]);
        var (_, list) = await service.GetAsync($"{Plans}?client_id={plan["client_id"]}&status=archived");
        Assert.Equal("Singing", (string?)Assert.Single(list!["items"]!.AsArray())!["plan_title"]);
    }

    [Fact]
    public async Task tasks_are_made_of_a_plan_once_in_the_order_of_its_steps_dependencies()
    {
        var client = service.NewClient();
        var (_, project) = await service.PostAsync("/api/v1/projects", new { client_id = client, name = "Ada" });
        var plan = await PlanAsync(new { client_id = client, intent = $"Teach {_word} to sing" });
        var path = $"{Plans}/{plan["plan_id"]}";
        const string Sop = """{"sop":{"name":"a","checklist":[{"title":"last","dependencies":[3,2]},{"title":"middle","estimated_hours":1.5,"owner":"Grace","tags":["x"],"dependencies":[3]},{"title":"first"}]}}""";
        Assert.Equal(200, (await service.SendAsync(HttpMethod.Patch, path, Sop)).Status);

        var (status, made) = await service.PostAsync($"{path}/tasks", new { project_id = (string?)project!["project_id"] });

        Assert.True(status == 201, made?.ToJsonString());
        var tasks = made!["tasks"]!.AsArray();
        Assert.Equal([("first", 3), ("middle", 2), ("last", 1)], tasks.Select(task => ((string)task!["title"]!, (int)task["step_number"]!)));
        Assert.Equal([(string?)tasks[0]!["task_id"], (string?)tasks[1]!["task_id"]], tasks[2]!["depends_on"]!.AsArray().Select(id => (string?)id));
        Assert.Equal(("approved", 1.5, "Grace", (string?)project["project_id"]), ((string?)made["plan_status"], (double)tasks[1]!["estimated_hours"]!, (string?)tasks[1]!["owner"], (string?)tasks[1]!["project_id"]));
        var (again, problem) = await service.PostAsync($"{path}/tasks", new { });
        Assert.Equal((409, "plan_has_tasks"), (again, (string?)problem!["code"]));
        var (_, list) = await service.GetAsync($"/api/v1/tasks?plan_id={plan["plan_id"]}");
        Assert.Equal(["last", "middle", "first"], list!["items"]!.AsArray().Select(task => (string?)task!["title"]));
        (_, list) = await service.GetAsync($"/api/v1/tasks?plan_id={plan["plan_id"]}&order=oldest");
        Assert.Equal(["first", "middle", "last"], list!["items"]!.AsArray().Select(task => (string?)task!["title"]));
    }

    [Fact]
    public async Task a_plan_is_changed_only_as_it_was_read()
    {
        var plan = await PlanAsync(new { client_id = service.NewClient(), intent = $"Teach {_word} to sing" });
        var path = $"{Plans}/{plan["plan_id"]}";
        var tag = (await service.Client.GetAsync(path, TestContext.Current.CancellationToken)).Headers.ETag!.ToString();
        await service.Database.PsqlAsync($"update plans set title = 'by hand' where id = '{plan["plan_id"]}'");

        using var request = new HttpRequestMessage(HttpMethod.Patch, path) { Content = new StringContent("""{"plan_title":"x"}""", System.Text.Encoding.UTF8, "application/json") };
        request.Headers.Add("If-Match", tag);
        using var response = await service.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(412, (int)response.StatusCode);
        Assert.Equal("by hand", (string?)(await service.GetAsync(path)).Body!["plan_title"]);
    }

    [Fact]
    public async Task a_plan_by_psql_is_read_as_far_as_it_can_be()
    {
        var client = service.NewClient();
        var id = await service.Database.PsqlAsync($"insert into plans (client_id, title, sop) values ('{client}', 'By hand', '{{\"checklist\":[{{\"title\":\"a\",\"dependencies\":[1,9,\"x\"]}},7]}}') returning id");

        var (status, plan) = await service.GetAsync($"{Plans}/{id.Split('\n')[0]}");

        Assert.Equal((200, "operator"), (status, (string?)plan!["written_by"]));
        Assert.Equal(["a", "Step 2"], plan["sop"]!["checklist"]!.AsArray().Select(step => (string)step!["title"]!));
        Assert.Equal("[]", plan["sop"]!["checklist"]![0]!["dependencies"]!.ToJsonString());
    }

    private async Task<string> WorkflowAsync(string name, (string Title, double Hours)[] steps, string? capability = null, string? parent = null)
    {
        var (status, body) = await service.PostAsync("/api/v1/patterns/workflows", new
        {
            name, capability, parent_workflow_id = parent, steps = steps.Select(step => new { title = step.Title, estimated_hrs = step.Hours }),
        });
        Assert.True(status == 201, body?.ToJsonString());
        return (string)body!["workflow_id"]!;
    }

    private async Task RunAsync(string client, string workflow, params double[] hours)
    {
        var (_, run) = await service.PostAsync("/api/v1/runs", new { client_id = client, workflow_id = workflow });
        var steps = hours.Select((value, i) => new { step_number = i + 1, actual_hours = value });
        var (status, body) = await service.PostAsync($"/api/v1/runs/{run!["run_id"]}/complete", new { steps });
        Assert.True(status == 200, body?.ToJsonString());
    }

    private async Task<JsonNode> FactAsync(string? client, string type, string content, string? validTo = null, double? salience = null)
    {
        var (status, body) = await service.PostAsync("/api/v1/memory/facts", new
        {
            client_id = client, subject_type = "client", subject_id = client ?? "house", fact_type = type, content, salience_score = salience, valid_from = "2019-01-01T00:00:00Z", valid_to = validTo,
        });
        Assert.True(status == 201, body?.ToJsonString());
        return body!;
    }

    private async Task<JsonNode> PlanAsync(object request)
    {
        var (status, body) = await service.PostAsync("/api/v1/planner/plan", request);
        Assert.True(status == 201, body?.ToJsonString());
        return body!;
    }

    private static IEnumerable<string> Texts(JsonNode plan, string name) => plan["sop"]![name]!.AsArray().Select(text => (string)text!);
}

file static class PlanAnswers
{
    public static double Hours(this Answer answer, int step) => (double)Step(answer, step)["estimated_hours"]!;

    public static string? Source(this Answer answer, int step) => (string?)Step(answer, step)["basis"]!["source"];

    private static JsonNode Step(Answer answer, int step) => JsonNode.Parse(answer.Body)!["sop"]!["checklist"]![step]!;
}
