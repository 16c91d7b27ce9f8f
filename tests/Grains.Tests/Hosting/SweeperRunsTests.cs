using Actors.Hosting;
using Actors.Storage;
using Actors.Support;
using Xunit;

namespace Actors.Grains.Tests.Hosting;

public sealed class SweeperRunsTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly List<Exception> _told = [];
    private readonly SweeperRuns _runs;

    public SweeperRunsTests() => _runs = new SweeperRuns(_time, _told.Add);

    [Fact]
    public async Task a_run_begins_when_the_one_before_it_has_ended_however_that_ended()
    {
        var first = new TaskCompletionSource<int>();
        var order = new List<string>();
        var failing = _runs.RunAsync(() => NoteAsync("first", first.Task));
        var second = _runs.RunAsync(() => NoteAsync("second", Task.FromResult(2)));
        var third = _runs.RunAsync(() => NoteAsync("third", Task.FromResult(3)));
        Assert.Equal(["first"], order);

        first.SetException(new InvalidDataException());

        await Assert.ThrowsAsync<InvalidDataException>(() => failing);
        Assert.Equal((2, 3), (await second, await third));
        Assert.Equal(["first", "second", "third"], order);

        Task<int> NoteAsync(string name, Task<int> run)
        {
            order.Add(name);
            return run;
        }
    }

    [Fact]
    public async Task an_outage_is_told_once_until_a_tick_succeeds()
    {
        var outage = new StorageUnavailableException("No answer.");
        await TickAsync(outage);
        await TickAsync(new WritesSuspendedException("Not now."));
        Assert.Equal([outage], _told);

        await TickAsync(null);
        await TickAsync(outage);
        Assert.Equal([outage, outage], _told);
    }

    [Fact]
    public async Task a_tick_fails_for_what_is_no_outage()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => TickAsync(new InvalidDataException()));
        Assert.Empty(_told);
    }

    [Fact]
    public async Task a_tick_that_ends_with_its_activation_is_no_failure()
    {
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        await _runs.TickAsync(() => Task.FromCanceled(gone.Token), gone.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _runs.TickAsync(() => Task.FromCanceled(gone.Token), CancellationToken.None));
    }

    [Fact]
    public async Task steps_are_taken_until_nothing_is_left_or_the_time_is_over()
    {
        var steps = 0;
        Assert.True(await _runs.StepAsync(_ => Task.FromResult(++steps < 3), TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken));
        Assert.Equal(3, steps);

        Assert.False(await _runs.StepAsync(
            _ =>
            {
                steps++;
                _time.Advance(TimeSpan.FromSeconds(3));
                return Task.FromResult(true);
            },
            TimeSpan.FromSeconds(5),
            TestContext.Current.CancellationToken));
        Assert.Equal(5, steps);
    }

    private Task TickAsync(Exception? failure) =>
        _runs.TickAsync(() => failure is null ? Task.CompletedTask : Task.FromException(failure), TestContext.Current.CancellationToken);
}
