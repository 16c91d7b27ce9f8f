using System.Collections.Frozen;
using Microsoft.Extensions.Logging;

namespace Actors.Embedded;

/// <summary>The grain classes and interfaces of this host, checked when it starts.</summary>
internal sealed class GrainCatalogue
{
    private readonly FrozenDictionary<Type, GrainClass> _classByInterface;
    private readonly FrozenDictionary<GrainType, GrainClass> _classByGrainType;
    private readonly FrozenDictionary<Type, GrainInterface> _interfaces;

    private GrainCatalogue(
        List<GrainClass> classes, Dictionary<Type, GrainClass> classByInterface, EmbeddedActorOptions options, ILogger log)
    {
        Classes = classes;
        _classByInterface = classByInterface.ToFrozenDictionary();
        _classByGrainType = classes.ToFrozenDictionary(grainClass => grainClass.GrainType);
        _interfaces = classByInterface.Keys.Append(typeof(IRemindable))
            .ToFrozenDictionary(type => type, type => new GrainInterface(type, options, log));
    }

    public IReadOnlyList<GrainClass> Classes { get; }

    /// <exception cref="InvalidOperationException">A grain is declared wrongly; the message lists every fault.</exception>
    public static GrainCatalogue Build(IEnumerable<Type> types, EmbeddedActorOptions options, ILogger log)
    {
        var faults = new List<string>();
        var classByInterface = new Dictionary<Type, GrainClass>();
        var classes = types
            .Where(type => type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false } && typeof(Grain).IsAssignableFrom(type))
            .Select(type => new GrainClass(type, options))
            .ToList();
        foreach (var grainClass in classes)
        {
            faults.AddRange(GrainInterface.MisplacedAttributes(grainClass.Type));
            foreach (var implemented in GrainInterface.ImplementedBy(grainClass.Type))
            {
                if (!classByInterface.TryAdd(implemented, grainClass))
                {
                    faults.Add($"{implemented.Name} is implemented by both {classByInterface[implemented].Name} and {grainClass.Name}; it must be by exactly one class.");
                }
            }
        }

        faults.AddRange(classes.GroupBy(grainClass => grainClass.GrainType).Where(group => group.Count() > 1).Select(group =>
            $"{string.Join(" and ", group.Select(grainClass => grainClass.Name))} have the same grain type {group.Key}."));
        faults.AddRange(classByInterface.Keys.SelectMany(GrainInterface.Faults));
        return faults.Count == 0
            ? new GrainCatalogue(classes, classByInterface, options, log)
            : throw new InvalidOperationException("The grains are declared wrongly:\n" + string.Join('\n', faults.Distinct()));
    }

    public GrainClass ClassFor(Type interfaceType) => _classByInterface.TryGetValue(interfaceType, out var grainClass)
        ? grainClass
        : throw new ArgumentException($"No hosted grain class implements {interfaceType.Name}.", nameof(interfaceType));

    public GrainClass ClassOf(GrainType grainType) => _classByGrainType.TryGetValue(grainType, out var grainClass)
        ? grainClass
        : throw new ArgumentException($"No hosted grain class has the grain type {grainType}.", nameof(grainType));

    public GrainInterface InterfaceOf(Type interfaceType) => _interfaces[interfaceType];
}
