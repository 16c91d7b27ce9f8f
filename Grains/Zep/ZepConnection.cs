using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Actors.Zep;

/// <summary>One answer of Zep, or what came instead.</summary>
/// <param name="Failure">Null: a 2xx.</param>
/// <param name="Status">HTTP status; 0: there was no answer.</param>
/// <param name="Body">Of a 2xx.</param>
/// <param name="Words">What it says otherwise, as it came: not for logs.</param>
/// <param name="Detail">For logs.</param>
/// <param name="RetryAfter">How long it wants to be left alone.</param>
/// <param name="Rate">What it says of its limit.</param>
internal sealed record ZepReply(ZepFailure? Failure, int Status, byte[] Body, string Words, string Detail, TimeSpan? RetryAfter, ZepRate? Rate)
{
    /// <summary>Whether it refused because what was to be made is there: 400 or 409 by version, told by the text.</summary>
    public bool SaysExists => Status is (int)HttpStatusCode.BadRequest or (int)HttpStatusCode.Conflict && Words.Contains("already exists", StringComparison.OrdinalIgnoreCase);

    public static ZepReply Lost(ZepFailure failure, string detail) => new(failure, 0, [], "", detail, RetryAfter: null, Rate: null);
}

/// <summary>The way to Zep: sends requests with the key, and makes whatever comes of one a reply.</summary>
internal sealed class ZepConnection : IDisposable
{
    private const int LongestAnswer = 4 * 1024 * 1024;
    private const int LongestDetail = 200;
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    private readonly ZepOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    public ZepConnection(IOptions<ZepOptions> options, TimeProvider time)
    {
        (_options, _time) = (options.Value, time);
        _http = new HttpClient(new SocketsHttpHandler
        {
            // Whoever redirects would be given key and texts, and is not who was configured.
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromSeconds(5),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = LongestAnswer,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Api-Key", _options.ApiKey);
    }

    /// <summary>Sends a request.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="path">After the base address, escaped.</param>
    /// <param name="body">JSON; null: none.</param>
    /// <param name="cancellationToken">Gives up, which is no reply but an exception.</param>
    public async Task<ZepReply> SendAsync(HttpMethod method, string path, byte[]? body, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(method, new Uri($"{_options.BaseUrl.TrimEnd('/')}/{path}"));
            if (body is not null)
            {
                request.Content = new ByteArrayContent(body);
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            }

            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, either.Token);
            return Reply(response, await response.Content.ReadAsByteArrayAsync(either.Token), body ?? []);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return limit.IsCancellationRequested
                ? ZepReply.Lost(ZepFailure.TimedOut, $"no answer within {_options.Timeout.TotalSeconds:0.###} s")
                : ZepReply.Lost(ZepFailure.Unreachable, "no connection within 5 s");
        }
        catch (HttpRequestException failure) when (failure.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            return ZepReply.Lost(ZepFailure.Unreadable, "more than 4 MiB");
        }
        catch (HttpRequestException failure)
        {
            return ZepReply.Lost(ZepFailure.Unreachable, failure.HttpRequestError.ToString());
        }
        catch (IOException)
        {
            return ZepReply.Lost(ZepFailure.Unreachable, "the connection broke");
        }
    }

    public void Dispose() => _http.Dispose();

    private ZepReply Reply(HttpResponseMessage response, byte[] body, byte[] sent)
    {
        var rate = Rate(response);
        if (response.IsSuccessStatusCode)
        {
            return new ZepReply(null, (int)response.StatusCode, body, "", "", RetryAfter: null, rate);
        }

        var words = Words(body, out var isJson);
        var detail = $"HTTP {(int)response.StatusCode}";
        var quoted = ZepWords.WithoutWhatWasSent(words, Encoding.UTF8.GetString(sent), response.RequestMessage?.RequestUri?.AbsolutePath ?? "", _options.ApiKey);
        detail += quoted.Length == 0 ? "" : $": {(quoted.Length <= LongestDetail ? quoted : $"{quoted.AsSpan(0, LongestDetail)}…")}";
        return new ZepReply(FailureOf(response.StatusCode, words, isJson), (int)response.StatusCode, [], words, detail, RetryAfter(response), rate);
    }

    // A router that does not know a route answers in words of its own; what is missing otherwise is missed in JSON.
    private static ZepFailure FailureOf(HttpStatusCode status, string words, bool isJson) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ZepFailure.Unauthorized,
        HttpStatusCode.NotFound => isJson ? ZepFailure.NotFound : ZepFailure.Removed,
        HttpStatusCode.BadRequest when words.EndsWith("not found", StringComparison.OrdinalIgnoreCase) => ZepFailure.NotFound,
        HttpStatusCode.Gone or HttpStatusCode.MethodNotAllowed => ZepFailure.Removed,
        HttpStatusCode.RequestTimeout => ZepFailure.TimedOut,
        HttpStatusCode.TooManyRequests => ZepFailure.Throttled,
        >= HttpStatusCode.InternalServerError => ZepFailure.Failed,
        >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => ZepFailure.Removed,
        _ => ZepFailure.Refused,
    };

    private static string Words(byte[] body, out bool isJson)
    {
        try
        {
            var answer = JsonSerializer.Deserialize(body, ZepJson.Default.ZepErrorAnswer);
            isJson = answer is not null;
            return answer?.Message?.Trim() ?? "";
        }
        catch (JsonException)
        {
            isJson = false;
            return Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 4 * LongestDetail))).Trim();
        }
    }

    private static ZepRate? Rate(HttpResponseMessage response) =>
        Number(response, "x-ratelimit-limit") is >= 1 and <= int.MaxValue and var limit
            // It goes below 0 while requests are refused. Untold, it is what is left after this one: the count here is lower then, and holds.
            ? new ZepRate((int)limit, (int)Math.Clamp(Number(response, "x-ratelimit-remaining") ?? (limit - 1), 0, int.MaxValue), ResetAt(Number(response, "x-ratelimit-reset")))
            : null;

    private static DateTimeOffset? ResetAt(long? seconds) =>
        seconds is > 0 && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeSeconds(seconds.Value) : null;

    private static long? Number(HttpResponseMessage response, string header) =>
        response.Headers.TryGetValues(header, out var values) && long.TryParse(values.First(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var wait = response.Headers.RetryAfter is { } header ? header.Delta ?? (header.Date - _time.GetUtcNow()) : null;
        return wait is null || wait <= TimeSpan.Zero ? null : wait < LongestRetryAfter ? wait : LongestRetryAfter;
    }
}
