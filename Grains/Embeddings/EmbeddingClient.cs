using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;

namespace Actors.Embeddings;

/// <summary>
/// One request to an OpenAI-compatible endpoint: <c>POST {endpoint}/embeddings</c> with <c>model</c>, <c>input</c>, <c>dimensions</c> when
/// configured, and <c>encoding_format: float</c>, which every such server knows. Whatever comes back becomes an outcome; no key and no
/// text gets into one.
/// </summary>
internal sealed class EmbeddingClient : IDisposable
{
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    private readonly EmbeddingsOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;
    private readonly Uri _address;

    public EmbeddingClient(IOptions<EmbeddingsOptions> options, TimeProvider time)
    {
        (_options, _time) = (options.Value, time);
        _address = new Uri(_options.Endpoint.TrimEnd('/') + "/embeddings");
        _http = new HttpClient(new SocketsHttpHandler
        {
            // Whoever redirects would be given key and texts, and is not who was configured.
            AllowAutoRedirect = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromSeconds(5),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            // 2,048 vectors of the most dimensions would need more; batches of the usual size need 2 MB.
            MaxResponseContentBufferSize = 64 * 1024 * 1024,
        };
        if (_options.ApiKey.Length > 0)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _options.ApiKey);
        }
    }

    /// <summary>Asks for the vectors of texts.</summary>
    /// <param name="texts">At least one, none empty.</param>
    /// <param name="cancellationToken">Gives up, which is no outcome but an exception.</param>
    public async Task<EmbeddingOutcome> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var content = new ByteArrayContent(Request(texts));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = await _http.PostAsync(_address, content, either.Token);
            return response.StatusCode == HttpStatusCode.OK
                ? Read(await response.Content.ReadAsByteArrayAsync(either.Token), texts.Count)
                : EmbeddingOutcome.Failed(FailureOf(response.StatusCode), $"HTTP {(int)response.StatusCode}", RetryAfter(response));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return EmbeddingOutcome.Failed(EmbeddingFailure.TimedOut, $"no answer within {_options.Timeout.TotalSeconds:0.###} s");
        }
        catch (HttpRequestException failure) when (failure.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            return EmbeddingOutcome.Failed(EmbeddingFailure.InvalidAnswer, "more than 64 MiB");
        }
        catch (HttpRequestException failure)
        {
            return EmbeddingOutcome.Failed(EmbeddingFailure.Unreachable, failure.HttpRequestError.ToString());
        }
        catch (IOException)
        {
            return EmbeddingOutcome.Failed(EmbeddingFailure.Unreachable, "the connection broke");
        }
    }

    public void Dispose() => _http.Dispose();

    private byte[] Request(IReadOnlyList<string> texts) => JsonSerializer.SerializeToUtf8Bytes(
        new EmbeddingRequest(_options.Model, texts, _options.Dimensions, "float"), EmbeddingJson.Default.EmbeddingRequest);

    private EmbeddingOutcome Read(byte[] body, int wanted)
    {
        EmbeddingAnswer? answer;
        try
        {
            answer = JsonSerializer.Deserialize(body, EmbeddingJson.Default.EmbeddingAnswer);
        }
        catch (JsonException)
        {
            return EmbeddingOutcome.Failed(EmbeddingFailure.InvalidAnswer, "not JSON of the right form");
        }

        if (answer?.Data is not { } data || data.Count != wanted)
        {
            return EmbeddingOutcome.Failed(EmbeddingFailure.InvalidAnswer, $"{answer?.Data?.Count ?? 0} vectors instead of {wanted}");
        }

        var vectors = new QuantizedVector?[wanted];
        var dimensions = _options.Dimensions ?? data[0]?.Embedding?.Length ?? 0;
        foreach (var (position, item) in data.Index())
        {
            // Servers may answer in any order; one that leaves out the index means its own.
            var index = item?.Index ?? position;
            if (index < 0 || index >= wanted || vectors[index] is not null)
            {
                return EmbeddingOutcome.Failed(EmbeddingFailure.InvalidAnswer, "vectors that belong to no text");
            }

            if (item?.Embedding is not { Length: >= 1 and <= QuantizedVector.MaxDimensions } vector || vector.Length != dimensions)
            {
                return EmbeddingOutcome.Failed(EmbeddingFailure.InvalidAnswer, $"{item?.Embedding?.Length ?? 0} dimensions instead of {dimensions}");
            }

            vectors[index] = QuantizedVector.Of(vector);
            if (vectors[index] is null)
            {
                return EmbeddingOutcome.Failed(EmbeddingFailure.InvalidAnswer, "a vector without direction");
            }
        }

        return new EmbeddingOutcome([.. vectors.Select(vector => vector!)]);
    }

    private static EmbeddingFailure FailureOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => EmbeddingFailure.Unauthorized,
        HttpStatusCode.TooManyRequests => EmbeddingFailure.RateLimited,
        HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity => EmbeddingFailure.Refused,
        HttpStatusCode.RequestTimeout => EmbeddingFailure.TimedOut,
        >= HttpStatusCode.InternalServerError => EmbeddingFailure.ServerError,
        _ => EmbeddingFailure.Misconfigured,
    };

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var wait = response.Headers.RetryAfter is { } header ? header.Delta ?? (header.Date - _time.GetUtcNow()) : null;
        return wait is null || wait <= TimeSpan.Zero ? null : wait < LongestRetryAfter ? wait : LongestRetryAfter;
    }
}

internal sealed record EmbeddingRequest(
    [property: JsonPropertyName("model")] string Model,
    [property: JsonPropertyName("input")] IReadOnlyList<string> Input,
    [property: JsonPropertyName("dimensions"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Dimensions,
    [property: JsonPropertyName("encoding_format")] string EncodingFormat);

internal sealed record EmbeddingAnswer([property: JsonPropertyName("data")] IReadOnlyList<EmbeddingItem?>? Data);

internal sealed record EmbeddingItem([property: JsonPropertyName("index")] int? Index, [property: JsonPropertyName("embedding")] float[]? Embedding);

[JsonSerializable(typeof(EmbeddingRequest))]
[JsonSerializable(typeof(EmbeddingAnswer))]
internal sealed partial class EmbeddingJson : JsonSerializerContext;
