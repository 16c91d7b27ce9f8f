using System.Diagnostics.Metrics;

namespace Actors.Zep;

/// <summary>Counts what came of asking Zep for recalls; part of the meter <c>Actors.Zep</c>.</summary>
internal sealed class ZepSearchMetrics(IMeterFactory meterFactory)
{
    private readonly Counter<long> _searches = meterFactory.Create(ZepMetrics.MeterName).CreateCounter<long>(
        "actors.zep.searches", "{search}", "Recalls by what Zep was for them: found, nothing, nothing_there (of this client), good_enough (not asked), or why it is missing.");

    public void Searched(string outcome) => _searches.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
