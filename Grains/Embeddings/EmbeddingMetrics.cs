using System.Diagnostics.Metrics;

namespace Actors.Embeddings;

/// <summary>The meter <c>Actors.Embeddings</c>.</summary>
internal sealed class EmbeddingMetrics
{
    public const string MeterName = "Actors.Embeddings";

    private readonly Counter<long> _embedded;
    private readonly Counter<long> _passedOver;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _questions;
    private int _waiting;

    public EmbeddingMetrics(IMeterFactory meterFactory)
    {
        var meter = meterFactory.Create(MeterName);
        _embedded = meter.CreateCounter<long>("actors.embeddings.embedded", "{memory}", "Memories whose vectors were stored.");
        _passedOver = meter.CreateCounter<long>("actors.embeddings.passed_over", "{memory}", "Memories that the endpoint refuses, each by itself.");
        _requests = meter.CreateCounter<long>("actors.embeddings.requests", "{request}", "Requests to the endpoint by outcome: ok, or why it failed.");
        _questions = meter.CreateCounter<long>("actors.embeddings.questions", "{question}", "Questions by outcome: embedded, cached, or why there was no vector.");
        meter.CreateObservableGauge("actors.embeddings.waiting", () => Volatile.Read(ref _waiting), "{memory}", "Memories known to be without a vector, at most 12,000; in the process whose turn it is.");
    }

    public void Embedded(int memories) => _embedded.Add(memories);

    public void PassedOver() => _passedOver.Add(1);

    public void Answered() => _requests.Add(1, Outcome("ok"));

    public void RequestFailed(EmbeddingFailure failure) => _requests.Add(1, Outcome(failure.Code()));

    public void Question(string outcome) => _questions.Add(1, Outcome(outcome));

    public void Waiting(int memories) => Volatile.Write(ref _waiting, memories);

    private static KeyValuePair<string, object?> Outcome(string outcome) => new("outcome", outcome);
}
