using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Actors.Changes;

/// <summary>The meter <c>Actors.Webhooks</c>.</summary>
internal sealed class WebhookMetrics
{
    public const string MeterName = "Actors.Webhooks";

    private readonly ConcurrentDictionary<Guid, DateTimeOffset?> _oldest = new();
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _delivered;
    private readonly Counter<long> _deadLetters;
    private readonly Counter<long> _skipped;

    public WebhookMetrics(IMeterFactory meterFactory, TimeProvider time)
    {
        var meter = meterFactory.Create(MeterName);
        _attempts = meter.CreateCounter<long>("actors.webhooks.attempts", "{request}", "Requests to receivers by outcome: ok, or why they failed.");
        _delivered = meter.CreateCounter<long>("actors.webhooks.delivered", "{change}", "Changes that receivers have taken.");
        _deadLetters = meter.CreateCounter<long>("actors.webhooks.dead_letters", "{letter}", "Requests that were given up after all attempts.");
        _skipped = meter.CreateCounter<long>("actors.webhooks.skipped", "{time}", "How often a webhook was so far behind that changes it had not sent were no longer kept.");
        meter.CreateObservableGauge(
            "actors.changes.lag_seconds",
            () => _oldest.Select(o => new Measurement<double>(
                o.Value is { } at ? Math.Max(0, (time.GetUtcNow() - at).TotalSeconds) : 0, new KeyValuePair<string, object?>("webhook", $"{o.Key}"))),
            "s", "Age of the oldest change that a webhook, sent by this process, has not delivered; 0: it has delivered all.");
    }

    public void Attempted(WebhookOutcome outcome) => _attempts.Add(1, new KeyValuePair<string, object?>("outcome", outcome.Error ?? "ok"));

    public void Delivered(int changes) => _delivered.Add(changes);

    public void GaveUp() => _deadLetters.Add(1);

    public void Skipped() => _skipped.Add(1);

    /// <summary>When the oldest change was made that waits; null: none does.</summary>
    public void Waits(Guid webhookId, DateTimeOffset? since) => _oldest[webhookId] = since;

    /// <summary>This process no longer sends it.</summary>
    public void Left(Guid webhookId) => _oldest.TryRemove(webhookId, out _);
}
