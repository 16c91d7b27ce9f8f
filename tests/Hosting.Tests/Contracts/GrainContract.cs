using System.Reflection;
using Orleans.Concurrency;

namespace Actors.Hosting.Tests.Contracts;

/// <summary>
/// Finds what would behave differently, or fail only at run time, when grain calls cross processes: in the default build
/// nothing is copied and no Orleans analyzer runs. Every fault is a sentence.
/// </summary>
internal static class GrainContract
{
    private static readonly Type[] ConcurrencyAttributes =
        [typeof(ReadOnlyAttribute), typeof(AlwaysInterleaveAttribute), typeof(OneWayAttribute), typeof(ResponseTimeoutAttribute)];

    /// <summary>The grain interfaces an assembly declares.</summary>
    public static IEnumerable<Type> InterfacesOf(Assembly assembly) =>
        assembly.GetTypes().Where(type => type.IsInterface && typeof(IGrain).IsAssignableFrom(type));

    /// <summary>The exceptions an assembly declares: any of them may be thrown to a caller.</summary>
    public static IEnumerable<Type> ExceptionsOf(Assembly assembly) =>
        assembly.GetTypes().Where(type => typeof(Exception).IsAssignableFrom(type));

    /// <summary>Every type of ours that crosses between silos.</summary>
    public static IEnumerable<Type> WireTypesOf(Assembly assembly) => Walk(InterfacesOf(assembly), ExceptionsOf(assembly)).Visited;

    public static IReadOnlyList<string> Faults(IEnumerable<Type> interfaces, IEnumerable<Type> exceptions)
    {
        var all = interfaces.ToList();
        var faults = new List<string>();
        foreach (var each in all)
        {
            faults.AddRange(AliasFaults(each));
            faults.AddRange(MethodsOf(each).SelectMany(MethodFaults));
        }

        var walk = Walk(all, exceptions);
        faults.AddRange(walk.Faults);
        faults.AddRange(RepeatedAliases(all.Concat(walk.Visited)));
        return [.. faults.Distinct()];
    }

    /// <summary>Concurrency attributes on class methods: an error in the cluster build, ignored in the default one.</summary>
    public static IEnumerable<string> ClassFaults(Type grainClass) =>
        from method in grainClass.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        from attribute in ConcurrencyAttributes
        where method.IsDefined(attribute, inherit: false)
        select $"{grainClass.Name}.{method.Name} has {attribute.Name}, which belongs on the interface method.";

    private static WireTypes Walk(IEnumerable<Type> interfaces, IEnumerable<Type> exceptions)
    {
        var walk = new WireTypes();
        foreach (var method in interfaces.SelectMany(MethodsOf))
        {
            walk.Add(ResultOf(method), $"the result of {NameOf(method)}");
            foreach (var parameter in method.GetParameters())
            {
                walk.Add(parameter.ParameterType, $"the argument {parameter.Name} of {NameOf(method)}");
            }
        }

        foreach (var exception in exceptions)
        {
            walk.Add(exception, "a declared exception");
        }

        return walk;
    }

    private static IEnumerable<string> MethodFaults(MethodInfo method)
    {
        if (ResultOf(method) is null)
        {
            yield return $"{NameOf(method)} returns {method.ReturnType.Name} and not Task, Task<T>, ValueTask or ValueTask<T>.";
        }

        if (method.IsGenericMethod)
        {
            yield return $"{NameOf(method)} is generic.";
        }

        if (method.GetCustomAttribute<AliasAttribute>() is null)
        {
            yield return $"{NameOf(method)} lacks [Alias].";
        }

        if (method.GetParameters().Any(parameter => parameter.ParameterType.IsByRef))
        {
            yield return $"{NameOf(method)} has a ref, in or out parameter.";
        }
    }

    private static IEnumerable<string> AliasFaults(Type grainInterface)
    {
        if (!grainInterface.IsPublic && !grainInterface.IsNestedPublic)
        {
            yield return $"{grainInterface.Name} is not public.";
        }

        if (grainInterface.GetCustomAttribute<AliasAttribute>() is null)
        {
            yield return $"{grainInterface.Name} lacks [Alias].";
        }

        foreach (var repeated in MethodsOf(grainInterface).GroupBy(method => method.GetCustomAttribute<AliasAttribute>()?.Alias)
            .Where(group => group.Key is not null && group.Count() > 1))
        {
            yield return $"{grainInterface.Name} has the method alias {repeated.Key} twice.";
        }
    }

    private static IEnumerable<string> RepeatedAliases(IEnumerable<Type> types) =>
        from type in types.Select(type => type.IsGenericType ? type.GetGenericTypeDefinition() : type).Distinct()
        let alias = type.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias
        where alias is not null
        group type.Name by alias into named
        where named.Count() > 1
        select $"{string.Join(" and ", named)} have the same alias {named.Key}.";

    /// <summary>Its methods.</summary>
    public static MethodInfo[] MethodsOf(Type type) => type.GetMethods(BindingFlags.Instance | BindingFlags.Public);

    private static string NameOf(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";

    /// <summary>What the caller gets; void for a plain Task or ValueTask, null for a wrong return type.</summary>
    public static Type? ResultOf(MethodInfo method)
    {
        var type = method.ReturnType;
        if (type == typeof(Task) || type == typeof(ValueTask))
        {
            return typeof(void);
        }

        return type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(Task<>) || type.GetGenericTypeDefinition() == typeof(ValueTask<>))
            ? type.GetGenericArguments()[0]
            : null;
    }
}
