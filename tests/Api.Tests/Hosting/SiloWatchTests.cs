using Actors.Hosting;
using Actors.Support;

namespace Actors.Api.Tests.Hosting;

public sealed class SiloWatchTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly SiloWatch _watch;

    public SiloWatchTests() => _watch = new SiloWatch(_clock);

    public void Dispose() => _watch.Dispose();

    [Fact]
    public void nobody_answers_until_somebody_does()
    {
        Assert.False(_watch.IsAnswering);
        Assert.False(_watch.FirstAnswer.IsCompleted);
        Assert.True(_watch.Answered());
        Assert.False(_watch.Answered());
        Assert.True(_watch.IsAnswering);
        Assert.True(_watch.FirstAnswer.IsCompletedSuccessfully);
    }

    [Fact]
    public void silence_up_to_the_limit_is_none_and_beyond_it_ends_calls_and_answers()
    {
        _watch.Answered();
        var call = _watch.Call;
        _clock.Advance(SiloWatch.SilenceLimit - TimeSpan.FromMilliseconds(1));
        Assert.False(_watch.CheckSilence());
        Assert.True(_watch.IsAnswering);

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(_watch.CheckSilence());
        Assert.False(_watch.IsAnswering);
        Assert.True(call.IsCancellationRequested);
        // Told once.
        Assert.False(_watch.CheckSilence());
    }

    [Fact]
    public void a_sign_of_life_puts_silence_off()
    {
        _watch.Answered();
        _clock.Advance(SiloWatch.SilenceLimit / 2);
        _watch.Answered();
        _clock.Advance(SiloWatch.SilenceLimit / 2);
        Assert.False(_watch.CheckSilence());
    }

    [Fact]
    public void when_one_of_several_silos_goes_only_calls_under_way_end_and_only_after_a_grace()
    {
        _watch.Answered();
        var before = _watch.Call;
        _watch.LostOne();
        var after = _watch.Call;

        Assert.True(_watch.IsAnswering);
        _clock.Advance(SiloWatch.LossGrace - TimeSpan.FromMilliseconds(1));
        Assert.False(before.IsCancellationRequested);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(before.IsCancellationRequested);
        Assert.False(after.IsCancellationRequested);
    }

    [Fact]
    public void when_the_last_silo_goes_all_calls_end_at_once_and_later_ones_begin_anew()
    {
        _watch.Answered();
        var before = _watch.Call;
        _watch.LostAll();
        Assert.True(before.IsCancellationRequested);
        Assert.False(_watch.IsAnswering);

        Assert.True(_watch.Answered());
        Assert.False(_watch.Call.IsCancellationRequested);
    }
}
