namespace Actors.Embedded;

/// <summary>The activations of one stateless worker. A new one is made while all are busy and the maximum is not reached; idle ones are collected like any other.</summary>
internal sealed class WorkerPool(ActorRuntime runtime, GrainClass grainClass, GrainId grainId) : ICallTarget, IActivationOwner
{
    private readonly List<Activation> _workers = [];
    private bool _dead;

    public bool TryAccept(Request request)
    {
        // The lock is held while the request enters the worker, so that two callers do not take the same idle one. So it does
        // not run here.
        lock (_workers)
        {
            return !_dead && Pick().Queue.TryEnqueue(request);
        }
    }

    public void Remove(Activation activation)
    {
        lock (_workers)
        {
            _workers.Remove(activation);
            if (_workers.Count == 0)
            {
                runtime.Directory.Remove(grainId, this);
                _dead = true;
            }
        }
    }

    public IReadOnlyList<Activation> Workers()
    {
        lock (_workers)
        {
            return [.. _workers];
        }
    }

    private Activation Pick()
    {
        Activation? best = null;
        var fewest = int.MaxValue;
        foreach (var worker in _workers)
        {
            var count = worker.Queue.State is QueueState.Closing ? int.MaxValue - 1 : worker.Queue.RequestCount;
            if (count == 0)
            {
                return worker;
            }

            if (count < fewest)
            {
                (best, fewest) = (worker, count);
            }
        }

        if (best is null || _workers.Count < grainClass.MaxWorkers)
        {
            best = new Activation(runtime, grainClass, grainId, this);
            _workers.Add(best);
        }

        return best;
    }
}
