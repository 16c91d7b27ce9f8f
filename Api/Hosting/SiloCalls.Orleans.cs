namespace Actors.Hosting;

/// <summary>Ends calls to grains that cannot be expected to be answered: those made while no silo is there, and those whose silo went.</summary>
internal sealed class SiloCalls(SiloWatch watch) : IOutgoingGrainCallFilter
{
    /// <exception cref="NotHostedException">No silo answers; the call was not made.</exception>
    /// <exception cref="SiloLostException">Its silo is gone; what became of the call is unknown.</exception>
    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        // It is how silos are found again. Calls of Orleans itself, as for its dashboard, have limits of their own.
        if (context.Grain is IPresenceGrain || context.Grain is not IGrainWithStringKey)
        {
            await context.Invoke();
            return;
        }

        var lost = watch.Call;
        if (!watch.IsAnswering)
        {
            throw new NotHostedException("No silo answers.");
        }

        try
        {
            await context.Invoke().WaitAsync(lost);
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            throw new SiloLostException();
        }
    }
}
