using System.Diagnostics.Metrics;
using Actors.Embedded;
using Actors.Hosting.Tests.Grains;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Actors.Hosting.Tests;

/// <summary>What an operator sees of the single-process host.</summary>
public sealed class ObservationTests(ActorHostFixture host) : IClassFixture<ActorHostFixture>
{
    private readonly string _key = Stage.NewKey();

    private Stage Stage => Stage.Of(_key);

    [Fact]
    public async Task a_turn_that_blocks_its_activation_for_long_is_logged_once()
    {
        var before = host.CountLogged("TurnStuck");
        var turn = host.Grains.GetGrain<ITurnGrain>(_key).HoldAsync("door");
        await Stage.WhenAsync("door in");

        await host.PassAsync(TimeSpan.FromSeconds(9));
        Assert.Equal(before, host.CountLogged("TurnStuck"));
        await host.PassAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(before + 1, host.CountLogged("TurnStuck"));

        Stage.Open("door");
        await turn;
    }

    [Fact]
    public async Task a_request_that_has_not_started_does_not_look_stuck()
    {
        await host.PassAsync(TimeSpan.FromHours(1));
        var before = host.CountLogged("TurnStuck");
        var turn = host.Grains.GetGrain<ITurnGrain>(_key).HoldAsync("door");
        await Stage.WhenAsync("door in");
        var queued = host.Grains.GetGrain<ITurnGrain>(_key).ActivationAsync();

        await host.PassAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(before, host.CountLogged("TurnStuck"));
        Stage.Open("door");
        await turn;
        await queued;
    }

    [Fact]
    public async Task a_grain_over_its_queue_limit_is_logged_once_until_it_has_come_to_rest()
    {
        await using var small = await ActorHostFixture.StartAsync(new ActorHostSettings { MaxQueuedRequests = 1 });
        var grain = small.Grains.GetGrain<ITurnGrain>(_key);
        foreach (var (door, logged) in new[] { ("first", 1), ("second", 2) })
        {
            var turn = grain.HoldAsync(door);
            await Stage.WhenAsync(door + " in");
            var queued = grain.ActivationAsync();
            await Assert.ThrowsAsync<LimitExceededException>(() => grain.ActivationAsync());
            await Assert.ThrowsAsync<LimitExceededException>(() => grain.ActivationAsync());

            Assert.Equal(logged, small.CountLogged("OverLimit"));
            Stage.Open(door);
            await turn;
            await queued;
        }
    }

    [Fact]
    public async Task listeners_that_fail_end_neither_a_turn_nor_the_sweep()
    {
        await using var observed = await ActorHostFixture.StartAsync(new ActorHostSettings());
        using var listener = new MeterListener();
        var factory = observed.Services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope == factory)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => throw new InvalidOperationException("listener"));
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => throw new InvalidOperationException("listener"));
        listener.Start();
        var grain = observed.Grains.GetGrain<ITurnGrain>(_key);

        await grain.ActivationAsync();
        var turn = grain.HoldAsync("door");
        await Stage.WhenAsync("door in");
        var queued = grain.ActivationAsync();
        await observed.PassAsync(TimeSpan.FromSeconds(31));

        await Assert.ThrowsAsync<TimeoutException>(() => turn);
        await Assert.ThrowsAsync<TimeoutException>(() => queued);
        Stage.Open("door");
        await grain.ActivationAsync();

        // Two time limits, and the last turn: the clock's zero, where the others started, counts as not measured.
        await observed.WhenLoggedAsync("ObservationFailed", 3);
    }

    [Fact]
    public void a_log_provider_that_fails_is_not_the_runtimes_failure()
    {
        using var loggers = LoggerFactory.Create(builder => builder.AddProvider(new FailingProvider()));

        new UnfailingLogger(loggers.CreateLogger("test")).Started(1);

        Assert.ThrowsAny<Exception>(() => loggers.CreateLogger("test").Started(1));
    }

    [Fact]
    public async Task the_meter_tells_activations_queued_requests_turns_and_timeouts()
    {
        var seen = new Dictionary<string, double>();
        using var listener = new MeterListener();
        var factory = host.Services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == "Actors.Embedded" && instrument.Meter.Scope == factory)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Add(instrument, value));
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => Add(instrument, value));
        listener.SetMeasurementEventCallback<double>((instrument, _, _, _) => Add(instrument, 1));
        listener.Start();

        var turn = host.Grains.GetGrain<ITurnGrain>(_key).HoldAsync("door");
        await Stage.WhenAsync("door in");
        var queued = host.Grains.GetGrain<ITurnGrain>(_key).ActivationAsync();
        listener.RecordObservableInstruments();
        await host.PassAsync(TimeSpan.FromSeconds(31));
        await Assert.ThrowsAsync<TimeoutException>(() => queued);
        await Assert.ThrowsAsync<TimeoutException>(() => turn);
        Stage.Open("door");
        await host.Grains.GetGrain<ITurnGrain>(_key).ActivationAsync();

        lock (seen)
        {
            Assert.True(seen["actors.activations"] >= 1);
            Assert.Equal(1, seen["actors.requests.queued"]);
            Assert.Equal(2, seen["actors.calls.timed_out"]);
            Assert.True(seen["actors.turn.duration"] >= 2);
        }

        void Add(Instrument instrument, double value)
        {
            lock (seen)
            {
                seen[instrument.Name] = seen.GetValueOrDefault(instrument.Name) + value;
            }
        }
    }

    private sealed class FailingProvider : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new InvalidOperationException("provider");

        public void Dispose()
        {
        }
    }
}
