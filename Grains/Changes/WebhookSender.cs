using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Actors.Changes;

/// <summary>
/// Sends changes to a receiver, signed by the Standard Webhooks scheme (https://www.standardwebhooks.com): HMAC-SHA256 of
/// <c>id.timestamp.body</c>. Nothing the receiver says is kept but its status.
/// </summary>
internal sealed class WebhookSender : IDisposable
{
    private readonly WebhookOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        // Whoever redirects would be given what clients remember, and is not who was configured.
        AllowAutoRedirect = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectTimeout = TimeSpan.FromSeconds(5),
        UseCookies = false,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public WebhookSender(IOptions<WebhookOptions> options, TimeProvider time)
    {
        (_options, _time) = (options.Value, time);
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("planner-memory-webhooks");
    }

    /// <summary>Sends once.</summary>
    /// <param name="target">To whom.</param>
    /// <param name="changes">What; at least one.</param>
    /// <param name="cancellationToken">Gives up, which is no outcome but an exception.</param>
    public async Task<WebhookOutcome> SendAsync(WebhookTarget target, ImmutableArray<Change> changes, CancellationToken cancellationToken)
    {
        var body = WebhookBody.Of(target.Webhook.Id, changes);
        using var request = new HttpRequestMessage(HttpMethod.Post, target.Webhook.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        Sign(request, target, WebhookBody.IdOf(target.Webhook.Id, changes), body);
        using var limit = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return response.IsSuccessStatusCode
                ? WebhookOutcome.Delivered
                : new WebhookOutcome($"http_{(int)response.StatusCode}", response.StatusCode == HttpStatusCode.Gone, RetryAfter(response));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new WebhookOutcome("timed_out");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return new WebhookOutcome("unreachable");
        }
    }

    public void Dispose() => _http.Dispose();

    private void Sign(HttpRequestMessage request, WebhookTarget target, string id, byte[] body)
    {
        var now = _time.GetUtcNow();
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var secrets = target.PreviousSecret is { } previous && target.PreviousSecretUntil > now ? [target.Secret, previous] : new[] { target.Secret };
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.Add("webhook-signature", string.Join(' ', secrets.Select(secret => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(secret, signed))}")));
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter is { } header ? header.Delta ?? (header.Date - _time.GetUtcNow()) : null;
}

/// <summary>What came of an attempt.</summary>
/// <param name="Error">Why it failed, a code; null: it did not.</param>
/// <param name="IsGone">Whether the receiver wants nothing any more.</param>
/// <param name="RetryAfter">When the receiver wants to be asked again; null: it did not say.</param>
internal sealed record WebhookOutcome(string? Error, bool IsGone = false, TimeSpan? RetryAfter = null)
{
    public static WebhookOutcome Delivered { get; } = new(Error: null);
}

/// <summary>A webhook with what its requests are signed with.</summary>
/// <param name="Webhook">The webhook.</param>
/// <param name="Secret">Its secret.</param>
/// <param name="PreviousSecret">The one before, which signs too; null: none.</param>
/// <param name="PreviousSecretUntil">Until when.</param>
internal sealed record WebhookTarget(WebhookRecord Webhook, byte[] Secret, byte[]? PreviousSecret, DateTimeOffset? PreviousSecretUntil);
