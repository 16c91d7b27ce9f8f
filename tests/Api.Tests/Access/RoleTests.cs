using System.Text.Json.Nodes;

namespace Actors.Api.Tests.Access;

/// <summary>Each role on each route, with clients of its own.</summary>
[Collection(ServiceTests.Name)]
public class RoleTests(ServiceFixture service)
{
    private const string Mine = "role-mine";
    private const string Memory = "/api/v1/memory";
    private const string Remember = """{"client_id": "role-mine", "content": "written by a role UNIQUE"}""";

    // What the route answers to who may use it; 403 to the others.
    [Theory]
    [InlineData("POST", $"{Memory}/remember", Remember, 201, "agent,admin")]
    [InlineData("POST", $"{Memory}/remember/batch", $"[{Remember}]", 201, "agent,admin")]
    [InlineData("GET", $"{Memory}/recall?client_id={Mine}&query=x", null, 200, "reader,agent,admin")]
    [InlineData("POST", $"{Memory}/recall", """{"client_id": "role-mine", "query": "x"}""", 200, "reader,agent,admin")]
    [InlineData("GET", $"{Memory}/events?client_id={Mine}", null, 200, "reader,agent,admin")]
    [InlineData("GET", $"{Memory}/events/EVENT", null, 200, "reader,agent,admin")]
    [InlineData("DELETE", $"{Memory}/events/EVENT", null, 204, "agent,admin")]
    [InlineData("GET", "/metrics", null, 200, "admin")]
    [InlineData("POST", KeyCalls.Keys, """{"name": "made by a role"}""", 201, "admin")]
    [InlineData("GET", KeyCalls.Keys, null, 200, "admin")]
    [InlineData("GET", $"{KeyCalls.Keys}/KEY", null, 200, "admin")]
    [InlineData("PATCH", $"{KeyCalls.Keys}/KEY", "{}", 200, "admin")]
    [InlineData("DELETE", $"{KeyCalls.Keys}/KEY", null, 204, "admin")]
    [InlineData("GET", "/health", null, 200, "reader,agent,admin")]
    [InlineData("GET", "/health/ready", null, 200, "reader,agent,admin")]
    [InlineData("GET", "/nothing", null, 404, "reader,agent,admin")]
    [InlineData("POST", "/nothing", "{}", 404, "reader,agent,admin")]
    [InlineData("PUT", $"{Memory}/remember", "{}", 405, "reader,agent,admin")]
    public async Task a_route_serves_the_roles_it_is_for(string method, string path, string? json, int status, string roles)
    {
        foreach (var role in new[] { "reader", "agent", "admin" })
        {
            var key = await service.Client.CreateKeyAsync(role, role == "admin" ? [] : [Mine]);
            var memory = await service.RememberAsync(new { client_id = Mine, content = $"for {role} on {method} {path}" });
            var victim = await service.Client.CreateKeyAsync("reader");
            var address = path.Replace("EVENT", (string)memory["memory_id"]!, StringComparison.Ordinal).Replace("KEY", victim.Id, StringComparison.Ordinal);

            var answer = await service.Client.AskAsync(key, method, address, json?.Replace("UNIQUE", $"{Guid.NewGuid()}", StringComparison.Ordinal));

            if (roles.Split(',').Contains(role))
            {
                Assert.True(status == answer.Status, $"{role}: {answer.Body}");
            }
            else
            {
                Assert.Equal((role, 403, "role_forbidden"), (role, answer.Status, answer.Code));
                Assert.Equal(200, (await service.GetAsync($"{Memory}/events/{memory["memory_id"]}")).Status);
                Assert.Equal(200, (await service.GetAsync($"{KeyCalls.Keys}/{victim.Id}")).Status);
            }
        }
    }

    [Fact]
    public async Task an_admin_key_of_the_table_makes_keys_like_the_one_of_the_file()
    {
        var admin = await service.Client.CreateKeyAsync("admin");
        var answer = await service.Client.AskAsync(admin, "POST", KeyCalls.Keys, """{"name": "second generation", "client_ids": ["role-mine"]}""");
        Assert.Equal(201, answer.Status);
        var made = new TestKey("", (string)JsonNode.Parse(answer.Body)!["key"]!);
        Assert.Equal(200, (await service.Client.AskAsync(made, "GET", $"{Memory}/events?client_id={Mine}")).Status);
    }

    [Fact]
    public async Task a_key_without_clients_is_known_and_sees_nobodys_data()
    {
        var key = await service.Client.CreateKeyAsync("agent");
        var answer = await service.Client.AskAsync(key, "GET", $"{Memory}/events?client_id={Mine}");
        Assert.Equal((403, "client_forbidden"), (answer.Status, answer.Code));
    }
}
