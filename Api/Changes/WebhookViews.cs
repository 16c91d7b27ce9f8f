using System.ComponentModel;
using System.Text.Json.Serialization;
using Actors.OpenApi;

namespace Actors.Changes;

[Description("Where changes are sent.")]
internal sealed record WebhookView(
    [Description("Its id.")] Guid WebhookId,
    [Description("Where they are sent.")] string Url,
    [Description("Whose changes; null: those of all clients, and of the house.")] string? ClientId,
    [Description("Which; empty: all."), ValuesOf(typeof(WebhookView), nameof(WebhookView.AllEvents))] string[] Events,
    [Description("Whether anything is sent.")] bool Enabled,
    [Description("Why nothing is sent: `operator`, or `gone`, the receiver answered 410; null: it is enabled."), ValuesOf(typeof(WebhookView), nameof(WebhookView.Reasons))] string? DisabledReason,
    [Description("The secret that was just made, by which requests are signed: this answer alone has it. Absent: it has the one it had.")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Secret,
    [Description("When changes were delivered last; null: never.")] DateTimeOffset? DeliveredAt,
    [Description("Attempts that failed since then.")] int Failures,
    [Description("Why the last attempt failed, such as `http_500`, `timed_out` or `unreachable`; null: it did not.")] string? LastError,
    [Description("When the next attempt is due; null: as soon as something changes.")] DateTimeOffset? NextAttemptAt,
    [Description("When it was made.")] DateTimeOffset CreatedAt,
    [Description("When it was changed last.")] DateTimeOffset UpdatedAt)
{
    public static IReadOnlyList<string> AllEvents => ChangeNames.Events;

    public static IReadOnlyList<string> Reasons { get; } = ["operator", "gone"];

    public static WebhookView Of(WebhookRecord webhook) => Of(new WebhookAnswer(webhook, Secret: null));

    public static WebhookView Of(WebhookAnswer answer) => new(
        answer.Webhook.Id,
        answer.Webhook.Url,
        answer.Webhook.ClientId,
        [.. answer.Webhook.Events],
        answer.Webhook.DisabledAt is null,
        answer.Webhook.DisabledReason,
        answer.Secret,
        answer.Webhook.DeliveredAt,
        answer.Webhook.Failures,
        answer.Webhook.LastError,
        answer.Webhook.NextAttemptAt,
        answer.Webhook.CreatedAt,
        answer.Webhook.UpdatedAt);
}

[Description("One page of webhooks.")]
internal sealed record WebhookList(
    [Description("Newest first.")] WebhookView[] Items,
    [Description("The `cursor` of the next page; null: this is the last.")] string? NextCursor);

[Description("Changes that could not be delivered: which, not what they hold.")]
internal sealed record DeadLetterView(
    [Description("Its id.")] Guid LetterId,
    [Description("Whose it is.")] Guid WebhookId,
    [Description("Numbers of the changes, as `seq` in the feed.")] long[] Seqs,
    [Description("How often it was tried.")] int Attempts,
    [Description("Why the last attempt failed; `no_longer_kept`: the changes are not in the log any more.")] string LastError,
    [Description("Whether it is about to be tried again.")] bool Waiting,
    [Description("When it was given up first.")] DateTimeOffset CreatedAt,
    [Description("When it was tried last.")] DateTimeOffset TriedAt)
{
    public static DeadLetterView Of(DeadLetter letter) => new(
        letter.Id,
        letter.WebhookId,
        [.. letter.Seqs],
        letter.Attempts,
        letter.LastError,
        letter.IsWaiting,
        letter.CreatedAt,
        letter.TriedAt);
}

[Description("One page of dead letters.")]
internal sealed record DeadLetterList(
    [Description("Newest first.")] DeadLetterView[] Items,
    [Description("The `cursor` of the next page; null: this is the last.")] string? NextCursor);
