using System.Collections.Frozen;
using System.Reflection;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Actors.Embedded;

/// <summary>A grain interface with its methods bound.</summary>
internal sealed class GrainInterface(Type type, EmbeddedActorOptions options, ILogger log)
{
    public Type Type { get; } = type;

    public FrozenDictionary<MethodInfo, GrainMethod> Methods { get; } =
        MethodsOf(type).ToFrozenDictionary(method => method, method => GrainMethod.Create(method, options, log));

    /// <summary>The grain interfaces a class implements, without the markers and those of the runtime.</summary>
    public static IEnumerable<Type> ImplementedBy(Type type) => type.GetInterfaces().Where(candidate =>
        typeof(IGrain).IsAssignableFrom(candidate) && candidate.Assembly != typeof(IGrain).Assembly);

    /// <summary>What is wrong with the methods of the interface, one sentence each.</summary>
    public static IEnumerable<string> Faults(Type type)
    {
        foreach (var method in MethodsOf(type))
        {
            var name = $"{type.Name}.{method.Name}";
            if (method.IsGenericMethod)
            {
                yield return $"{name} is generic; grain methods are not.";
            }

            if (method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout is { } timeout && timeout <= TimeSpan.Zero)
            {
                yield return $"{name} has a response timeout of {timeout}; it must be positive.";
            }

            if (!ReturnsTask(method.ReturnType))
            {
                yield return $"{name} returns {method.ReturnType.Name}; it must return Task, Task<T>, ValueTask or ValueTask<T>.";
            }

            if (method.GetParameters().Any(parameter => parameter.ParameterType.IsByRef))
            {
                yield return $"{name} has a ref, in or out parameter.";
            }

            if (method.GetParameters().Count(parameter => parameter.ParameterType == typeof(CancellationToken)) > 1)
            {
                yield return $"{name} has more than one CancellationToken.";
            }
        }
    }

    /// <summary>Concurrency attributes count on the interface only; on the class they are ignored, so they are refused.</summary>
    public static IEnumerable<string> MisplacedAttributes(Type grainClass) =>
        from method in grainClass.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        from attribute in new[] { typeof(ReadOnlyAttribute), typeof(AlwaysInterleaveAttribute), typeof(OneWayAttribute), typeof(ResponseTimeoutAttribute) }
        where method.IsDefined(attribute)
        select $"{grainClass.Name}.{method.Name} has [{attribute.Name.Replace("Attribute", "", StringComparison.Ordinal)}]; it belongs on the interface method.";

    private static IEnumerable<MethodInfo> MethodsOf(Type type) =>
        type.GetInterfaces().Append(type).SelectMany(each => each.GetMethods(BindingFlags.Instance | BindingFlags.Public));

    private static bool ReturnsTask(Type type) =>
        type == typeof(Task)
        || type == typeof(ValueTask)
        || (type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(Task<>) || type.GetGenericTypeDefinition() == typeof(ValueTask<>)));
}
