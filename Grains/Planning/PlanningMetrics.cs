using System.Diagnostics.Metrics;

namespace Actors.Planning;

/// <summary>The meter <c>Actors.Planning</c>.</summary>
internal sealed class PlanningMetrics
{
    public const string MeterName = "Actors.Planning";

    private readonly Counter<long> _plans;
    private readonly Histogram<double> _modelTime;

    public PlanningMetrics(IMeterFactory meterFactory)
    {
        var meter = meterFactory.Create(MeterName);
        _plans = meter.CreateCounter<long>("actors.planning.plans", "{plan}", "Plans by who wrote them: rules, llm, rules_instead of a model that failed, or nobody (failed).");
        _modelTime = meter.CreateHistogram<double>("actors.planning.model.duration", "s", "How long the language model took for a plan, whatever came of it.");
    }

    public void Written(string by) => _plans.Add(1, new KeyValuePair<string, object?>("writer", by));

    public void ModelTook(TimeSpan time) => _modelTime.Record(time.TotalSeconds);
}
