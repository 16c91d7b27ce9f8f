using Actors.Sessions;
using Actors.Support;

namespace Actors.Grains.Tests.Sessions;

public sealed class ProcessPausesTests : IDisposable
{
    private readonly StoppingTime _time = new();
    private readonly ProcessPauses _pauses;

    public ProcessPausesTests() => _pauses = new ProcessPauses(_time);

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
        _time.StandStill(ProcessPauses.Limit);
        Assert.Equal(0, _pauses.Count);
        _time.StandStill(ProcessPauses.Limit + TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, _pauses.Count);
        Assert.Equal(1, _pauses.Count);
        _time.StandStill(ProcessPauses.Limit * 3);
        Assert.Equal(2, _pauses.Count);
    }

    /// <summary>Time may pass without any timer being fired.</summary>
    private sealed class StoppingTime : TimeProvider
    {
        private TimeSpan _stoodStill;

        public ManualTimeProvider Clock { get; } = new();

        public override long TimestampFrequency => Clock.TimestampFrequency;

        public override long GetTimestamp() => Clock.GetTimestamp() + _stoodStill.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => Clock.CreateTimer(callback, state, dueTime, period);

        public void StandStill(TimeSpan time) => _stoodStill += time;
    }
}
