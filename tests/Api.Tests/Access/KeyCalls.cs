using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Actors.Api.Tests.Access;

/// <summary>A key made by a test.</summary>
internal sealed record TestKey(string Id, string Secret);

/// <summary>An answer as it came: everything two answers may differ in.</summary>
internal sealed record Answer(int Status, string Body, string Headers)
{
    public string? Code => Body.Length == 0 ? null : (string?)JsonNode.Parse(Body)!["code"];
}

/// <summary>What tests of access ask of the service.</summary>
internal static class KeyCalls
{
    public const string Keys = "/api/v1/admin/keys";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    public static async Task<TestKey> CreateKeyAsync(this HttpClient admin, object key)
    {
        using var response = await admin.PostAsJsonAsync(Keys, key, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((int)response.StatusCode == 201, body);
        var answer = JsonNode.Parse(body)!;
        return new TestKey((string)answer["key_id"]!, (string)answer["key"]!);
    }

    /// <summary>A key for clients, of a limit that no test reaches by accident.</summary>
    public static Task<TestKey> CreateKeyAsync(this HttpClient admin, string role, params string[] clients) =>
        admin.CreateKeyAsync(new { name = $"test {role}", role, client_ids = clients, rate_limit_per_minute = 1_000_000 });

    public static async Task ChangeKeyAsync(this HttpClient admin, TestKey key, object change)
    {
        using var response = await admin.PatchAsJsonAsync($"{Keys}/{key.Id}", change, TestContext.Current.CancellationToken);
        Assert.True((int)response.StatusCode == 200, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Sends a request with a key, or with none.</summary>
    public static Task<Answer> AskAsync(this HttpClient client, TestKey? key, string method, string path, string? json = null) =>
        client.AskAsync(method, path, json, key is null ? [] : [("Authorization", $"Bearer {key.Secret}")]);

    /// <summary>Sends a request with these headers and no others; redirects are not followed.</summary>
    public static async Task<Answer> AskAsync(
        this HttpClient client, string method, string path, string? body, (string Name, string Value)[] headers, string mediaType = "application/json")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(client.BaseAddress!, path));
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, mediaType);
        }

        using var response = await Bare.SendAsync(request, TestContext.Current.CancellationToken);
        return new Answer(
            (int)response.StatusCode,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            string.Concat(response.Headers.Concat(response.Content.Headers)
                .Where(header => header.Key != "Date")
                .OrderBy(header => header.Key, StringComparer.Ordinal)
                .Select(header => $"{header.Key}: {string.Join(',', header.Value)}\n")));
    }

    /// <summary>Asks again until the answer has that status.</summary>
    public static async Task<Answer> AskUntilAsync(this HttpClient client, int status, TestKey key, string method, string path)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var answer = await client.AskAsync(key, method, path);
            if (answer.Status == status)
            {
                return answer;
            }

            Assert.True(Stopwatch.GetElapsedTime(start) < Bound, $"{method} {path} is still {answer.Status}.");
        }
    }

    // Without cookies and redirects of its own, and without the admin key.
    private static HttpClient Bare { get; } = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
    {
        DefaultRequestHeaders = { CacheControl = new CacheControlHeaderValue { NoCache = true } },
    };
}
