using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Actors.Support;

/// <summary>
/// An OpenAI-compatible embeddings endpoint on a free port of this machine. Vectors are sums of one direction per word, so texts with words
/// in common are near each other; a few synonyms share a direction.
/// </summary>
public sealed class FakeEmbeddings : IAsyncDisposable
{
    /// <summary>Unless a request says otherwise.</summary>
    public const int Dimensions = 256;

    private static readonly Dictionary<string, string> Synonyms = new(StringComparer.Ordinal)
    {
        ["physician"] = "doctor", ["car"] = "automobile", ["bought"] = "purchased", ["film"] = "movie", ["invoice"] = "bill", ["holiday"] = "vacation",
    };

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<FakeRequest> _requests = new();
    private readonly Channel<FakeRequest> _arrivals = Channel.CreateUnbounded<FakeRequest>();
    private volatile TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile EmbeddingsMood _mood;
    private volatile string? _refusedWord;
    private volatile string? _spoiltWord;

    private FakeEmbeddings()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(server => server.Limits.MaxRequestBodySize = 64 * 1024 * 1024);
        _app = builder.Build();
        _app.MapPost("/v1/embeddings", AnswerAsync);
    }

    /// <summary>What to configure as <c>Embeddings:Endpoint</c>.</summary>
    public string Endpoint => $"{_app.Urls.Single()}/v1";

    public EmbeddingsMood Mood
    {
        get => _mood;
        set => _mood = value;
    }

    /// <summary>A request with this word in a text is 400, whatever else it holds.</summary>
    public string? RefusedWord
    {
        get => _refusedWord;
        set => _refusedWord = value;
    }

    /// <summary>A request with this word in a text gets vectors of zeros.</summary>
    public string? SpoiltWord
    {
        get => _spoiltWord;
        set => _spoiltWord = value;
    }

    /// <summary>Sent while <see cref="EmbeddingsMood.RateLimited"/>: seconds or a date.</summary>
    public string RetryAfter { get; set; } = "30";

    /// <summary>All requests so far.</summary>
    public IReadOnlyList<FakeRequest> Requests => [.. _requests];

    public static async Task<FakeEmbeddings> StartAsync()
    {
        var fake = new FakeEmbeddings();
        await fake._app.StartAsync();
        return fake;
    }

    /// <summary>The next request that has not been taken by this method. Fails after 30 s.</summary>
    public async Task<FakeRequest> NextRequestAsync() => await _arrivals.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>Lets the requests go on that wait while <see cref="EmbeddingsMood.Slow"/>, and those that come later.</summary>
    public void Release() => _gate.TrySetResult();

    /// <summary>The vector that a text gets.</summary>
    public static float[] VectorOf(string text, int dimensions = Dimensions)
    {
        var vector = new float[dimensions];
        foreach (var word in text.ToLowerInvariant().Split([' ', '.', ',', '?', '!', ':'], StringSplitOptions.RemoveEmptyEntries))
        {
            AddDirection(Synonyms.GetValueOrDefault(word, word), vector);
        }

        return vector;
    }

    /// <summary>Ends the server: connections are refused from now on.</summary>
    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    // FNV-1a of the word seeds SplitMix64, whose bits are the signs.
    private static void AddDirection(string word, float[] vector)
    {
        var state = 14695981039346656037UL;
        foreach (var letter in word)
        {
            state = (state ^ letter) * 1099511628211UL;
        }

        for (var i = 0; i < vector.Length; i++)
        {
            state += 0x9E3779B97F4A7C15UL;
            var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9UL;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
            vector[i] += ((mixed ^ (mixed >> 31)) & 1) == 0 ? -1 : 1;
        }
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var body = (await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted))!;
        var request = new FakeRequest(
            http.Request.Headers.Authorization.ToString(), body["model"]!.GetValue<string>(), [.. body["input"]!.AsArray().Select(text => text!.GetValue<string>())],
            body["dimensions"]?.GetValue<int>(), body["encoding_format"]!.GetValue<string>());
        _requests.Enqueue(request);
        _arrivals.Writer.TryWrite(request);
        var mood = Holds(RefusedWord) ? EmbeddingsMood.RefusesAll : Holds(SpoiltWord) ? EmbeddingsMood.Zeros : Mood;
        bool Holds(string? word) => word is not null && request.Input.Any(text => text.Contains(word, StringComparison.Ordinal));
        switch (mood)
        {
            case EmbeddingsMood.Unauthorized:
                await RefuseAsync(http, StatusCodes.Status401Unauthorized, $"Incorrect API key provided: {request.Authorization}");
                break;
            case EmbeddingsMood.RateLimited:
                http.Response.Headers.RetryAfter = RetryAfter;
                await RefuseAsync(http, StatusCodes.Status429TooManyRequests, "Rate limit reached");
                break;
            case EmbeddingsMood.NotFound:
                await RefuseAsync(http, StatusCodes.Status404NotFound, "The model does not exist");
                break;
            case EmbeddingsMood.RefusesAll:
                await RefuseAsync(http, StatusCodes.Status400BadRequest, $"Invalid input: {request.Input[0]}");
                break;
            case EmbeddingsMood.Broken:
                await RefuseAsync(http, StatusCodes.Status500InternalServerError, "The server had an error");
                break;
            case EmbeddingsMood.Breaks:
                http.Abort();
                break;
            case EmbeddingsMood.Garbage:
                await http.Response.WriteAsync("<html>It works!</html>");
                break;
            case EmbeddingsMood.Slow:
                await _gate.Task.WaitAsync(http.RequestAborted);
                goto default;
            default:
                await http.Response.WriteAsync(Vectors(request, mood), http.RequestAborted);
                break;
        }
    }

    private static Task RefuseAsync(HttpContext http, int status, string message)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(new JsonObject { ["error"] = new JsonObject { ["message"] = message } });
    }

    private static string Vectors(FakeRequest request, EmbeddingsMood mood)
    {
        var dimensions = (request.Dimensions ?? Dimensions) + (mood == EmbeddingsMood.WrongDimensions ? 1 : 0);
        var items = request.Input.Select((text, index) => Item(index, mood == EmbeddingsMood.Zeros ? new float[dimensions] : VectorOf(text, dimensions)))
            .Reverse().Skip(mood == EmbeddingsMood.TooFew ? 1 : 0).ToArray();
        var answer = $$"""{"object":"list","data":[{{string.Join(',', items)}}],"model":{{JsonSerializer.Serialize(request.Model)}},"usage":{"prompt_tokens":1,"total_tokens":1} }""";
        return mood == EmbeddingsMood.NotANumber ? answer.Replace("\"embedding\":[", "\"embedding\":[NaN,", StringComparison.Ordinal) : answer;
    }

    private static string Item(int index, float[] vector) =>
        $$"""{"object":"embedding","index":{{index}},"embedding":[{{string.Join(',', vector.Select(v => v.ToString(CultureInfo.InvariantCulture)))}}]}""";
}
