using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Configuration;
using Orleans.Core;

namespace Actors.Embedded;

/// <summary>What the host knows about a grain class, and how it makes an instance.</summary>
internal sealed class GrainClass
{
    private readonly ObjectFactory _construct;
    private readonly Func<Activation, IStorage>[] _states;

    public GrainClass(Type type, EmbeddedActorOptions options)
    {
        Type = type;
        GrainType = GrainType.Create(type.GetCustomAttribute<GrainTypeAttribute>()?.Value ?? DefaultGrainType(type));
        IsReentrant = type.IsDefined(typeof(ReentrantAttribute));
        MaxWorkers = type.GetCustomAttribute<StatelessWorkerAttribute>()?.MaxLocalWorkers ?? 0;
        CollectionAgeMs = (long)(type.GetCustomAttribute<CollectionAgeLimitAttribute>()?.AgeLimit ?? options.CollectionAge).TotalMilliseconds;
        var states = type.GetConstructors().SelectMany(constructor => constructor.GetParameters())
            .Where(parameter => parameter.IsDefined(typeof(PersistentStateAttribute))).ToList();
        _states = [.. states.Select(PersistentStates.Factory)];
        _construct = ActivatorUtilities.CreateFactory(type, [.. states.Select(parameter => parameter.ParameterType)]);
    }

    public Type Type { get; }

    public string Name => Type.Name;

    public GrainType GrainType { get; }

    public bool IsReentrant { get; }

    /// <summary>How many activations one key of a stateless worker may have; 0 for an ordinary grain.</summary>
    public int MaxWorkers { get; }

    public long CollectionAgeMs { get; }

    public IReadOnlyList<IStorage> CreateStates(Activation activation) =>
        _states.Length == 0 ? [] : [.. _states.Select(create => create(activation))];

    public object Construct(IServiceProvider services, IReadOnlyList<IStorage> states) => _construct(services, [.. states]);

    private static string DefaultGrainType(Type type)
    {
        const string Suffix = "grain";
        var name = type.Name.ToLowerInvariant();
        return name.EndsWith(Suffix, StringComparison.Ordinal) && name.Length > Suffix.Length ? name[..^Suffix.Length] : name;
    }
}
