namespace Actors.Hosting.Tests;

public sealed partial class IdleGrainTests
{
    [Fact]
    public Task a_call_of_an_idle_grain_runs_on_the_thread_of_its_caller() => OnPoolAsync(async () =>
    {
        await Grain.ThreadAsync();

        var (call, read) = (Grain.ThreadAsync(), Grain.ReadThreadAsync());

        Assert.True(call.IsCompletedSuccessfully && read.IsCompletedSuccessfully);
        Assert.Equal((Environment.CurrentManagedThreadId, Environment.CurrentManagedThreadId), (await call, await read));
    });

    [Fact]
    public async Task a_call_does_not_run_on_a_thread_that_is_not_of_the_pool()
    {
        await Grain.ThreadAsync();
        var (own, call) = await Task.Factory.StartNew(
            () => (Environment.CurrentManagedThreadId, Grain.ThreadAsync()),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        Assert.NotEqual(own, await call);
    }
}
