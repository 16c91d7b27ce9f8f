using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace Actors.Support;

/// <summary>
/// A Zep Cloud on this machine, in memory: a real HTTP server with the routes of its API of 2026, and with the quirks of those servers that
/// were seen. Of each message it derives one edge, whose fact is the message; a question is scored by the words it has in common with a fact.
/// </summary>
public sealed class FakeZep : IAsyncDisposable
{
    /// <summary>The key it takes.</summary>
    public const string Key = "z_very-secret";

    private const string Base = "/api/v2/";

    private readonly WebApplication _app;
    private readonly FakeZepGraph _graph;
    private readonly FakeZepRoutes _routes;
    private readonly FakeZepSessions _sessions;
    private readonly FakeZepRate _rate = new();
    private readonly ConcurrentQueue<FakeZepCall> _calls = new();
    private readonly ConcurrentQueue<ZepMood> _next = new();
    private readonly Channel<FakeZepCall> _arrivals = Channel.CreateUnbounded<FakeZepCall>();
    private readonly TimeProvider _time;
    private volatile TaskCompletionSource _gate = NewGate();
    private volatile ZepMood _mood;
    private volatile string? _moodPath;

    private FakeZep(TimeProvider time, int port)
    {
        _time = time;
        _graph = new FakeZepGraph(Quirks, time);
        _routes = new FakeZepRoutes(_graph, Quirks, time);
        _sessions = new FakeZepSessions(_graph, Quirks);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>What to configure as <c>Zep:BaseUrl</c>.</summary>
    public string BaseUrl => _app.Urls.Single() + Base.TrimEnd('/');

    public ZepQuirks Quirks { get; } = new();

    /// <summary>Setting it to <see cref="ZepMood.Slow"/> makes requests wait, also after a <see cref="Release"/> before.</summary>
    public ZepMood Mood
    {
        get => _mood;
        set
        {
            _gate = value == ZepMood.Slow && _gate.Task.IsCompleted ? NewGate() : _gate;
            _mood = value;
        }
    }

    /// <summary>Only requests whose path holds this are met in the <see cref="Mood"/>; null: all.</summary>
    public string? MoodPath
    {
        get => _moodPath;
        set => _moodPath = value;
    }

    /// <summary>All requests so far, in the order in which they came.</summary>
    public IReadOnlyList<FakeZepCall> Calls => [.. _calls];

    public IReadOnlyList<string> Users => _graph.Users;

    public IReadOnlyList<string> Threads => _graph.Threads;

    /// <summary>Messages of all threads, in the order in which they were added.</summary>
    public IReadOnlyList<FakeZepMessage> Messages => _graph.Messages;

    /// <summary>Edges of all users, in the order in which they were added: also those that were derived of messages.</summary>
    public IReadOnlyList<FakeZepEdge> Edges => _graph.Edges;

    /// <param name="time">By what it delays, and counts minutes; default: the system's.</param>
    /// <param name="port">Where it listens; 0: a free one.</param>
    public static async Task<FakeZep> StartAsync(TimeProvider? time = null, int port = 0)
    {
        var fake = new FakeZep(time ?? TimeProvider.System, port);
        await fake._app.StartAsync();
        return fake;
    }

    /// <summary>How it meets the next requests, one each, before it is in its <see cref="Mood"/> again; <see cref="MoodPath"/> is of no account.</summary>
    public void Next(params ZepMood[] moods)
    {
        foreach (var mood in moods)
        {
            _next.Enqueue(mood);
        }
    }

    /// <summary>Lets the requests go on that wait while <see cref="ZepMood.Slow"/>, and those that come later.</summary>
    public void Release() => _gate.TrySetResult();

    /// <summary>The next request that has not been taken by this method. Fails after 60 s.</summary>
    public async Task<FakeZepCall> NextCallAsync() => await _arrivals.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>The next request to a path that has not been taken by this method, others before it dropped. Fails after 60 s.</summary>
    public async Task<FakeZepCall> NextCallAsync(string path)
    {
        while (true)
        {
            var call = await NextCallAsync();
            if (call.Path == path)
            {
                return call;
            }
        }
    }

    /// <summary>A fact which a user has there by another way than this service.</summary>
    /// <returns>Its edge's id.</returns>
    public string AddForeignFact(string userId, string fact, DateTimeOffset? validAt = null, DateTimeOffset? invalidAt = null, DateTimeOffset? expiredAt = null)
    {
        _graph.AddUser(userId);
        var id = Guid.NewGuid().ToString();
        _graph.AddEdge(new FakeZepEdge(id, userId, "KNOWS", fact, "someone", "something", _time.GetUtcNow(), validAt, invalidAt, expiredAt, [], FoundFrom: default));
        return id;
    }

    /// <summary>Waits until the server has ended by <see cref="DisposeAsync"/> or by a signal.</summary>
    public Task EndedAsync() => Microsoft.Extensions.Hosting.HostingAbstractionsHostExtensions.WaitForShutdownAsync(_app);

    /// <summary>Ends the server: connections are refused from now on.</summary>
    public async ValueTask DisposeAsync()
    {
        Release();
        await _app.DisposeAsync();
    }

    private static TaskCompletionSource NewGate() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task AnswerAsync(HttpContext http)
    {
        var (path, query) = Target(http);
        var bytes = new MemoryStream();
        await http.Request.Body.CopyToAsync(bytes, http.RequestAborted);
        var (body, isJson) = Parse(bytes.ToArray());
        var call = new FakeZepCall(_time.GetUtcNow(), http.Request.Method, string.Join('/', path), body);
        var mood = _next.TryDequeue(out var next) ? next : _moodPath is null || call.Path.Contains(_moodPath, StringComparison.Ordinal) ? Mood : ZepMood.Well;
        _calls.Enqueue(call);
        _arrivals.Writer.TryWrite(call);
        if (Quirks.Latency > TimeSpan.Zero)
        {
            await Task.Delay(Quirks.Latency, _time, http.RequestAborted);
        }

        switch (mood)
        {
            case ZepMood.Breaks:
                http.Abort();
                return;
            case ZepMood.Hangs:
                await Task.Delay(Timeout.Infinite, http.RequestAborted);
                return;
            case ZepMood.Slow:
                await _gate.Task.WaitAsync(http.RequestAborted);
                break;
        }

        var answer = Refusal(http, mood, bytes.ToArray()) ?? (isJson ? Route(http.Request.Method, path, query, body) : FakeZepAnswer.Bad("invalid character looking for beginning of value"));
        if (mood == ZepMood.BreaksAfterwards)
        {
            http.Abort();
            return;
        }

        call.Status = answer.Status;
        await SendAsync(http, answer);
    }

    private FakeZepAnswer Route(string method, string[] path, IReadOnlyDictionary<string, string> query, JsonNode? body) =>
        path.Length == 0 ? FakeZepAnswer.NoRoute
        : method is "POST" or "PATCH" && body is null ? FakeZepAnswer.Bad("EOF")
        : FakeZepSessions.Owns(path) ? _sessions.Answer(method, path, query, body)
        : _routes.Answer(method, path, body);

    // Keys come before the rate, and both before everything else.
    private FakeZepAnswer? Refusal(HttpContext http, ZepMood mood, byte[] body)
    {
        if (mood == ZepMood.WrongKey || http.Request.Headers.Authorization != $"Api-Key {Key}")
        {
            return new FakeZepAnswer(401, Text: "unauthorized\n");
        }

        if (_rate.Count(Quirks, _time.GetUtcNow()) is { } rate)
        {
            var remaining = mood == ZepMood.Throttled ? -43 : rate.Remaining;
            http.Response.Headers["x-ratelimit-limit"] = rate.Limit.ToString(CultureInfo.InvariantCulture);
            http.Response.Headers["x-ratelimit-remaining"] = Quirks.TellsRemaining ? remaining.ToString(CultureInfo.InvariantCulture) : null;
            http.Response.Headers["x-ratelimit-reset"] = rate.Reset.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            mood = remaining < 0 ? ZepMood.Throttled : mood;
        }

        if (mood == ZepMood.Throttled && Quirks.RetryAfter is { } retryAfter)
        {
            http.Response.Headers.RetryAfter = retryAfter;
        }

        if (mood == ZepMood.Redirects)
        {
            http.Response.Headers.Location = $"{_app.Urls.Single()}/elsewhere";
        }

        return mood switch
        {
            ZepMood.Throttled => new FakeZepAnswer(429, Text: "Rate limit exceeded for FREE plan\n"),
            ZepMood.Locked => FakeZepAnswer.Says(429, "too many concurrent writes to the same record"),
            ZepMood.Broken => FakeZepAnswer.Says(500, "internal server error"),
            ZepMood.BadGateway => new FakeZepAnswer(502, Text: "<html><h1>502 Bad Gateway</h1></html>"),
            ZepMood.Forbidden => FakeZepAnswer.Says(403, "this feature is not part of your plan"),
            ZepMood.Refuses => FakeZepAnswer.Bad($"cannot take {System.Text.Encoding.UTF8.GetString(body)} with {http.Request.Headers.Authorization}"),
            ZepMood.Garbage => new FakeZepAnswer(200, Text: "<html>It works!</html>"),
            ZepMood.Endless => new FakeZepAnswer(200, Text: new string(' ', 16 * 1024 * 1024)),
            ZepMood.Redirects => new FakeZepAnswer(307, Text: ""),
            ZepMood.Removed => FakeZepAnswer.NoRoute,
            ZepMood.Deprecated => FakeZepAnswer.Says(410, "deprecation error: this API has been removed"),
            _ => null,
        };
    }

    private async Task SendAsync(HttpContext http, FakeZepAnswer answer)
    {
        var isText = answer.Body is null || (Quirks.LabelsAsText && answer.Status < 300);
        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = isText ? "text/plain; charset=utf-8" : "application/json; charset=utf-8";
        if (answer.Body is not null)
        {
            WriteEmptyArrays(answer.Body);
        }

        await http.Response.WriteAsync(answer.Text ?? answer.Body?.ToJsonString() ?? "", http.RequestAborted);
    }

    private void WriteEmptyArrays(JsonNode node)
    {
        if (node is JsonArray items)
        {
            foreach (var item in items.OfType<JsonNode>())
            {
                WriteEmptyArrays(item);
            }

            return;
        }

        foreach (var (name, value) in (node as JsonObject)?.ToArray() ?? [])
        {
            if (value is not JsonArray { Count: 0 })
            {
                WriteEmptyArrays(value ?? new JsonObject());
            }
            else if (Quirks.EmptyArrays == ZepArrays.Null)
            {
                node[name] = null;
            }
            else if (Quirks.EmptyArrays == ZepArrays.Absent)
            {
                node.AsObject().Remove(name);
            }
        }
    }

    // As it came: routing would undo some of the escapes and not others.
    private static (string[] Path, IReadOnlyDictionary<string, string> Query) Target(HttpContext http)
    {
        var target = http.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?', 2);
        var path = target[0].StartsWith(Base, StringComparison.Ordinal) ? target[0][Base.Length..].Split('/').Select(Uri.UnescapeDataString).ToArray() : [];
        return (path, QueryHelpers.ParseQuery(target.ElementAtOrDefault(1)).ToDictionary(pair => pair.Key, pair => pair.Value.ToString()));
    }

    private static (JsonNode? Body, bool IsJson) Parse(byte[] bytes)
    {
        try
        {
            return bytes.Length == 0 ? (null, true) : (JsonNode.Parse(bytes), true);
        }
        catch (JsonException)
        {
            return (null, false);
        }
    }
}
