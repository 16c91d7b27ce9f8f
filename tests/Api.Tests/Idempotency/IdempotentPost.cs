using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Actors.Api.Tests.Idempotency;

/// <summary>A POST that writes, for tests which repeat it.</summary>
/// <param name="Path">Where it goes.</param>
/// <param name="Body">What it says.</param>
internal sealed record IdempotentPost(string Path, object Body)
{
    /// <summary>Names of all that there are.</summary>
    public static readonly string[] Names =
        ["remember", "remember batch", "create fact", "create fact by change", "update fact", "correct fact", "retract fact", "create key"];

    /// <summary>How often the data of a client was written to; a write without effect leaves it as it is.</summary>
    public static string VersionOf(string client) =>
        $"select (select version from session_heads where client_id = '{client}'), (select count(*) from api_keys where client_ids = '{{{client}}}')";

    /// <summary>Prepares what the request needs, and makes it.</summary>
    public static async Task<IdempotentPost> PrepareAsync(string name, HttpClient http, string client)
    {
        object NewFact(string content) => new { subject_type = "user", subject_id = "1", fact_type = "preference", fact_key = "drink", content, client_id = client };
        switch (name)
        {
            case "remember":
                return new("/api/v1/memory/remember", new { content = "tea at noon", client_id = client, metadata = new { a = 1 } });
            case "remember batch":
                return new("/api/v1/memory/remember/batch", new { client_id = client, items = new object[] { new { content = "one" }, new { content = "two" } } });
            case "create key":
                return new("/api/v1/admin/keys", new { name = "made twice", client_ids = new[] { client } });
            case "create fact":
                return new("/api/v1/memory/facts", NewFact("likes tea"));
        }

        using var response = await http.PostAsJsonAsync("/api/v1/memory/facts", NewFact("likes tea"));
        response.EnsureSuccessStatusCode();
        var id = (string)(await response.Content.ReadFromJsonAsync<JsonNode>())!["fact_id"]!;
        return name switch
        {
            "create fact by change" => new("/api/v1/memory/facts?on_conflict=change", NewFact("likes coffee")),
            "update fact" => new($"/api/v1/memory/facts/{id}/update", new { content = "likes coffee" }),
            "correct fact" => new($"/api/v1/memory/facts/{id}/correct", new { content = "likes green tea", reason = "misheard" }),
            "retract fact" => new($"/api/v1/memory/facts/{id}/retract", new { reason = "never said" }),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
        };
    }

    /// <summary>Sends it.</summary>
    public async Task<(int Status, string Answer, bool IsReplay)> SendAsync(HttpClient http, string key, object? body = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = JsonContent.Create(body ?? Body) };
        request.Headers.Add("Idempotency-Key", key);
        using var response = await http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.Contains("Idempotent-Replayed"));
    }
}
