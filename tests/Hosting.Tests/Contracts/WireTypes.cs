using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Actors.Hosting.Tests.Contracts;

/// <summary>Follows everything that can be reached from the types added, and judges each once.</summary>
internal sealed class WireTypes
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    // Immutable, and known to cross between silos.
    private static readonly HashSet<Type> Leaves =
    [
        typeof(void), typeof(string), typeof(decimal), typeof(Guid), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly),
        typeof(TimeOnly), typeof(TimeSpan), typeof(Uri), typeof(CancellationToken),
    ];

    private static readonly HashSet<Type> Collections =
    [
        typeof(Nullable<>), typeof(ImmutableArray<>), typeof(ImmutableList<>), typeof(ImmutableDictionary<,>), typeof(ImmutableHashSet<>),
        typeof(FrozenDictionary<,>), typeof(FrozenSet<>), typeof(ReadOnlyMemory<>),
    ];

    private readonly HashSet<Type> _visited = [];
    private readonly List<string> _faults = [];

    /// <summary>The types of our own among those visited.</summary>
    public IEnumerable<Type> Visited => _visited.Where(IsOurs);

    public IReadOnlyList<string> Faults => _faults;

    /// <summary>A null type is the result of a method that returns no task, which is a fault of the method.</summary>
    public void Add(Type? type, string place)
    {
        if (type is null || type.IsPrimitive || type.IsGenericParameter || Leaves.Contains(type) || !_visited.Add(type))
        {
            return;
        }

        if (typeof(IGrain).IsAssignableFrom(type) && type.IsInterface)
        {
            return;
        }

        if (type.IsGenericType && Collections.Contains(type.GetGenericTypeDefinition()))
        {
            AddArguments(type, place);
        }
        else if (!IsOurs(type))
        {
            _faults.Add($"{Name(type)} is {place}; it is mutable, or does not cross.");
        }
        else
        {
            AddOwn(type, place);
        }
    }

    private static bool IsOurs(Type type) => type.Assembly.GetName().Name!.StartsWith("Actors.", StringComparison.Ordinal);

    private static string Name(Type type) => type.IsGenericType
        ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.Name;

    private static bool IsCompilerMade(MemberInfo member) =>
        member.IsDefined(typeof(CompilerGeneratedAttribute)) || member.Name == "EqualityContract";

    private void AddArguments(Type type, string place)
    {
        foreach (var argument in type.GetGenericArguments())
        {
            Add(argument, $"in {Name(type)}, {place}");
        }
    }

    private void AddOwn(Type type, string place)
    {
        var name = Name(type);
        if (!type.IsVisible)
        {
            _faults.Add($"{name} is not public; it is {place}.");
        }

        if (type.GetCustomAttribute<GenerateSerializerAttribute>(inherit: false) is null)
        {
            _faults.Add($"{name} lacks [GenerateSerializer]; it is {place}.");
        }

        if (type.GetCustomAttribute<AliasAttribute>(inherit: false) is null)
        {
            _faults.Add($"{name} lacks [Alias]; it is {place}.");
        }

        if (type.IsGenericType)
        {
            AddArguments(type, place);
        }

        if (type.IsEnum)
        {
            return;
        }

        // Without it a cluster copies what the default build shares.
        if (!typeof(Exception).IsAssignableFrom(type) && type.GetCustomAttribute<ImmutableAttribute>(inherit: false) is null)
        {
            _faults.Add($"{name} lacks [Immutable]; it is {place}.");
        }

        if (type is { IsSealed: false, IsAbstract: false })
        {
            _faults.Add($"{name} is neither sealed nor abstract: an unknown derived type could be sent in its place.");
        }

        if (typeof(Exception).IsAssignableFrom(type.BaseType) is false && type.BaseType is { } parent && IsOurs(parent))
        {
            Add(parent, $"the base of {name}");
        }

        if (type.IsAbstract)
        {
            foreach (var derived in type.Assembly.GetTypes().Where(derived => derived.IsSubclassOf(type)))
            {
                Add(derived, $"derived from {name}");
            }
        }

        AddMembers(type, name);
    }

    private void AddMembers(Type type, string name)
    {
        var ids = new Dictionary<uint, string>();
        foreach (var property in type.GetProperties(Declared).Where(property => !IsCompilerMade(property)))
        {
            if (property.SetMethod is { } setter && !setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)))
            {
                _faults.Add($"{name}.{property.Name} has a setter.");
            }

            if (type.GetField($"<{property.Name}>k__BackingField", Declared) is not null)
            {
                AddMember(property, property.PropertyType, name, ids);
            }
        }

        foreach (var field in type.GetFields(Declared).Where(field => !IsCompilerMade(field)))
        {
            if (!field.IsInitOnly)
            {
                _faults.Add($"{name}.{field.Name} is a field that can be written.");
            }

            AddMember(field, field.FieldType, name, ids);
        }
    }

    private void AddMember(MemberInfo member, Type memberType, string name, Dictionary<uint, string> ids)
    {
        if (member.GetCustomAttribute<IdAttribute>() is not { } id)
        {
            _faults.Add($"{name}.{member.Name} lacks [Id].");
        }
        else if (!ids.TryAdd(id.Id, member.Name))
        {
            _faults.Add($"{name}.{member.Name} has the [Id] {id.Id} of {ids[id.Id]}.");
        }

        Add(memberType, $"the member {member.Name} of {name}");
    }
}
