using System.Collections.Immutable;
using System.Text.Json;

namespace Actors.Http;

/// <summary>
/// Reads the members of one JSON object by name and type. Faults are collected, not thrown; a member with a fault reads
/// as absent. <see cref="RefuseOthers"/> names members nobody asked for: a misspelt one must not be lost in silence.
/// </summary>
internal sealed class JsonObjectReader(JsonElement element, string pointer, Faults faults) : IFieldFaults
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <returns>A reader, or null (with a fault) when the element is no object.</returns>
    public static JsonObjectReader? For(JsonElement element, string pointer, Faults faults)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            return new JsonObjectReader(element, pointer, faults);
        }

        faults.Add(pointer, "must be an object");
        return null;
    }

    /// <summary>A reader of the body itself.</summary>
    /// <exception cref="InvalidRequestException">It is no object.</exception>
    public static JsonObjectReader OfBody(JsonElement element, Faults faults)
    {
        var body = For(element, "", faults);
        faults.ThrowIfAny();
        return body!;
    }

    public string? Text(string name, int maxLength, bool required = false)
    {
        if (Find(name, required) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            Fault(name, "must be a string");
            return null;
        }

        var text = value.GetString()!;
        if (text.Length > maxLength)
        {
            Fault(name, $"must have at most {maxLength} characters");
        }
        else if (required && string.IsNullOrWhiteSpace(text))
        {
            Fault(name, "must not be empty");
        }
        else
        {
            // An empty optional text says nothing, as in a query string.
            return text.Length == 0 ? null : text;
        }

        return null;
    }

    /// <summary>A string, or a whole number, which reads as its digits: ids are often written either way.</summary>
    public string? TextOrNumber(string name, int maxLength, bool required = false)
    {
        if (element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            && value.GetRawText() is var digits && digits.Length <= maxLength && digits.All(char.IsAsciiDigit))
        {
            _known.Add(name);
            return digits;
        }

        return Text(name, maxLength, required);
    }

    public double? Number(string name, double min, double max)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= min && number <= max)
        {
            return number;
        }

        Fault(name, $"must be a number of {min} to {max}");
        return null;
    }

    public int? Integer(string name, int min, int max)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= min && number <= max)
        {
            return number;
        }

        Fault(name, $"must be a whole number of {min} to {max}");
        return null;
    }

    public DateTimeOffset? Time(string name) => Parsed(name, Timestamps.Parse, Timestamps.Expected);

    public Guid? Id(string name) => Parsed(name, text => Guid.TryParseExact(text, "D", out var id) ? id : (Guid?)null, "must be a UUID");

    /// <summary>One of a set of names.</summary>
    public T? Choice<T>(string name, Func<string, T?> find, IReadOnlyList<string> names)
        where T : struct => Parsed(name, find, $"must be one of {string.Join(", ", names)}");

    public bool? Flag(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        Fault(name, "must be true or false");
        return null;
    }

    /// <summary>An array of ids; null when absent, or with a fault.</summary>
    /// <param name="name">The member.</param>
    /// <param name="max">Most ids.</param>
    /// <param name="isSet">Whether each may be there once only.</param>
    public ImmutableArray<Guid>? Ids(string name, int max, bool isSet = false) => Items(
        name, max, isSet, item => item.ValueKind == JsonValueKind.String && Guid.TryParseExact(item.GetString(), "D", out var id) ? (true, id) : default, "must be a UUID");

    /// <summary>An array of texts that are more than white space, each there once; null when absent, or with a fault.</summary>
    public ImmutableArray<string>? Texts(string name, int max, int maxLength) => Items(
        name, max, isSet: true,
        item => item.ValueKind == JsonValueKind.String && item.GetString() is var text && !string.IsNullOrWhiteSpace(text) && text.Length <= maxLength ? (true, text) : default,
        $"must be a string of 1 to {maxLength} characters");

    /// <summary>What to set a member to, be it nothing; null when it is absent.</summary>
    public Given<T>? Given<T>(string name, Func<string, T?> read) => Has(name) ? new(read(name)) : null;

    /// <summary>Whether a member is there, be it JSON null.</summary>
    public bool Has(string name) => element.TryGetProperty(name, out _);

    /// <summary>A member of any type; null when absent or JSON null.</summary>
    public JsonElement? Any(string name) => Find(name);

    /// <summary>An object as JSON text.</summary>
    public string? ObjectText(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            return value.GetRawText();
        }

        Fault(name, "must be an object");
        return null;
    }

    public void Fault(string name, string detail) => faults.Add($"{pointer}/{Escape(name)}", detail);

    /// <summary>A fault of one item of an array.</summary>
    public void FaultAt(string name, int index, string detail) => faults.Add($"{pointer}/{Escape(name)}/{index}", detail);

    public void RefuseOthers()
    {
        foreach (var member in element.EnumerateObject())
        {
            if (!_known.Contains(member.Name))
            {
                Fault(member.Name, "is not known here");
            }
        }
    }

    private ImmutableArray<T>? Items<T>(string name, int max, bool isSet, Func<JsonElement, (bool IsRight, T Value)> read, string expected)
    {
        if (Find(name) is not { } list)
        {
            return null;
        }

        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > max)
        {
            Fault(name, $"must be an array of at most {max} items");
            return null;
        }

        var items = ImmutableArray.CreateBuilder<T>();
        foreach (var (index, element) in list.EnumerateArray().Index())
        {
            var (isRight, item) = read(element);
            if (!isRight || (isSet && items.Contains(item)))
            {
                FaultAt(name, index, isRight ? "is there twice" : expected);
                continue;
            }

            items.Add(item);
        }

        return items.ToImmutable();
    }

    private T? Parsed<T>(string name, Func<string, T?> parse, string expected)
        where T : struct
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String && parse(value.GetString()!) is { } parsed)
        {
            return parsed;
        }

        Fault(name, expected);
        return null;
    }

    private JsonElement? Find(string name, bool required = false)
    {
        _known.Add(name);
        if (element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null)
        {
            return value;
        }

        if (required)
        {
            Fault(name, "is required");
        }

        return null;
    }

    // RFC 6901.
    private static string Escape(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
