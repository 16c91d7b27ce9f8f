using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Actors.Support;

/// <summary>What a receiver of webhooks does.</summary>
public enum ReceiverMood
{
    /// <summary>204.</summary>
    Takes,

    /// <summary>500.</summary>
    Broken,

    /// <summary>410.</summary>
    Gone,

    /// <summary>429 with <c>Retry-After: 120</c>.</summary>
    Busy,

    /// <summary>307 to another address.</summary>
    Redirects,

    /// <summary>Breaks the connection.</summary>
    Drops,

    /// <summary>Never answers.</summary>
    Hangs,
}

/// <summary>One request as the receiver got it.</summary>
/// <param name="Id">Its <c>webhook-id</c>.</param>
/// <param name="Items">The changes.</param>
/// <param name="Body">All of it.</param>
/// <param name="SignedBy">Which of the receiver's secrets have signed it, in their order.</param>
public sealed record ReceivedRequest(string Id, IReadOnlyList<JsonNode> Items, JsonNode Body, IReadOnlyList<string> SignedBy);

/// <summary>A receiver of webhooks on a free port of this machine, which verifies signatures by the Standard Webhooks scheme.</summary>
public sealed class FakeReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedRequest> _requests = new();
    private readonly Channel<ReceivedRequest> _arrivals = Channel.CreateUnbounded<ReceivedRequest>();
    private volatile ReceiverMood _mood;
    private int _stray;

    private FakeReceiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/hook", TakeAsync);
        _app.MapFallback(http =>
        {
            Interlocked.Increment(ref _stray);
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    }

    public string Url => $"{_app.Urls.Single()}/hook";

    public ReceiverMood Mood
    {
        get => _mood;
        set => _mood = value;
    }

    /// <summary>As webhooks were given them: <c>whsec_</c> and base64.</summary>
    public ConcurrentQueue<string> Secrets { get; } = new();

    /// <summary>All requests so far, those that were refused included.</summary>
    public IReadOnlyList<ReceivedRequest> Requests => [.. _requests];

    /// <summary>Requests to other addresses than <see cref="Url"/>.</summary>
    public int Stray => Volatile.Read(ref _stray);

    public static async Task<FakeReceiver> StartAsync()
    {
        var fake = new FakeReceiver();
        await fake._app.StartAsync();
        return fake;
    }

    /// <summary>The next request that has not been taken by this method. Fails after 60 s.</summary>
    public async Task<ReceivedRequest> NextRequestAsync() => await _arrivals.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var memory = new MemoryStream();
        await http.Request.Body.CopyToAsync(memory, http.RequestAborted);
        var bytes = memory.ToArray();
        var body = JsonNode.Parse(bytes)!;
        var request = new ReceivedRequest(
            http.Request.Headers["webhook-id"].ToString(), [.. body["items"]!.AsArray().Select(item => item!)], body, [.. Secrets.Where(secret => HasSigned(secret, http.Request, bytes))]);
        var mood = Mood;
        _requests.Enqueue(request);
        _arrivals.Writer.TryWrite(request);
        switch (mood)
        {
            case ReceiverMood.Drops:
                http.Abort();
                return;
            case ReceiverMood.Hangs:
                await Task.Delay(Timeout.Infinite, http.RequestAborted);
                return;
            case ReceiverMood.Redirects:
                http.Response.Headers.Location = $"{_app.Urls.Single()}/elsewhere";
                http.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
                return;
            case ReceiverMood.Busy:
                http.Response.Headers.RetryAfter = "120";
                http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                return;
            default:
                http.Response.StatusCode = mood switch { ReceiverMood.Broken => 500, ReceiverMood.Gone => 410, _ => 204 };
                return;
        }
    }

    private static bool HasSigned(string secret, HttpRequest request, byte[] body)
    {
        var timestamp = request.Headers["webhook-timestamp"].ToString();
        // A receiver also refuses what is older than some minutes.
        if (!long.TryParse(timestamp, CultureInfo.InvariantCulture, out var seconds) || Math.Abs(seconds - TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()) > 300)
        {
            return false;
        }

        byte[] signed = [.. Encoding.UTF8.GetBytes($"{request.Headers["webhook-id"]}.{timestamp}."), .. body];
        var signature = $"v1,{Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), signed))}";
        return request.Headers["webhook-signature"].ToString().Split(' ').Contains(signature);
    }
}
