namespace Actors.Hosting.Tests;

public sealed partial class ReadTests
{
    [Fact]
    public Task a_read_of_an_idle_grain_runs_on_the_thread_of_its_caller() => OnPoolAsync(async () =>
    {
        await Grain.ThreadAsync();

        var read = Grain.ThreadAsync();

        Assert.True(read.IsCompletedSuccessfully);
        Assert.Equal(Environment.CurrentManagedThreadId, await read);
    });

    [Fact]
    public async Task a_read_does_not_run_on_a_thread_that_is_not_of_the_pool()
    {
        await Grain.ThreadAsync();
        var (own, read) = await Task.Factory.StartNew(
            () => (Environment.CurrentManagedThreadId, Grain.ThreadAsync()),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        Assert.NotEqual(own, await read);
    }
}
