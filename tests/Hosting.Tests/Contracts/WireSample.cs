using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;

namespace Actors.Hosting.Tests.Contracts;

/// <summary>Makes values of wire types, and says all there is to say of one: what was sent and what arrived must read the same.</summary>
/// <param name="isSparse">Whether everything that may be missing is: nulls, and collections without members.</param>
internal sealed class WireSample(bool isSparse)
{
    private static readonly DateTimeOffset Start = new(2031, 3, 9, 8, 0, 0, TimeSpan.FromHours(1));

    // No two members have the same value, so that none can take another's place unnoticed.
    private int _last;

    /// <summary>A value of the type; of an enumeration the one of that number, modulo their count.</summary>
    public object Make(Type type)
    {
        var number = ++_last;
        return type switch
        {
            _ when type == typeof(string) => $"text {number} with ü and 字",
            _ when type == typeof(bool) => true,
            _ when type == typeof(Guid) => new Guid(number, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
            _ when type == typeof(DateTimeOffset) => Start.AddMicroseconds(number),
            _ when type == typeof(TimeSpan) => TimeSpan.FromTicks(number),
            _ when type == typeof(DateOnly) => DateOnly.FromDayNumber(number),
            _ when type.IsEnum => Enum.GetValues(type).GetValue(number % Enum.GetValues(type).Length)!,
            _ when type.IsPrimitive || type == typeof(decimal) => Convert.ChangeType(number, type, CultureInfo.InvariantCulture),
            _ when IsArray(type) => MakeArray(type.GetGenericArguments()[0]),
            _ => MakeOwn(type),
        };
    }

    /// <summary>The value with all its members, in words.</summary>
    public static string Describe(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
        _ when IsArray(value.GetType()) => DescribeArray(value),
        _ when IsOwn(value.GetType()) => $"{value.GetType().Name}({string.Join(", ", MembersOf(value))})",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static bool IsArray(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>);

    private static bool IsOwn(Type type) => type is { IsEnum: false } && type.Assembly.GetName().Name!.StartsWith("Actors.", StringComparison.Ordinal);

    private static string DescribeArray(object value) =>
        (bool)value.GetType().GetProperty(nameof(ImmutableArray<int>.IsDefault))!.GetValue(value)!
            ? "default"
            : $"[{string.Join(", ", ((IEnumerable)value).Cast<object>().Select(Describe))}]";

    private static IEnumerable<string> MembersOf(object value) =>
        from property in value.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public)
        where property.IsDefined(typeof(IdAttribute)) || (value is Exception && property.Name is nameof(Exception.Message) or nameof(Exception.InnerException))
        orderby property.Name
        select $"{property.Name}: {(property.GetValue(value) is Exception inner && !IsOwn(inner.GetType()) ? inner.Message : Describe(property.GetValue(value)))}";

    private object MakeArray(Type of)
    {
        var items = Array.CreateInstance(of, isSparse ? 0 : 2);
        for (var i = 0; i < items.Length; i++)
        {
            items.SetValue(Make(of), i);
        }

        return typeof(ImmutableArray).GetMethods().Single(method =>
                method.Name == nameof(ImmutableArray.Create) && method.GetParameters() is [{ ParameterType.IsSZArray: true }] && method.GetParameters()[0].IsDefined(typeof(ParamArrayAttribute)))
            .MakeGenericMethod(of).Invoke(null, [items])!;
    }

    private object MakeOwn(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Make(underlying);
        }

        var constructor = type.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)
            ?? throw new InvalidOperationException($"{type} has no public constructor.");
        var nullability = new NullabilityInfoContext();
        return constructor.Invoke(
        [
            .. constructor.GetParameters().Select(parameter =>
                parameter.ParameterType == typeof(Exception) ? (isSparse ? null : new InvalidOperationException("the cause"))
                : isSparse && nullability.Create(parameter).WriteState == NullabilityState.Nullable ? null
                : Make(parameter.ParameterType)),
        ]);
    }
}
