using System.Reflection;

namespace Actors.Hosting.Tests.Contracts;

/// <summary>By what silos of different versions understand each other: aliases, member numbers, types of grains. One line each.</summary>
internal static class WireNames
{
    public static string[] Of(Assembly contract, Assembly grains) =>
    [
        .. GrainContract.InterfacesOf(contract).SelectMany(OfInterface)
            .Concat(GrainContract.WireTypesOf(contract).SelectMany(OfType))
            .Concat(grains.GetTypes().Where(type => typeof(Grain).IsAssignableFrom(type) && !type.IsAbstract).Select(OfGrain))
            .Order(StringComparer.Ordinal),
    ];

    private static IEnumerable<string> OfInterface(Type type) =>
        from method in GrainContract.MethodsOf(type)
        let parameters = string.Join(", ", method.GetParameters().Select(parameter => NameOf(parameter.ParameterType)))
        select $"{AliasOf(type)}.{AliasOf(method)}({parameters}): {NameOf(GrainContract.ResultOf(method)!)}";

    // A type without members, as an exception may be, still has its name.
    private static IEnumerable<string> OfType(Type type) =>
        type.IsEnum
            ? Enum.GetNames(type).Select(name => $"enum {AliasOf(type)} {Convert.ToInt32(Enum.Parse(type, name), null)}: {name}")
            : type.GetMembers(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                .Where(member => member.IsDefined(typeof(IdAttribute)))
                .Select(member => $"type {AliasOf(type)} {member.GetCustomAttribute<IdAttribute>()!.Id}: {NameOf(((PropertyInfo)member).PropertyType)}")
                .Prepend($"type {AliasOf(type)}");

    private static string OfGrain(Type type) => $"grain {type.GetCustomAttributesData().Single(data => data.AttributeType == typeof(GrainTypeAttribute)).ConstructorArguments[0].Value}";

    private static string AliasOf(MemberInfo member) => member.GetCustomAttribute<AliasAttribute>(inherit: false)!.Alias;

    private static string NameOf(Type type) =>
        type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
        : type.IsDefined(typeof(AliasAttribute), inherit: false) ? AliasOf(type)
        : type.Name;
}
