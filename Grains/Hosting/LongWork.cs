namespace Actors.Hosting;

/// <summary>
/// Runs work that takes many milliseconds of a processor on threads of its own. On the threads that requests share, as many pieces
/// of it as there are processors would let all requests wait.
/// </summary>
internal sealed class LongWork : IDisposable
{
    /// <summary>Work on so many memories takes some milliseconds at most, and is no long work.</summary>
    public const int MostMemories = 1_024;

    // More at once would leave the requests less than half of the processors.
    private readonly SemaphoreSlim _threads = new(Environment.ProcessorCount);

    /// <summary>Does work on memories: here when they are few, or else on a thread of its own, once one of these is free.</summary>
    /// <param name="memories">On how many.</param>
    /// <param name="work">What to do.</param>
    /// <param name="cancellationToken">Ends the waiting for a thread, not the work.</param>
    public async ValueTask<T> RunAsync<T>(int memories, Func<T> work, CancellationToken cancellationToken)
    {
        if (memories <= MostMemories)
        {
            return work();
        }

        await _threads.WaitAsync(cancellationToken);
        try
        {
            return await Task.Factory.StartNew(
                work, cancellationToken, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
        }
        finally
        {
            _threads.Release();
        }
    }

    public void Dispose() => _threads.Dispose();
}
