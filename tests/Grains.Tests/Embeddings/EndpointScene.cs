using System.Diagnostics.Metrics;
using Actors.Embeddings;
using Actors.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Actors.Grains.Tests.Embeddings;

/// <summary>A fake endpoint, and what of the service asks it, on a clock of the test's own.</summary>
internal sealed class EndpointScene : IAsyncDisposable
{
    private readonly LogLines _log = new();
    private readonly Meters _meters = new();

    private EndpointScene(FakeEmbeddings fake, EmbeddingsOptions options)
    {
        (Fake, Options) = (fake, options);
        Client = new EmbeddingClient(Microsoft.Extensions.Options.Options.Create(options), Time);
        Metrics = new EmbeddingMetrics(_meters);
        Endpoint = new EmbeddingEndpoint(Client, Microsoft.Extensions.Options.Options.Create(options), Time, Metrics, _log);
        Questions = new QuestionVectors(Endpoint, options, Time, Metrics);
    }

    public FakeEmbeddings Fake { get; }

    public EmbeddingsOptions Options { get; }

    public ManualTimeProvider Time { get; } = new();

    public EmbeddingClient Client { get; }

    public EmbeddingMetrics Metrics { get; }

    public EmbeddingEndpoint Endpoint { get; }

    public QuestionVectors Questions { get; }

    public IReadOnlyList<string> Log => _log.Lines;

    /// <summary>A sweep of a database's memories by this endpoint.</summary>
    public EmbeddingSweep SweepOf(EmbeddingStore store) => new(store, Endpoint, Metrics, Options, _log);

    /// <summary>What was counted so far, as <c>name</c> or <c>name{outcome}</c>.</summary>
    public MeasuredCounts Measure() => new(_meters);

    public static async Task<EndpointScene> StartAsync(Action<EmbeddingsOptions>? configure = null)
    {
        var fake = await FakeEmbeddings.StartAsync();
        var options = new EmbeddingsOptions { Endpoint = fake.Endpoint, Model = "small", ApiKey = "sk-very-secret" };
        configure?.Invoke(options);
        return new EndpointScene(fake, options);
    }

    public Task<EmbeddingOutcome> AskAsync(params string[] texts) => Client.EmbedAsync(texts, TestContext.Current.CancellationToken);

    public Task<EmbeddingOutcome> AskEndpointAsync(bool isQuestion = true) => Endpoint.EmbedAsync(["tea"], isQuestion, TestContext.Current.CancellationToken);

    public async Task<QuestionVector> EmbedAsync(string question) => await Questions.EmbedAsync(question, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _meters.Dispose();
        await Fake.DisposeAsync();
    }

    private sealed class LogLines : ILogger<EmbeddingEndpoint>
    {
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (_lines)
                {
                    return [.. _lines];
                }
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lines)
            {
                _lines.Add($"{formatter(state, exception)} {exception}");
            }
        }
    }
}

/// <summary>Meters of one test.</summary>
internal sealed class Meters : IMeterFactory
{
    private readonly List<Meter> _meters = [];

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose() => _meters.ForEach(meter => meter.Dispose());
}

/// <summary>What instruments of a test measure from now on.</summary>
internal sealed class MeasuredCounts : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public MeasuredCounts(IMeterFactory factory)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == factory)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, (long)Math.Round(value), tags));
        _listener.Start();
    }

    public string Read()
    {
        _listener.RecordObservableInstruments();
        lock (_counts)
        {
            return string.Join(' ', _counts.Select(count => $"{count.Key}={count.Value}"));
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var name = instrument.Name.Replace("actors.embeddings.", "", StringComparison.Ordinal) + (tags.IsEmpty ? "" : $"{{{tags[0].Value}}}");
        lock (_counts)
        {
            _counts[name] = instrument.IsObservable ? value : _counts.GetValueOrDefault(name) + value;
        }
    }
}
