using Actors.Grains.Tests.Embeddings;
using Actors.Support;
using Actors.Zep;
using Microsoft.Extensions.Logging;

namespace Actors.Grains.Tests.Zep;

/// <summary>A scripted Zep behind the gate and the budget of a process, on a clock of the test's own.</summary>
internal sealed class GateScene : IDisposable
{
    private readonly Meters _meters = new();
    private readonly LogLines _log = new();

    public GateScene(ZepDatabase database, ZepQueueOptions? options = null, ManualTimeProvider? time = null)
    {
        Options = options ?? new ZepQueueOptions();
        Time = time ?? new ManualTimeProvider();
        Metrics = new ZepMetrics(_meters, Time);
        Budget = new ZepBudget(new ZepBudgetStore(database.Storage), Microsoft.Extensions.Options.Options.Create(Options), Time);
        Gate = new ZepGate(Zep, Budget, Metrics, Time, _log);
    }

    public ScriptedZep Zep { get; } = new();

    public ZepQueueOptions Options { get; }

    public ManualTimeProvider Time { get; }

    public ZepMetrics Metrics { get; }

    public ZepBudget Budget { get; }

    public ZepGate Gate { get; }

    /// <summary>What the gate has logged.</summary>
    public IReadOnlyList<string> Log => _log;

    public MeasuredCounts Measure() => new(_meters);

    public Task<ZepAnswer> PingAsync(ZepUse use = ZepUse.Write, CancellationToken? stop = null) =>
        Gate.CallAsync(use, (zep, token) => zep.PingAsync(token), stop ?? TestContext.Current.CancellationToken);

    public static ZepAnswer Failing(ZepFailure failure, TimeSpan? retryAfter = null, ZepRate? rate = null) =>
        new() { Failure = failure, RetryAfter = retryAfter, Rate = rate, Detail = "told" };

    public void Dispose() => _meters.Dispose();

    // Its calls follow each other.
    private sealed class LogLines : List<string>, ILogger<ZepGate>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Add(formatter(state, exception));
    }
}
