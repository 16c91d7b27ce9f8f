using System.Text.Json.Nodes;
using Actors.Support;

namespace Actors.Api.Tests.Changes;

/// <summary>Streams of a service of their own, which has room for two.</summary>
public sealed class ChangeStreamTests : IAsyncLifetime
{
    private readonly TestFolder _folder = TestFolder.Create();
    private TestDatabase _database = null!;
    private ServiceProcess _service = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await TestPostgres.CreateAsync();
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _database.DisposeAsync();
        await _folder.DisposeAsync();
    }

    [Fact]
    public async Task a_stream_ends_when_the_service_stops_and_goes_on_in_the_next_process()
    {
        string? lastId = null;
        var stopping = Task.FromResult(0);
        await foreach (var change in _service.Client.StreamAsync("?after=now", null, Stop))
        {
            lastId = change.Id;
            if (change.Data is not null)
            {
                Assert.Equal("first", Content(change.Data));
                stopping = _service.StopAsync();
            }
            else if (stopping.IsCompleted)
            {
                await InsertAsync("first");
            }
        }

        // The end of the stream was its end, or reading it had failed; and the service did not wait for its client to go.
        Assert.Equal(0, await stopping);
        await InsertAsync("while it was down");
        await StartAsync();
        await InsertAsync("afterwards");

        List<string?> seen = [];
        await foreach (var change in _service.Client.StreamAsync("?after=now", lastId, Stop))
        {
            if (change.Data is not null)
            {
                seen.Add(Content(change.Data));
            }

            if (seen.Count == 2)
            {
                break;
            }
        }

        Assert.Equal(["while it was down", "afterwards"], seen);
    }

    [Fact]
    public async Task one_stream_more_than_there_is_room_for_is_put_off_until_another_ends()
    {
        await using var first = _service.Client.StreamAsync("?after=now", null, Stop).GetAsyncEnumerator(Stop);
        await using (var second = _service.Client.StreamAsync("?after=now", null, Stop).GetAsyncEnumerator(Stop))
        {
            Assert.True(await first.MoveNextAsync() && await second.MoveNextAsync());
            using var refused = await SendAsync("?after=now&wait=1");
            Assert.Equal(503, (int)refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter?.Delta);
            Assert.Equal("too_many_streams", (string?)JsonNode.Parse(await refused.Content.ReadAsStringAsync(Stop))!["code"]);
            // Who does not wait needs no room.
            using var page = await SendAsync("?after=now");
            Assert.Equal(200, (int)page.StatusCode);
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            using var taken = await SendAsync("?after=now&wait=1");
            if ((int)taken.StatusCode == 200)
            {
                return;
            }

            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    private static string? Content(JsonNode change) => (string?)change["memory"]!["content"];

    private Task<HttpResponseMessage> SendAsync(string query) => _service.Client.GetAsync(new Uri($"/api/v1/memory/changes{query}", UriKind.Relative), Stop);

    private Task<string> InsertAsync(string content) => _database.PsqlAsync($"insert into events (client_id, content) values ('1', '{content}')");

    private async Task StartAsync() => _service = await ServiceProcess.StartAsync(
        _folder.Path, "--postgres", _database.ConnectionString, "--Changes:MaxStreams", "2", "--Changes:Heartbeat", "00:00:01");
}
