using System.Text.Json.Nodes;
using Actors.Api.Tests.Access;

namespace Actors.Api.Tests.Patterns;

[Collection(ServiceTests.Name)]
public class PromptTemplateApiTests(ServiceFixture service)
{
    private const string Prompts = "/api/v1/patterns/prompt-templates";

    private readonly string _name = $"test.{Guid.NewGuid():N}";

    [Fact]
    public async Task a_new_text_is_the_next_version_and_the_one_that_is_sent()
    {
        var first = await CreateAsync(new { name = _name, template = "Report {{week}} to {{client}}.", purpose = "why" });
        Assert.Equal((1, true, "week,client"), ((int)first["version"]!, (bool)first["active"]!, string.Join(',', first["variables"]!.AsArray())));
        var path = $"{Prompts}/{first["prompt_template_id"]}";

        var (status, second) = await service.SendAsync(HttpMethod.Patch, path, """{"template":"Tell {{client}}.","variables":["client"]}""");

        Assert.Equal((200, 2, true, "why"), (status, (int)second!["version"]!, (bool)second["active"]!, (string?)second["purpose"]));
        (_, var old) = await service.GetAsync(path);
        Assert.Equal(("Report {{week}} to {{client}}.", false), ((string?)old!["template"], (bool)old["active"]!));
        Assert.Equal([2, 1], await VersionsAsync(""));
        Assert.Equal([2], await VersionsAsync("&active=true"));
        Assert.Equal([1], await VersionsAsync("&active=false"));
        var (_, page) = await service.GetAsync($"{Prompts}?name={_name}&limit=1");
        Assert.Equal([1], await VersionsAsync($"&limit=1&cursor={page!["next_cursor"]}"));
        Assert.Equal((409, "prompt_name_taken"), await RefusalAsync(HttpMethod.Post, Prompts, new { name = _name, template = "a" }));

        Assert.Equal(204, (await service.SendAsync(HttpMethod.Delete, $"{Prompts}/{second["prompt_template_id"]}")).Status);
        Assert.Equal([1], await VersionsAsync(""));
    }

    [Fact]
    public async Task a_dry_run_shows_the_prompt_and_takes_a_text_for_each_variable()
    {
        var prompt = await CreateAsync(new { name = _name, template = "Dear {{client}}, {{text}}\n{{client}}", active = false });
        var path = $"{Prompts}/{prompt["prompt_template_id"]}/render";

        var (status, answer) = await service.PostAsync(path, new { variables = new { client = "{{text}}", text = "" } });

        Assert.Equal((200, "Dear {{text}}, \n{{text}}"), (status, (string?)answer!["prompt"]));
        Assert.Equal("client,text", string.Join(',', answer["variables_used"]!.AsArray()));
        Assert.Equal((422, "variable_missing"), await RefusalAsync(HttpMethod.Post, path, new { }));
        Assert.Equal((422, "variable_unknown"), await RefusalAsync(HttpMethod.Post, path, new { variables = new { client = "a", text = "b", other = "c" } }));
        Assert.Equal((400, "invalid_request"), await RefusalAsync(HttpMethod.Post, path, new { variables = new { client = 1, text = "b" } }));
        Assert.Equal(404, (await service.PostAsync($"{Prompts}/{Guid.NewGuid()}/render", new { })).Status);
    }

    [Theory]
    [InlineData("undeclared_variable", """{"template":"{{a}} {{b}}","variables":["a"]}""")]
    [InlineData("unused_variable", """{"template":"{{a}}","variables":["a","b"]}""")]
    [InlineData("malformed_placeholder", """{"template":"{{a}} {{ b }}"}""")]
    public async Task texts_and_their_variables_fit_when_stored_and_when_changed(string code, string members)
    {
        var prompt = JsonNode.Parse(members)!;
        var stored = await CreateAsync(new { name = _name, template = "{{a}}" });
        Assert.Equal((422, code), await RefusalAsync(HttpMethod.Patch, $"{Prompts}/{stored["prompt_template_id"]}", prompt));
        prompt["name"] = _name + "-other";
        Assert.Equal((422, code), await RefusalAsync(HttpMethod.Post, Prompts, prompt));
        Assert.Equal("1", await service.Database.PsqlAsync($"select count(*) from prompt_templates where name like '{_name}%'"));
    }

    [Theory]
    [InlineData("/name", """{"name":"Plan","template":"a"}""")]
    [InlineData("/name", """{"name":"plan sop","template":"a"}""")]
    [InlineData("/name", """{"name":"plan\n","template":"a"}""")]
    [InlineData("/template", """{"name":"plan","template":""}""")]
    [InlineData("/variables/1", """{"name":"plan","template":"a","variables":["a",1]}""")]
    public async Task faults_are_named_where_they_are(string place, string body)
    {
        var (status, problem) = await service.PostAsync(Prompts, body);
        Assert.Equal((400, place), (status, (string?)Assert.Single(problem!["errors"]!.AsArray())!["pointer"]));
    }

    [Fact]
    public async Task prompts_are_for_admins_alone()
    {
        var prompt = await CreateAsync(new { name = _name, template = "a" });
        var agent = await service.Client.CreateKeyAsync("agent", "1");
        foreach (var (method, path, body) in ((string, string, string?)[])
        [
            ("GET", Prompts, null), ("GET", $"{Prompts}/{prompt["prompt_template_id"]}", null), ("POST", $"{Prompts}/{prompt["prompt_template_id"]}/render", "{}"),
        ])
        {
            Assert.Equal(403, (await service.Client.AskAsync(agent, method, path, body)).Status);
        }
    }

    [Fact]
    public async Task what_operators_wrote_is_no_reason_to_fail()
    {
        await service.Database.PsqlAsync(
            $$$"""insert into prompt_templates (name, template, variables) values ('{{{_name}}}', 'Odd {{ text }', '[1,"a",{"b":null}]')""");
        var (status, list) = await service.GetAsync($"{Prompts}?name={_name}");
        Assert.Equal((200, "a"), (status, string.Join(',', list!["items"]![0]!["variables"]!.AsArray())));
        var path = $"{Prompts}/{list["items"]![0]!["prompt_template_id"]}";

        Assert.Equal((422, "malformed_placeholder"), await RefusalAsync(HttpMethod.Post, $"{path}/render", new { }));
        var (changed, next) = await service.SendAsync(HttpMethod.Patch, path, """{"template":"Even {{text}}"}""");
        Assert.Equal((200, 2), (changed, (int)next!["version"]!));
    }

    private async Task<JsonNode> CreateAsync(object prompt)
    {
        var (status, body) = await service.PostAsync(Prompts, prompt);
        Assert.True(status == 201, body?.ToJsonString());
        return body!;
    }

    private async Task<(int Status, string? Code)> RefusalAsync(HttpMethod method, string path, object body)
    {
        var (status, problem) = await service.SendAsync(method, path, System.Text.Json.JsonSerializer.Serialize(body));
        return (status, (string?)problem?["code"]);
    }

    private async Task<IEnumerable<int>> VersionsAsync(string filter)
    {
        var (status, list) = await service.GetAsync($"{Prompts}?name={_name}{filter}");
        Assert.Equal(200, status);
        return list!["items"]!.AsArray().Select(prompt => (int)prompt!["version"]!);
    }
}
