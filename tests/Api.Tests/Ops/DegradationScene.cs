using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Actors.Support;
using Npgsql;

namespace Actors.Api.Tests.Ops;

/// <summary>
/// The running service with memories of a client that is hot and of clients that nobody has asked for yet; asks it everything the table of
/// docs/degradation.md speaks of, and holds the answers against it.
/// </summary>
internal sealed class DegradationScene(ServiceProcess service, string connectionString)
{
    private const string Hot = "hot";
    private const int ColdClients = 20;
    private const string Word = "harbour";
    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromMinutes(2);

    private readonly List<(string Marker, int Status, string? Code, bool IsImportant)> _writes = [];
    private Guid _memory;
    private int _cold;

    /// <summary>Memories of cold clients come by SQL, so that nothing makes those clients hot, and without a word to sessions, so that none has to look.</summary>
    public async Task SetUpAsync()
    {
        await ExecuteAsync(
            $"""
            set actors.writer = 'grain';
            insert into events (client_id, content) select 'cold' || n, 'The {Word} opens at nine.' from generate_series(1, {ColdClients}) n
            """);
        var memory = await PostAsync("/api/v1/memory/remember", new { client_id = Hot, content = $"The {Word} is closed on Sundays.", salience_score = 0.9 });
        _memory = memory.GetProperty("memory_id").GetGuid();
        // Whose it is, is looked up once.
        await GetAsync($"/api/v1/memory/events/{_memory}");
    }

    /// <summary>Until no page has room for more, and what Postgres writes ahead has none either.</summary>
    public async Task RememberUntilRefusedAsync()
    {
        Answer answer;
        do
        {
            answer = await SendAsync(Write("/api/v1/memory/remember", marker => new { client_id = Hot, content = marker, metadata = new { bulk = RandomNumberGenerator.GetHexString(200_000) } }));
        }
        while (answer.Status == 201);
        Assert.Equal(503, answer.Status);
    }

    /// <summary>Ends when recalls say that this fails.</summary>
    public async Task KnownAsync(string degraded)
    {
        using var limit = new CancellationTokenSource(RecoveryLimit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!(await GetAsync($"/api/v1/memory/recall?client_id={Hot}&query={Word}")).GetProperty("degraded").EnumerateArray().Any(word => word.GetString() == degraded))
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>Remembers something of which facts are to be made.</summary>
    public async Task<Guid> RememberSalientAsync(string content) =>
        (await PostAsync("/api/v1/memory/remember", new { client_id = Hot, content, salience_score = 0.8 })).GetProperty("memory_id").GetGuid();

    /// <summary>Has a memory's promotion tried again until it is in a state for a reason.</summary>
    public async Task PromotionAsync(Guid memory, string state, string? error)
    {
        using var limit = new CancellationTokenSource(RecoveryLimit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (true)
        {
            var promotion = (await GetAsync($"/api/v1/memory/promotions?client_id={Hot}")).GetProperty("items").EnumerateArray().Single(item => item.GetProperty("memory_id").GetGuid() == memory);
            if (promotion.GetProperty("state").GetString() == state && (promotion.GetProperty("last_error").GetString()?.StartsWith(error ?? "-", StringComparison.Ordinal) ?? error is null))
            {
                return;
            }

            using var retried = await service.Client.PostAsJsonAsync($"/api/v1/memory/promotions/{memory}/retry", new { });
            if (retried.StatusCode != HttpStatusCode.Conflict)
            {
                // Conflict: it is done by now.
                retried.EnsureSuccessStatusCode();
            }

            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>Asks everything, several times, and compares.</summary>
    public async Task AssertAsync(IReadOnlyDictionary<string, Promise> promises, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            foreach (var (request, promise) in promises)
            {
                await AssertAsync(request, promise);
            }
        }
    }

    /// <summary>Once everything works again, and without a restart: what was acknowledged is stored once, what was refused is not, and writes go on.</summary>
    public async Task AssertRowsAsync()
    {
        using var limit = new CancellationTokenSource(RecoveryLimit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        do
        {
            using var ready = await service.Client.GetAsync("/health/ready", limit.Token);
            if (ready.IsSuccessStatusCode)
            {
                break;
            }
        }
        while (await timer.WaitForNextTickAsync(limit.Token));

        var after = await SendAsync(Requests["remember"]());
        Assert.True(after.Status == 201, $"After recovery remember answers {after.Status}: {after.Body}");
        Assert.NotEmpty(_writes);
        foreach (var (marker, status, code, _) in _writes)
        {
            var rows = await CountAsync(marker);
            var expected = status < 300 ? "1" : code is "outcome_unknown" or "timeout" ? "0 or 1" : "0";
            Assert.True(expected.Contains($"{rows}", StringComparison.Ordinal), $"{marker}, answered with {status} {code}, is stored {rows} times instead of {expected}.");
        }

        // No cold client stays as it was answered in between.
        for (var cold = 1; cold <= _cold; cold++)
        {
            var answer = await GetAsync($"/api/v1/memory/recall?client_id=cold{cold}&query={Word}");
            Assert.Equal(1, answer.GetProperty("result_count").GetInt32());
        }
    }

    /// <summary>Ends when Zep has the memory of the client that is hot: clients it knows nothing of it is not asked about.</summary>
    public async Task HotIsThereAsync(FakeZep zep)
    {
        using var limit = new CancellationTokenSource(RecoveryLimit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (zep.Messages.Count == 0 || await CountWaitingAsync() > 0)
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>Ends when a Zep that is well has all memories that were acknowledged, the first of each in their order.</summary>
    public async Task AssertArrivedAsync(FakeZep zep)
    {
        using var limit = new CancellationTokenSource(RecoveryLimit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var markers = _writes.Where(write => write.Status == 201 && write.IsImportant).Select(write => write.Marker).ToArray();
        Assert.NotEmpty(markers);
        while (markers.Except(zep.Messages.Select(message => message.Content)).Any())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }

        Assert.Equal(markers, zep.Messages.Select(message => message.Content).Distinct().Intersect(markers));
    }

    private Dictionary<string, Func<HttpRequestMessage>> Requests => new()
    {
        ["recall, hot"] = () => new(HttpMethod.Get, $"/api/v1/memory/recall?client_id={Hot}&query={Word}&k={Random.Shared.Next(1, 100)}"),
        ["recall, cold"] = () => new(HttpMethod.Get, $"/api/v1/memory/recall?client_id=cold{++_cold}&query={Word}"),
        ["memory by id"] = () => new(HttpMethod.Get, $"/api/v1/memory/events/{_memory}"),
        ["list"] = () => new(HttpMethod.Get, $"/api/v1/memory/events?client_id={Hot}"),
        ["remember"] = () => Write("/api/v1/memory/remember", marker => new { client_id = Hot, content = marker, salience_score = 0.9 }),
        ["fact"] = () => Write("/api/v1/memory/facts", marker => new { client_id = Hot, subject_type = "user", subject_id = "1", fact_type = "note", content = marker }),
        ["task"] = () => Write("/api/v1/tasks", marker => new { client_id = Hot, title = marker }),
        ["`/health`"] = () => new(HttpMethod.Get, "/health"),
        ["`/health/ready`"] = () => new(HttpMethod.Get, "/health/ready"),
    };

    private static HttpRequestMessage Write(string path, Func<string, object> body) => new(HttpMethod.Post, path) { Content = JsonContent.Create(body($"marker{Guid.NewGuid():N}")) };

    private async Task AssertAsync(string request, Promise promise)
    {
        Assert.True(Requests.TryGetValue(request, out var make), $"The table's column '{request}' is none of: {string.Join("; ", Requests.Keys)}.");
        var answer = await SendAsync(make());
        var told = $"{request}: {answer.Status} in {answer.Elapsed.TotalSeconds:0.00} s, {answer.Body}";
        TestContext.Current.SendDiagnosticMessage(told);
        Assert.True(promise.Statuses.Contains(answer.Status), told);
        Assert.True(answer.Elapsed < promise.Within, told);
        if (answer.Status == 503 && request[0] != '`')
        {
            Assert.True(answer.RetryAfter > TimeSpan.Zero, told);
            Assert.NotNull(answer.Code);
        }

        if (answer.Status == 200 && answer.Body.TryGetProperty("degraded", out var degraded))
        {
            Assert.Equal(promise.Degraded, degraded.EnumerateArray().Select(word => word.GetString()!).Except(promise.DegradedAtTimes));
            Assert.Equal(1, answer.Body.TryGetProperty("result_count", out var results) ? results.GetInt32() : 1);
        }
    }

    private async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using var sent = request;
        var content = request.Content is { } json ? await json.ReadFromJsonAsync<JsonElement>() : default;
        var started = Stopwatch.GetTimestamp();
        using var response = await service.Client.SendAsync(request);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        var answer = new Answer(
            (int)response.StatusCode, body.TryGetProperty("code", out var code) ? code.GetString() : null, body, response.Headers.RetryAfter?.Delta,
            Stopwatch.GetElapsedTime(started));
        if (content.ValueKind == JsonValueKind.Object)
        {
            var marker = (content.TryGetProperty("content", out var text) ? text : content.GetProperty("title")).GetString()!;
            _writes.Add((marker, answer.Status, answer.Code, content.TryGetProperty("salience_score", out _)));
        }

        return answer;
    }

    private async Task<JsonElement> GetAsync(string path) => await service.Client.GetFromJsonAsync<JsonElement>(path);

    private async Task<JsonElement> PostAsync(string path, object body)
    {
        using var response = await service.Client.PostAsJsonAsync(path, body);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<long> CountAsync(string marker)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var count = source.CreateCommand(
            "select (select count(*) from events where content = $1) + (select count(*) from facts where content = $1) + (select count(*) from tasks where title = $1)");
        count.Parameters.Add(new() { Value = marker });
        return (long)(await count.ExecuteScalarAsync())!;
    }

    private async Task<long> CountWaitingAsync()
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var count = source.CreateCommand("select count(*) from outbox");
        return (long)(await count.ExecuteScalarAsync())!;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private sealed record Answer(int Status, string? Code, JsonElement Body, TimeSpan? RetryAfter, TimeSpan Elapsed);
}
