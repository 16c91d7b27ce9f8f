using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Actors.Support;

namespace Actors.Api.Tests.Sessions;

/// <summary>The service with a Valkey, which is killed, paused and filled under it.</summary>
public sealed class ValkeyApiTests : IAsyncLifetime
{
    private const string AdminKey = "pm_admin_0123456789abcdef0123456789abcdef";
    private const string Remember = "/api/v1/memory/remember";
    private const string Question = "/api/v1/memory/recall?client_id=1&query=kettle";

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("valkey-test-");
    private TestDatabase _database = null!;
    private ValkeyServer _valkey = null!;
    private ServiceProcess _service = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await TestPostgres.CreateAsync();
        _valkey = await ValkeyServer.StartAsync("--maxmemory", "50mb", "--maxmemory-policy", "noeviction");
        _service = await StartAsync("--valkey", _valkey.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _valkey.DisposeAsync();
        await _database.DisposeAsync();
        _data.Delete(recursive: true);
    }

    [Fact]
    public async Task remember_says_that_valkey_has_it_and_a_repeat_says_what_the_first_said()
    {
        // The first requests of a process are slow.
        await _service.DisposeAsync();
        _service = await StartAsync("--valkey", _valkey.Address, "--Valkey:Budget", "00:00:10");
        var first = await RememberAsync("The kettle is red");
        Assert.Equal(["postgres", "valkey"], StoredIn(first));

        var keyed = await RememberAsync("The kettle is blue", "key-1");
        var repeat = await RememberAsync("The kettle is blue", "key-1");
        Assert.Equal(keyed.ToJsonString(), repeat.ToJsonString());
        Assert.Equal(["postgres"], StoredIn(keyed));
        await _valkey.HoldsAsync("event:1:*", 2);

        var duplicate = await RememberAsync("The kettle is red");
        Assert.Equal((string)first["memory_id"]!, (string)duplicate["duplicate_of"]!);
    }

    [Fact]
    public async Task another_process_answers_from_valkey()
    {
        await RememberAsync("The kettle is red");
        var computed = await AskAsync();
        await _valkey.HoldsAsync("recall:1:*", 1);
        await _service.DisposeAsync();
        _service = await StartAsync("--valkey", _valkey.Address, "--Valkey:Budget", "00:00:10");

        var cached = await AskAsync();

        Assert.True((bool)cached["cached"]!);
        Assert.Equal(computed["results"]!.ToJsonString(), cached["results"]!.ToJsonString());
        Assert.Contains("actors_recall_answers_total{otel_scope_name=\"Actors.Sessions\",tier=\"valkey\"} 1", await MetricsAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("killed")]
    [InlineData("paused")]
    [InlineData("full")]
    public async Task answers_are_right_without_valkey_and_say_so_until_it_is_back(string fault)
    {
        await RememberAsync("The kettle is red");
        for (var i = 0; i < 3; i++)
        {
            Assert.Empty(Degraded(await AskAsync()));
        }

        switch (fault)
        {
            case "killed":
                await _valkey.KillAsync();
                break;
            case "paused":
                _valkey.Pause();
                break;
            default:
                await _valkey.FillAsync();
                break;
        }

        // What is kept to be repeated, and what is computed.
        await UntilAsync(async () => Degraded(await AskAsync()) is ["valkey"]);
        var other = await _service.Client.GetFromJsonAsync<JsonObject>($"{Question}+lid", Stop);
        Assert.Equal(["valkey"], Degraded(other!));
        Assert.Equal(["postgres"], StoredIn(await RememberAsync("The kettle is clean")));
        Assert.Equal(2, (int)(await AskAsync())["result_count"]!);
        using var ready = await _service.Client.GetAsync("/health/ready", Stop);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);

        switch (fault)
        {
            case "killed":
                await _valkey.StartAgainAsync();
                break;
            case "paused":
                _valkey.Resume();
                break;
            default:
                await _valkey.CommandAsync("flushall");
                break;
        }

        await UntilAsync(async () => Degraded(await AskAsync()) is []);
        Assert.Equal(2, (int)(await AskAsync())["result_count"]!);
        Assert.Equal(["postgres", "valkey"], StoredIn(await RememberAsync("The kettle is old")));
    }

    [Fact]
    public async Task a_service_whose_valkey_is_not_there_starts_and_says_so()
    {
        await _service.DisposeAsync();
        await _valkey.KillAsync();
        _service = await StartAsync("--valkey", _valkey.Address);

        Assert.Equal(["postgres"], StoredIn(await RememberAsync("The kettle is red")));
        await UntilAsync(async () => Degraded(await AskAsync()) is ["valkey"]);
    }

    [Fact]
    public async Task without_valkey_nothing_is_degraded()
    {
        await _service.DisposeAsync();
        _service = await StartAsync();

        Assert.Equal(["postgres"], StoredIn(await RememberAsync("The kettle is red")));
        Assert.Empty(Degraded(await AskAsync()));
    }

    private Task<ServiceProcess> StartAsync(params string[] arguments) => StartWithKeyAsync(
        [.. HostArguments.All(), "--postgres", _database.ConnectionString, "--data", _data.FullName, "--Access:AdminKey", AdminKey, .. arguments]);

    private static async Task<ServiceProcess> StartWithKeyAsync(string[] arguments)
    {
        var service = await ServiceProcess.StartProgramAsync(ServiceProcess.Api, arguments);
        service.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminKey);
        return service;
    }

    private async Task<JsonObject> RememberAsync(string content, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Remember) { Content = JsonContent.Create(new { client_id = "1", content }) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var response = await _service.Client.SendAsync(request, Stop);
        Assert.True(response.IsSuccessStatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonObject>(Stop))!;
    }

    private async Task<JsonObject> AskAsync() => (await _service.Client.GetFromJsonAsync<JsonObject>(Question, Stop))!;

    private Task<string> MetricsAsync() => _service.Client.GetStringAsync("/metrics", Stop);

    private static string[] Degraded(JsonObject answer) => [.. answer["degraded"]!.AsArray().Select(part => (string)part!)];

    private static string[] StoredIn(JsonObject answer) => [.. answer["stored_in"]!.AsArray().Select(place => (string)place!)];

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await holds())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
