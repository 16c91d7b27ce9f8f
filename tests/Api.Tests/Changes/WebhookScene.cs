using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Actors.Support;

namespace Actors.Api.Tests.Changes;

/// <summary>A service of its own with a receiver of webhooks, which is tried three times, quickly.</summary>
internal sealed class WebhookScene : IAsyncDisposable
{
    private readonly TestFolder _folder = TestFolder.Create();

    public required TestDatabase Database { get; init; }

    public required FakeReceiver Receiver { get; init; }

    public ServiceProcess Service { get; private set; } = null!;

    public static async Task<WebhookScene> StartAsync()
    {
        var scene = new WebhookScene { Database = await TestPostgres.CreateAsync(), Receiver = await FakeReceiver.StartAsync() };
        await scene.StartServiceAsync();
        return scene;
    }

    public async Task StartServiceAsync() => Service = await ServiceProcess.StartAsync(
        _folder.Path, "--postgres", Database.ConnectionString,
        "--Webhooks:MaxAttempts", "3", "--Webhooks:FirstDelay", "00:00:00.01", "--Webhooks:Timeout", "00:00:03", "--Webhooks:BatchSize", "10");

    /// <summary>Makes a webhook to the receiver, whose secret it then knows.</summary>
    public async Task<string> HookAsync(string? client = null, params string[] events)
    {
        var made = await SendAsync(HttpMethod.Post, "/api/v1/admin/webhooks", new { url = Receiver.Url, client_id = client, events }, 201);
        Receiver.Secrets.Enqueue((string)made["secret"]!);
        return (string)made["webhook_id"]!;
    }

    public Task<JsonNode> RememberAsync(string client, string content) =>
        SendAsync(HttpMethod.Post, "/api/v1/memory/remember", new { client_id = client, content }, 201);

    public Task<JsonNode> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null, 200);

    public async Task<JsonNode> SendAsync(HttpMethod method, string path, object? body, int expected)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        using var response = await Service.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((int)response.StatusCode == expected, text);
        return text.Length == 0 ? JsonValue.Create(0) : JsonNode.Parse(text)!;
    }

    /// <summary>Ends when a webhook looks so: what is noted after a request is noted a moment after its answer.</summary>
    public async Task<JsonNode> UntilAsync(string path, Func<JsonNode, bool> isSo)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            var now = await GetAsync(path);
            if (isSo(now))
            {
                return now;
            }

            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Receiver.DisposeAsync();
        await Database.DisposeAsync();
        await _folder.DisposeAsync();
    }
}
