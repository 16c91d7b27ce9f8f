using System.Collections.Concurrent;

namespace Actors.Embedded;

/// <summary>Where requests for one grain id go: an activation, or the workers of a stateless one.</summary>
internal interface ICallTarget
{
    /// <summary>False if this target is dead; the directory then has, or makes, another.</summary>
    bool TryAccept(Request request);
}

/// <summary>Knows an activation until it is removed.</summary>
internal interface IActivationOwner
{
    void Remove(Activation activation);
}

/// <summary>The one target per grain id. An entry costs nothing until its first request starts the activation.</summary>
internal sealed class ActivationDirectory(ActorRuntime runtime) : IActivationOwner
{
    private readonly ConcurrentDictionary<GrainId, ICallTarget> _targets = new();

    public ICallTarget GetOrAdd(GrainId grainId, GrainClass grainClass) =>
        _targets.TryGetValue(grainId, out var target)
            ? target
            : _targets.GetOrAdd(grainId, static (id, arguments) => arguments.Directory.Create(id, arguments.Class), (Directory: this, Class: grainClass));

    public void Remove(Activation activation) => Remove(activation.GrainId, activation);

    public void Remove(GrainId grainId, ICallTarget target) => _targets.TryRemove(KeyValuePair.Create(grainId, target));

    public IEnumerable<Activation> All() => _targets.Values.SelectMany(
        target => target is WorkerPool pool ? pool.Workers() : [(Activation)target]);

    private ICallTarget Create(GrainId grainId, GrainClass grainClass) => grainClass.MaxWorkers > 0
        ? new WorkerPool(runtime, grainClass, grainId)
        : new Activation(runtime, grainClass, grainId, this);
}
