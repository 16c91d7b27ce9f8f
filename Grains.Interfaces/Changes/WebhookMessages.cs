using System.Collections.Immutable;
using Actors.Idempotency;

namespace Actors.Changes;

/// <summary>A webhook to make. It begins with what changes from then on.</summary>
/// <param name="Url">Where to send to: http or https, at most <see cref="MaxUrlLength"/> characters, without a user's name.</param>
/// <param name="ClientId">Only changes of this client; null: of all clients, and the house.</param>
/// <param name="Events">Only these of <see cref="ChangeNames.Events"/>; empty: all.</param>
/// <param name="IdempotencyKey">By what a repeat of the request is recognised; null: a repeat makes another webhook.</param>
[GenerateSerializer, Immutable, Alias("NewWebhook")]
public sealed record NewWebhook(
    [property: Id(0)] string Url,
    [property: Id(1)] string? ClientId,
    [property: Id(2)] ImmutableArray<string> Events,
    [property: Id(3)] IdempotencyKey? IdempotencyKey = null)
{
    /// <summary>Longest address, in characters; the schema says the same.</summary>
    public const int MaxUrlLength = 2_048;

    /// <summary>Most webhooks there may be.</summary>
    public const int MaxWebhooks = 100;
}

/// <summary>What to change of a webhook. Whatever is changed, the next attempt is due at once.</summary>
/// <param name="Url">New address; null: as it is.</param>
/// <param name="Events">New filter; null: as it is.</param>
/// <param name="IsEnabled">Whether changes are sent. Those that come while it is disabled are sent afterwards, as long as they are kept. Null: as it is.</param>
/// <param name="RotatesSecret">Whether a new secret is made. The one before signs beside it for 24 hours.</param>
[GenerateSerializer, Immutable, Alias("WebhookChange")]
public sealed record WebhookChange(
    [property: Id(0)] string? Url = null,
    [property: Id(1)] ImmutableArray<string>? Events = null,
    [property: Id(2)] bool? IsEnabled = null,
    [property: Id(3)] bool RotatesSecret = false);

/// <summary>A webhook, without its secret.</summary>
/// <param name="Id">Its id (UUID version 7).</param>
/// <param name="Url">Where changes are sent.</param>
/// <param name="ClientId">Whose; null: all clients', and the house's.</param>
/// <param name="Events">Which; empty: all.</param>
/// <param name="DisabledAt">Since when nothing is sent; null: it is enabled.</param>
/// <param name="DisabledReason"><c>operator</c>, or <c>gone</c>: the receiver answered 410. Null: it is enabled.</param>
/// <param name="Position">The cursor after what was delivered or given up.</param>
/// <param name="DeliveredAt">When changes were delivered last; null: never.</param>
/// <param name="Failures">Attempts that failed since then.</param>
/// <param name="LastError">Why the last one failed, a code such as <c>http_500</c>, <c>timed_out</c> or <c>unreachable</c>; null: it did not.</param>
/// <param name="NextAttemptAt">When the next attempt is due; null: as soon as there is something to send.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When it was changed last.</param>
[GenerateSerializer, Immutable, Alias("WebhookRecord")]
public sealed record WebhookRecord(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string Url,
    [property: Id(2)] string? ClientId,
    [property: Id(3)] ImmutableArray<string> Events,
    [property: Id(4)] DateTimeOffset? DisabledAt,
    [property: Id(5)] string? DisabledReason,
    [property: Id(6)] string Position,
    [property: Id(7)] DateTimeOffset? DeliveredAt,
    [property: Id(8)] int Failures,
    [property: Id(9)] string? LastError,
    [property: Id(10)] DateTimeOffset? NextAttemptAt,
    [property: Id(11)] DateTimeOffset CreatedAt,
    [property: Id(12)] DateTimeOffset UpdatedAt);

/// <summary>A webhook that was made or changed.</summary>
/// <param name="Webhook">The webhook.</param>
/// <param name="Secret">The secret that was made for it, <c>whsec_</c> and base64; null: it has the one it had. It is told once.</param>
[GenerateSerializer, Immutable, Alias("WebhookAnswer")]
public sealed record WebhookAnswer([property: Id(0)] WebhookRecord Webhook, [property: Id(1)] string? Secret);

/// <summary>Changes that could not be delivered.</summary>
/// <param name="Id">Id of the letter (UUID version 7).</param>
/// <param name="WebhookId">Whose.</param>
/// <param name="Seqs">Numbers of the changes.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="LastError">Why the last attempt failed, a code.</param>
/// <param name="IsWaiting">Whether it is about to be tried again.</param>
/// <param name="CreatedAt">When it was given up first.</param>
/// <param name="TriedAt">When it was tried last.</param>
[GenerateSerializer, Immutable, Alias("DeadLetter")]
public sealed record DeadLetter(
    [property: Id(0)] Guid Id,
    [property: Id(1)] Guid WebhookId,
    [property: Id(2)] ImmutableArray<long> Seqs,
    [property: Id(3)] int Attempts,
    [property: Id(4)] string LastError,
    [property: Id(5)] bool IsWaiting,
    [property: Id(6)] DateTimeOffset CreatedAt,
    [property: Id(7)] DateTimeOffset TriedAt);

/// <summary>One page of webhooks.</summary>
/// <param name="Webhooks">Newest first.</param>
/// <param name="HasMore">Whether there are more.</param>
[GenerateSerializer, Immutable, Alias("WebhookPage")]
public sealed record WebhookPage([property: Id(0)] ImmutableArray<WebhookRecord> Webhooks, [property: Id(1)] bool HasMore);

/// <summary>One page of dead letters.</summary>
/// <param name="Letters">Newest first.</param>
/// <param name="HasMore">Whether there are more.</param>
[GenerateSerializer, Immutable, Alias("DeadLetterPage")]
public sealed record DeadLetterPage([property: Id(0)] ImmutableArray<DeadLetter> Letters, [property: Id(1)] bool HasMore);
