using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Actors.Support;

namespace Actors.Api.Tests;

/// <summary>The real service on a fresh database, started once for all tests over its routes; each test uses clients of its own.</summary>
public sealed class ServiceFixture : IAsyncLifetime
{
    private readonly string _data = Path.Combine(Path.GetTempPath(), $"api-test-{Guid.NewGuid():N}");
    private int _clients;

    public TestDatabase Database { get; private set; } = null!;

    public ServiceProcess Service { get; private set; } = null!;

    public HttpClient Client => Service.Client;

    public string DataFolder => _data;

    public async ValueTask InitializeAsync()
    {
        Database = await TestPostgres.CreateAsync();
        Service = await ServiceProcess.StartAsync(_data, "--postgres", Database.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Database.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    public string NewClient() => $"c{Interlocked.Increment(ref _clients)}";

    /// <summary>Sends a request and reads the answer as JSON; null when it has no body.</summary>
    public async Task<(int Status, JsonNode? Body)> SendAsync(HttpMethod method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public Task<(int Status, JsonNode? Body)> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<(int Status, JsonNode? Body)> PostAsync(string path, object body) =>
        SendAsync(HttpMethod.Post, path, body as string ?? JsonSerializer.Serialize(body));

    public async Task<JsonNode> RememberAsync(object memory)
    {
        var (status, body) = await PostAsync("/api/v1/memory/remember", memory);
        Assert.True(status == 201, body?.ToJsonString());
        return body!;
    }

    public async Task<JsonArray> RecallAsync(string query)
    {
        var (status, body) = await GetAsync($"/api/v1/memory/recall?{query}");
        Assert.Equal(200, status);
        return body!["results"]!.AsArray();
    }
}

[CollectionDefinition(Name)]
public sealed class ServiceTests : ICollectionFixture<ServiceFixture>
{
    public const string Name = "service";
}
