using System.Text.Json.Nodes;
using Actors.Api.Tests.Access;

namespace Actors.Api.Tests.OpenApi;

/// <summary>Things that requests may name by id.</summary>
internal static class Made
{
    public static async Task<string> EventAsync(ServiceFixture service) =>
        (string)(await service.RememberAsync(new { content = "something to name", client_id = service.NewClient() }))["memory_id"]!;

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

    /// <summary>A run of client 1, under way.</summary>
    public static async Task<string> RunAsync(ServiceFixture service)
    {
        var (status, body) = await service.PostAsync("/api/v1/runs", new { client_id = "1", estimated_hours = 1 });
        Assert.True(status == 201, body?.ToJsonString());
        return (string)body!["run_id"]!;
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

    public static async Task<string> KeyAsync(ServiceFixture service, string role = "agent") => (await service.Client.CreateKeyAsync(role)).Id;
}
