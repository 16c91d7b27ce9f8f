using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Actors.Sessions;
using Actors.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Actors.Grains.Tests.Sessions;

public sealed class HotMemoryTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly HotMemory _memory;

    public HotMemoryTests() => _memory = new HotMemory(
        Options.Create(new SessionOptions { MaxHotBytes = 1_600_000 }), _clock, _services.GetRequiredService<IMeterFactory>());

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task of_too_much_those_leave_that_were_not_asked_for_the_longest()
    {
        var (a, b, c) = (Join(500_000), Join(500_000), Join(500_000));
        a.Use();
        Assert.Equal(1_500_000, _memory.Bytes);

        var d = Join(500_000);

        await b.Left;
        Assert.False(a.Left.IsCompleted || c.Left.IsCompleted || d.Left.IsCompleted);
        b.Dispose();
        Assert.Equal((1_500_000, 3), (_memory.Bytes, _memory.Count));
    }

    [Fact]
    public async Task one_that_grows_makes_others_leave_and_each_is_asked_once()
    {
        var (a, b) = (Join(500_000), Join(500_000));
        b.Resize(1_400_000);
        await a.Left;

        // It is on its way: nobody else has to go for it.
        b.Use();
        b.Resize(1_450_000);
        Assert.False(b.Left.IsCompleted);
        Assert.Equal(1, a.Requests);
        a.Dispose();
        Assert.Equal(1_450_000, _memory.Bytes);
    }

    [Fact]
    public void the_one_used_last_stays_whatever_it_takes()
    {
        var a = Join(500_000);
        a.Resize(5_000_000);
        Assert.False(a.Left.IsCompleted);
        Assert.Equal(5_000_000, _memory.Bytes);
    }

    [Fact]
    public async Task one_that_grows_unasked_leaves_before_one_in_use()
    {
        var a = Join(500_000);
        var b = Join(500_000);
        a.Resize(1_500_000);
        await a.Left;
        Assert.False(b.Left.IsCompleted);
    }

    [Fact]
    public void what_has_left_does_not_count_whatever_it_says()
    {
        var a = Join(500_000);
        a.Dispose();
        a.Resize(2_000_000);
        a.Dispose();
        Assert.Equal((0, 0), (_memory.Bytes, _memory.Count));
    }

    [Fact]
    public void small_changes_are_not_told()
    {
        var a = Join(1_000_000);
        a.Resize(1_020_000);
        Assert.Equal(1_000_000, _memory.Bytes);
        a.Resize(1_040_000);
        Assert.Equal(1_040_000, _memory.Bytes);
    }

    [Fact]
    public async Task metrics_tell_what_is_hot_and_who_had_to_leave()
    {
        var values = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == HotMemory.MeterName && instrument.Meter.Scope == _services.GetRequiredService<IMeterFactory>())
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => values[instrument.Name] = value);
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => values[instrument.Name] = value);
        listener.Start();

        var a = Join(1_000_000);
        Join(800_000);
        await a.Left;
        a.Dispose();
        Join(10_000);
        listener.RecordObservableInstruments();

        Assert.Equal(2, values["actors.sessions.hot"]);
        Assert.Equal(810_000, values["actors.sessions.hot_bytes"]);
        Assert.Equal(1, values["actors.sessions.evictions"]);
    }

    private Member Join(long bytes)
    {
        var member = new Member(_memory, _clock);
        member.Resize(bytes);
        return member;
    }

    private sealed class Member
    {
        private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualTimeProvider _clock;
        private readonly HotShare _share;
        private int _requests;

        public Member(HotMemory memory, ManualTimeProvider clock)
        {
            _clock = clock;
            clock.Advance(TimeSpan.FromSeconds(1));
            _share = memory.Join(() =>
            {
                Interlocked.Increment(ref _requests);
                _left.TrySetResult();
            });
        }

        public Task Left => _left.Task;

        public int Requests => Volatile.Read(ref _requests);

        public void Use()
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            _share.Use();
        }

        public void Resize(long bytes) => _share.Resize(bytes);

        public void Dispose() => _share.Dispose();
    }
}
