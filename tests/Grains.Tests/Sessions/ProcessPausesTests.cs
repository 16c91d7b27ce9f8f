using Actors.Sessions;
using Actors.Support;
using Microsoft.Extensions.Options;

namespace Actors.Grains.Tests.Sessions;

public sealed class ProcessPausesTests : IDisposable
{
    private readonly StoppingTime _time = new();
    private readonly ProcessPauses _pauses;

    public ProcessPausesTests() => _pauses = new ProcessPauses(_time, Options.Create(new SessionOptions()));

    public void Dispose() => _pauses.Dispose();

    [Fact]
    public void time_that_passes_while_the_process_runs_is_no_pause()
    {
        _time.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, _pauses.Count);
    }

    [Fact]
    public void a_process_that_stood_still_for_longer_than_the_limit_knows_before_its_timers_run_again()
    {
        _time.StandStill(ProcessPauses.DefaultLimit);
        Assert.Equal(0, _pauses.Count);
        _time.StandStill(ProcessPauses.DefaultLimit + TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, _pauses.Count);
        Assert.Equal(1, _pauses.Count);
        _time.StandStill(ProcessPauses.DefaultLimit * 3);
        Assert.Equal(2, _pauses.Count);
    }

    [Fact]
    public void a_clock_that_has_gone_on_while_timestamps_slept_tells_it_too()
    {
        _time.Sleep(ProcessPauses.DefaultLimit + TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, _pauses.Count);
    }

    [Fact]
    public void memory_is_not_trusted_for_a_while_after_a_pause_and_once_after_each_however_long_ago()
    {
        var (seen, late) = (0, 0);
        Assert.False(_pauses.MayBeOld(ref seen));
        _time.StandStill(ProcessPauses.DefaultLimit * 2);
        Assert.True(_pauses.MayBeOld(ref seen));
        Assert.True(_pauses.MayBeOld(ref seen));
        _time.Clock.Advance(ProcessPauses.DoubtAfter);
        Assert.False(_pauses.MayBeOld(ref seen));
        Assert.True(_pauses.MayBeOld(ref late));
        Assert.False(_pauses.MayBeOld(ref late));
    }

    /// <summary>Time may pass without any timer being fired.</summary>
    private sealed class StoppingTime : TimeProvider
    {
        private TimeSpan _stoodStill;
        private TimeSpan _slept;

        public ManualTimeProvider Clock { get; } = new();

        public override long TimestampFrequency => Clock.TimestampFrequency;

        public override long GetTimestamp() => Clock.GetTimestamp() + _stoodStill.Ticks;

        public override DateTimeOffset GetUtcNow() => Clock.GetUtcNow() + _slept;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => Clock.CreateTimer(callback, state, dueTime, period);

        public void StandStill(TimeSpan time) => _stoodStill += time;

        public void Sleep(TimeSpan time) => _slept += time;
    }
}
