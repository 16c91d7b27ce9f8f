using System.Diagnostics.Metrics;

namespace Actors.Hosting;

/// <summary>The meter <c>Actors.Changes</c>.</summary>
internal sealed class ChangeListenerMetrics
{
    public const string MeterName = "Actors.Changes";

    private readonly Counter<long> _notifications;
    private readonly Counter<long> _reconnects;
    private volatile bool _isListening;

    public ChangeListenerMetrics(IMeterFactory meterFactory)
    {
        var meter = meterFactory.Create(MeterName);
        _notifications = meter.CreateCounter<long>("actors.changes.notifications", "{notification}", "Notifications of changes by other programs, by channel.");
        _reconnects = meter.CreateCounter<long>("actors.changes.reconnects", "{reconnect}", "How often the listener got a connection again after one was lost.");
        meter.CreateObservableGauge("actors.changes.listening", () => _isListening ? 1 : 0, description: "1: changes by other programs are heard; 0: the listener has no connection.");
    }

    public bool IsListening
    {
        get => _isListening;
        set => _isListening = value;
    }

    public void Heard(string channel) => _notifications.Add(1, new KeyValuePair<string, object?>("channel", channel));

    public void Reconnected() => _reconnects.Add(1);
}
