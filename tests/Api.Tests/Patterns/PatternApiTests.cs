using System.Text.Json.Nodes;
using Actors.Api.Tests.Access;

namespace Actors.Api.Tests.Patterns;

[Collection(ServiceTests.Name)]
public class PatternApiTests(ServiceFixture service)
{
    private const string Workflows = "/api/v1/patterns/workflows";

    [Fact]
    public async Task workflows_are_found_by_capability_and_by_words_and_from_psql()
    {
        var capability = $"delivery-{Guid.NewGuid():N}";
        var onboarding = await CreateAsync(new { name = "Client onboarding", capability, steps = new[] { new { title = "Kick-off", estimated_hrs = 1.5 } } });
        await CreateAsync(new { name = "Weekly report", capability, status = "draft" });
        await service.Database.PsqlAsync($"insert into workflows (name, capability, steps) values ('By hand', '{capability}', '[{{\"title\":\"Write\"}},7]')");

        Assert.Equal(["By hand", "Weekly report", "Client onboarding"], await NamesAsync($"?capability={capability}"));
        Assert.Equal(["Client onboarding"], await NamesAsync($"?capability={capability}&query=onboarded+clients"));
        Assert.Equal(["Weekly report"], await NamesAsync($"?capability={capability}&status=draft"));
        Assert.Equal("3", await service.Database.PsqlAsync($"SELECT count(*) FROM workflows WHERE capability='{capability}'"));
        var reader = await service.Client.CreateKeyAsync("reader", "1");
        var answer = await service.Client.AskAsync(reader, "GET", $"{Workflows}/{onboarding["workflow_id"]}", null);
        Assert.Equal(1.5, (double)JsonNode.Parse(answer.Body)!["steps"]![0]!["estimated_hrs"]!);
        var (_, page) = await service.GetAsync($"{Workflows}?capability={capability}&limit=2");
        Assert.Equal(["Client onboarding"], await NamesAsync($"?capability={capability}&limit=2&cursor={page!["next_cursor"]}"));
    }

    [Fact]
    public async Task new_steps_of_a_used_workflow_are_a_new_version_and_what_went_by_the_old_one_keeps_its_steps()
    {
        var first = await CreateAsync(new { name = "Audit", steps = new[] { new { title = "Ask", estimated_hrs = 1 } } });
        var path = $"{Workflows}/{first["workflow_id"]}";
        var unused = await ChangeAsync(path, """{"steps":[{"title":"Ask","estimated_hrs":2}],"description":"d"}""");
        Assert.Equal(((string?)first["workflow_id"], 1), ((string?)unused["workflow_id"], (int)unused["version"]!));
        var (status, template) = await service.PostAsync($"{path}/instantiate", new { engagement_id = "ada", name = "Audit of Ada" });
        Assert.Equal(201, status);
        var part = await CreateAsync(new { name = "Part", parent_workflow_id = (string?)first["workflow_id"] });

        var renamed = await ChangeAsync(path, """{"name":"Audit of books"}""");
        Assert.Equal(1, (int)renamed["version"]!);
        var second = await ChangeAsync(path, """{"steps":[{"title":"Ask","estimated_hrs":3},{"title":"Look"}]}""");

        Assert.Equal((2, (string?)first["workflow_id"], "Audit of books", "d"), ((int)second["version"]!, (string?)second["origin_id"], (string?)second["name"], (string?)second["description"]));
        var (_, old) = await service.GetAsync(path);
        Assert.Equal(("retired", 2), ((string?)old!["status"], (int)old["steps"]![0]!["estimated_hrs"]!));
        (_, template) = await service.GetAsync($"/api/v1/patterns/process-templates/{template!["process_template_id"]}");
        Assert.Equal(("Audit of Ada", (string?)first["workflow_id"], 2), ((string?)template!["name"], (string?)template["workflow_id"], (int)template["checklist"]![0]!["estimated_hrs"]!));
        (_, part) = await service.GetAsync($"{Workflows}/{part["workflow_id"]}");
        Assert.Equal((string?)second["workflow_id"], (string?)part!["parent_workflow_id"]);
    }

    [Fact]
    public async Task of_the_versions_of_a_workflow_one_is_active_and_has_the_parts()
    {
        var first = await CreateAsync(new { name = "Audit", steps = new[] { new { title = "Ask" } } });
        var path = $"{Workflows}/{first["workflow_id"]}";
        await service.PostAsync($"{path}/instantiate", new { engagement_id = "ada" });
        var part = await CreateAsync(new { name = "Part", parent_workflow_id = (string?)first["workflow_id"] });
        var second = await ChangeAsync(path, """{"steps":[{"title":"Look"}]}""");

        var back = await ChangeAsync(path, """{"status":"active"}""");

        Assert.Equal("active", (string?)back["status"]);
        var (_, old) = await service.GetAsync($"{Workflows}/{second["workflow_id"]}");
        Assert.Equal("retired", (string?)old!["status"]);
        var (_, moved) = await service.GetAsync($"{Workflows}/{part["workflow_id"]}");
        Assert.Equal((string?)first["workflow_id"], (string?)moved!["parent_workflow_id"]);
    }

    [Fact]
    public async Task a_blueprint_is_a_sequence_of_workflows()
    {
        const string Blueprints = "/api/v1/patterns/service-blueprints";
        var (first, second) = ((string?)(await CreateAsync(new { name = "Ask" }))["workflow_id"], (string?)(await CreateAsync(new { name = "Look" }))["workflow_id"]);
        var (status, blueprint) = await service.PostAsync(Blueprints, new { name = "Audit", description = "d", workflow_sequence = new[] { second, first } });
        Assert.Equal(201, status);
        var path = $"{Blueprints}/{blueprint!["service_blueprint_id"]}";
        await service.Database.PsqlAsync($"update service_blueprints set definition = definition || jsonb '{{\"price\":9}}' where id = '{blueprint["service_blueprint_id"]}'");

        (_, blueprint) = await service.SendAsync(HttpMethod.Patch, path, $$"""{"description":null,"workflow_sequence":["{{first}}","{{second}}"]}""");

        Assert.Equal(("Audit", null, first), ((string?)blueprint!["name"], (string?)blueprint["description"], (string?)blueprint["workflow_sequence"]![0]));
        Assert.Equal("9", await service.Database.PsqlAsync($"select definition -> 'price' from service_blueprints where id = '{blueprint["service_blueprint_id"]}'"));
        Assert.Equal(204, (await service.SendAsync(HttpMethod.Delete, path)).Status);
        Assert.Equal(404, (await service.GetAsync(path)).Status);
        Assert.Equal(200, (await service.GetAsync($"{Workflows}/{first}")).Status);
    }

    [Fact]
    public async Task a_run_goes_by_what_was_made_of_a_workflow()
    {
        var workflow = await CreateAsync(new { name = "Onboarding", steps = new[] { new { title = "Kick-off", estimated_hrs = 1.0 }, new { title = "Accounts", estimated_hrs = 1.6 } } });
        var (_, template) = await service.PostAsync($"{Workflows}/{workflow["workflow_id"]}/instantiate", new { engagement_id = "ada" });

        var (status, run) = await service.PostAsync("/api/v1/runs", new { client_id = service.NewClient(), process_template_id = (string?)template!["process_template_id"] });

        Assert.Equal(201, status);
        Assert.Equal((2.6, (string?)workflow["workflow_id"]), ((double)run!["estimated_hours"]!, (string?)run["workflow_id"]));
        Assert.Equal(["Kick-off", "Accounts"], run["steps"]!.AsArray().Select(step => (string)step!["title"]!));
    }

    private async Task<JsonNode> CreateAsync(object workflow)
    {
        var (status, body) = await service.PostAsync(Workflows, workflow);
        Assert.True(status == 201, body?.ToJsonString());
        return body!;
    }

    private async Task<JsonNode> ChangeAsync(string path, string change)
    {
        var (status, body) = await service.SendAsync(HttpMethod.Patch, path, change);
        Assert.True(status == 200, body?.ToJsonString());
        return body!;
    }

    private async Task<IEnumerable<string>> NamesAsync(string query)
    {
        var (status, list) = await service.GetAsync(Workflows + query);
        Assert.Equal(200, status);
        return list!["items"]!.AsArray().Select(workflow => (string)workflow!["name"]!);
    }
}
