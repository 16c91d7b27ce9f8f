using System.Diagnostics.Metrics;

namespace Actors.Extraction;

/// <summary>The meter <c>Actors.Extraction</c>: what the language model is asked for facts.</summary>
internal sealed class ExtractionMetrics
{
    public const string MeterName = "Actors.Extraction";

    private readonly Counter<long> _questions;
    private readonly Counter<long> _tokens;
    private readonly Counter<long> _setAside;

    public ExtractionMetrics(IMeterFactory meterFactory)
    {
        var meter = meterFactory.Create(MeterName);
        _questions = meter.CreateCounter<long>("actors.extraction.memories", "{memory}", "Memories put to the language model by outcome: ok, or why nothing came of it.");
        _tokens = meter.CreateCounter<long>("actors.extraction.tokens", "{token}", "Tokens that cost, as told or else estimated.");
        _setAside = meter.CreateCounter<long>("actors.extraction.set_aside", "{fact}", "Facts the language model named that may not be stored.");
    }

    public void Answered(int setAside)
    {
        _questions.Add(1, Outcome("ok"));
        _setAside.Add(setAside);
    }

    public void Failed(string code) => _questions.Add(1, Outcome(code));

    public void Cost(long tokens) => _tokens.Add(tokens);

    private static KeyValuePair<string, object?> Outcome(string outcome) => new("outcome", outcome);
}
