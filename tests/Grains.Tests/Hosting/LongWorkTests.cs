using Actors.Hosting;

namespace Actors.Grains.Tests.Hosting;

public sealed class LongWorkTests : IDisposable
{
    private const int Many = LongWork.MostMemories + 1;

    private readonly LongWork _longWork = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _longWork.Dispose();

    [Fact]
    public async Task work_on_few_memories_is_done_at_once_by_the_caller()
    {
        var work = _longWork.RunAsync(LongWork.MostMemories, () => Environment.CurrentManagedThreadId, Stop);

        Assert.True(work.IsCompletedSuccessfully);
        Assert.Equal(Environment.CurrentManagedThreadId, await work);
    }

    [Fact]
    public async Task work_on_many_keeps_no_thread_from_the_requests() =>
        Assert.False(await _longWork.RunAsync(Many, () => Thread.CurrentThread.IsThreadPoolThread, Stop));

    [Fact]
    public async Task so_many_are_done_at_once_as_there_are_processors()
    {
        using var enough = new CountdownEvent(Environment.ProcessorCount);
        using var end = new ManualResetEventSlim();
        var first = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => RunAsync(() =>
        {
            enough.Signal();
            end.Wait(Stop);
        })).ToArray();
        enough.Wait(Stop);
        var next = RunAsync(() => Assert.True(end.IsSet));
        using var giveUp = new CancellationTokenSource();
        var given = _longWork.RunAsync(Many, () => true, giveUp.Token).AsTask();
        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        end.Set();
        await Task.WhenAll([.. first, next]);
    }

    [Fact]
    public async Task work_that_fails_leaves_its_thread_to_others()
    {
        for (var i = 0; i <= Environment.ProcessorCount; i++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(() => throw new InvalidOperationException()));
        }

        Assert.True(await _longWork.RunAsync(Many, () => true, Stop));
    }

    private Task<bool> RunAsync(Action work) => _longWork.RunAsync(
        Many,
        () =>
        {
            work();
            return true;
        },
        Stop).AsTask();
}
