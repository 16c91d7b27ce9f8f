using System.Collections.Concurrent;

namespace Actors.Embedded;

/// <summary>Makes references to grains.</summary>
internal sealed class GrainReferences(ActorRuntime runtime)
{
    private readonly ConcurrentDictionary<Type, GrainProxy> _prototypes = new();

    public object Create(Type interfaceType, GrainId grainId)
    {
        var grainClass = runtime.Catalogue.ClassOf(grainId.Type);
        return interfaceType.IsAssignableFrom(grainClass.Type)
            ? Create(interfaceType, grainId, grainClass)
            : throw new ArgumentException($"{grainClass.Name} does not implement {interfaceType.Name}.", nameof(interfaceType));
    }

    public GrainProxy Create(Type interfaceType, GrainId grainId, GrainClass grainClass)
    {
        if (!_prototypes.TryGetValue(interfaceType, out var prototype))
        {
            prototype = _prototypes.GetOrAdd(
                interfaceType, type => GrainProxy.CreatePrototype(runtime.Catalogue.InterfaceOf(type), runtime));
        }

        return prototype.For(grainId, grainClass);
    }
}

internal sealed class EmbeddedGrainFactory(ActorRuntime runtime) : IClusterClient
{
    public IServiceProvider ServiceProvider => runtime.Services;

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey
    {
        ArgumentNullException.ThrowIfNull(primaryKey);
        var grainClass = runtime.Catalogue.ClassFor(typeof(TGrainInterface));
        if (grainClassNamePrefix is not null && !grainClass.Type.FullName!.StartsWith(grainClassNamePrefix, StringComparison.Ordinal))
        {
            throw new ArgumentException($"No grain class of {typeof(TGrainInterface).Name} has a name that starts with {grainClassNamePrefix}.", nameof(grainClassNamePrefix));
        }

        return (TGrainInterface)(object)runtime.References.Create(
            typeof(TGrainInterface), GrainId.Create(grainClass.GrainType, primaryKey), grainClass);
    }
}
