using System.Text.Json.Nodes;

namespace Actors.Api.Tests.Patterns;

[Collection(ServiceTests.Name)]
public class ProcessTemplateApiTests(ServiceFixture service)
{
    private const string Templates = "/api/v1/patterns/process-templates";

    [Fact]
    public async Task a_checklist_of_its_own_is_numbered_anew_and_what_is_not_named_stays()
    {
        var workflow = await MakeWorkflowAsync();
        var project = await service.Database.PsqlAsync("insert into projects (name) values ('Ada') returning id");
        var template = await CreateAsync(new
        {
            name = "Onboarding of Ada",
            workflow_id = workflow,
            engagement_id = "ada",
            project_id = project,
            checklist = new object[] { new { title = "Second", order = 2 }, new { title = "First", order = 1, estimated_hrs = 1.5, description = "d" } },
        });
        Assert.Equal(["1 First", "2 Second"], template["checklist"]!.AsArray().Select(step => $"{step!["order"]} {step["title"]}"));
        Assert.Equal((workflow, "ada", project, "active"), ((string?)template["workflow_id"], (string?)template["engagement_id"], (string?)template["project_id"], (string?)template["status"]));
        var path = $"{Templates}/{template["process_template_id"]}";

        var changed = await ChangeAsync(path, """{"name":"Onboarding","status":"completed"}""");
        Assert.Equal(("Onboarding", "completed", workflow, 2), ((string?)changed["name"], (string?)changed["status"], (string?)changed["workflow_id"], changed["checklist"]!.AsArray().Count));
        changed = await ChangeAsync(path, """{"workflow_id":null,"engagement_id":null,"project_id":null}""");
        Assert.Equal((null, null, null, "Onboarding"), ((string?)changed["workflow_id"], (string?)changed["engagement_id"], (string?)changed["project_id"], (string?)changed["name"]));
        Assert.Equal(200, (await service.GetAsync(path)).Status);
    }

    [Fact]
    public async Task a_checklist_changes_at_any_time_and_runs_keep_the_steps_they_began_with()
    {
        var template = await CreateAsync(new { name = "Audit", checklist = new[] { new { title = "Ask", estimated_hrs = 1 } } });
        var id = (string?)template["process_template_id"];
        var (status, run) = await service.PostAsync("/api/v1/runs", new { client_id = service.NewClient(), process_template_id = id });
        Assert.Equal(201, status);

        var changed = await ChangeAsync($"{Templates}/{id}", """{"checklist":[{"title":"Ask"},{"title":"Look","estimated_hrs":2}]}""");

        Assert.Equal(["Ask", "Look"], changed["checklist"]!.AsArray().Select(step => (string?)step!["title"]));
        (_, run) = await service.GetAsync($"/api/v1/runs/{run!["run_id"]}");
        Assert.Equal("Ask", (string?)Assert.Single(run!["steps"]!.AsArray())!["title"]);
        var (refused, problem) = await service.SendAsync(HttpMethod.Delete, $"{Templates}/{id}");
        Assert.Equal((409, "template_in_use"), (refused, (string?)problem!["code"]));
        Assert.Equal("retired", (string?)(await ChangeAsync($"{Templates}/{id}", """{"status":"retired"}"""))["status"]);
    }

    [Fact]
    public async Task what_plans_go_by_cannot_be_deleted_and_what_nothing_goes_by_can()
    {
        var template = await CreateAsync(new { name = "Audit", checklist = Array.Empty<object>() });
        var id = (string?)template["process_template_id"];
        await service.Database.PsqlAsync($"insert into plans (title, process_template_id) values ('{id}', '{id}')");
        Assert.Equal(409, (await service.SendAsync(HttpMethod.Delete, $"{Templates}/{id}")).Status);

        await service.Database.PsqlAsync($"delete from plans where title = '{id}'");

        Assert.Equal(204, (await service.SendAsync(HttpMethod.Delete, $"{Templates}/{id}")).Status);
        Assert.Equal(404, (await service.SendAsync(HttpMethod.Delete, $"{Templates}/{id}")).Status);
        Assert.Equal(404, (await service.SendAsync(HttpMethod.Patch, $"{Templates}/{id}", "{}")).Status);
    }

    [Fact]
    public async Task faults_are_named_where_they_are()
    {
        var (status, problem) = await service.PostAsync(Templates, """{"name":" ","checklist":[{"title":""},{"title":"a","estimated_hrs":-1}],"status":"lost"}""");
        Assert.Equal(400, status);
        Assert.Equal(
            ["/checklist/0/title", "/checklist/1/estimated_hrs", "/name", "/status"],
            problem!["errors"]!.AsArray().Select(fault => (string?)fault!["pointer"]).Order());
        (status, problem) = await service.PostAsync(Templates, """{"name":"a"}""");
        Assert.Equal((400, "/checklist"), (status, (string?)problem!["errors"]![0]!["pointer"]));
    }

    private async Task<string> MakeWorkflowAsync()
    {
        var (status, body) = await service.PostAsync("/api/v1/patterns/workflows", new { name = "Onboarding" });
        Assert.True(status == 201, body?.ToJsonString());
        return (string)body!["workflow_id"]!;
    }

    private async Task<JsonNode> CreateAsync(object template)
    {
        var (status, body) = await service.PostAsync(Templates, template);
        Assert.True(status == 201, body?.ToJsonString());
        return body!;
    }

    private async Task<JsonNode> ChangeAsync(string path, string change)
    {
        var (status, body) = await service.SendAsync(HttpMethod.Patch, path, change);
        Assert.True(status == 200, body?.ToJsonString());
        return body!;
    }
}
