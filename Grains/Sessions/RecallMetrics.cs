using System.Diagnostics.Metrics;

namespace Actors.Sessions;

/// <summary>Counts recalls by what answered them; part of the meter <see cref="HotMemory.MeterName"/>.</summary>
internal sealed class RecallMetrics(IMeterFactory meterFactory)
{
    private readonly Counter<long> _answers = meterFactory.Create(HotMemory.MeterName).CreateCounter<long>(
        "actors.recall.answers", "{answer}", "Recalls by tier: session, repeated by a hot session; valkey, or without it shared, from the shared cache by a session that is not hot; index, computed.");

    public void Answered(string tier) => _answers.Add(1, new KeyValuePair<string, object?>("tier", tier));
}
