using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Actors.Support;

namespace Actors.Api.Tests.Zep;

/// <summary>The running service on a database of its own, with a fake Zep in the test's process.</summary>
internal sealed class ZepService : IAsyncDisposable
{
    private readonly TestFolder _folder = TestFolder.Create();
    private string[] _arguments = [];

    private ZepService(TestDatabase database, FakeZep fake) => (Database, Fake) = (database, fake);

    public TestDatabase Database { get; }

    public FakeZep Fake { get; }

    public ServiceProcess Service { get; private set; } = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <param name="arguments">More arguments of the service.</param>
    public static async Task<ZepService> StartAsync(params string[] arguments)
    {
        var scene = new ZepService(await TestPostgres.CreateAsync(), await FakeZep.StartAsync());
        scene._arguments =
        [
            "--postgres", scene.Database.ConnectionString, "--Zep:BaseUrl", scene.Fake.BaseUrl, "--Zep:ApiKey", FakeZep.Key, "--Zep:PollInterval", "00:00:00.2",
            "--Zep:MonthlyCalls", "0", .. arguments,
        ];
        await scene.StartServiceAsync();
        return scene;
    }

    public async Task StartServiceAsync() => Service = await ServiceProcess.StartAsync(_folder.Path, _arguments);

    public async Task<JsonNode> RememberAsync(string client, string content, string? key = null, double salience = 0.9)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/memory/remember")
        {
            Content = JsonContent.Create(new { client_id = client, content, salience_score = salience }),
        };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await SendAsync(request, 201);
    }

    public Task<JsonNode> GetAsync(string path, int expected = 200) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path), expected);

    public async Task<JsonNode> SendAsync(HttpRequestMessage request, int expected)
    {
        using var sent = request;
        using var response = await Service.Client.SendAsync(sent, Stop);
        var text = await response.Content.ReadAsStringAsync(Stop);
        Assert.True((int)response.StatusCode == expected, $"{(int)response.StatusCode} {text}");
        return text.Length == 0 ? JsonValue.Create(0) : JsonNode.Parse(text)!;
    }

    /// <summary>Ends when nothing waits to be sent.</summary>
    public async Task SentAsync(TimeSpan? within = null)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var limit = new CancellationTokenSource(within ?? TimeSpan.FromMinutes(2));
        await using var count = Database.DataSource.CreateCommand("select count(*) from outbox where failed_at is null");
        while ((long)(await count.ExecuteScalarAsync(limit.Token))! != 0)
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>Asserts that all memories of a client are there, first arrivals in the order in which they were stored.</summary>
    /// <returns>How many messages repeat others.</returns>
    public async Task<int> AssertArrivedInOrderAsync(string client)
    {
        var stored = (await Database.PsqlAsync($"select id from events where client_id = '{client}' order by created_at")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var arrived = Fake.Messages.Where(message => message.UserId == $"client_{client}").Select(message => message.MemoryId!).ToArray();
        Assert.Equal(stored, arrived.Distinct());
        return arrived.Length - stored.Length;
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Fake.DisposeAsync();
        await Database.DisposeAsync();
        await _folder.DisposeAsync();
    }
}
