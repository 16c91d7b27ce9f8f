using System.Globalization;

namespace Actors.Http;

/// <summary>Reads query parameters by name and type. Faults are collected, not thrown; a faulty parameter reads as absent.</summary>
internal sealed class QueryReader(IQueryCollection query, Faults faults) : IFieldFaults
{
    private const int MaxParsedLength = 1_024;

    // Far fewer than hashing them would pay for.
    private readonly List<string> _known = new(16);

    public string? Text(string name, int maxLength, bool required = false)
    {
        _known.Add(name);
        var values = query[name];
        if (values.Count > 1)
        {
            Fault(name, "must be given once");
            return null;
        }

        var text = values.Count == 0 ? null : values[0];
        if (string.IsNullOrEmpty(text))
        {
            if (required)
            {
                Fault(name, "is required");
            }

            return null;
        }

        if (text.Length > maxLength || text.Contains('\0') || text.Contains('\uFFFD'))
        {
            Fault(name, $"must be valid text of at most {maxLength} characters");
            return null;
        }

        return text;
    }

    public int? Integer(string name, int min, int max)
    {
        if (Text(name, MaxParsedLength) is not { } text)
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : Faulty<int>(name, $"must be a whole number of {min} to {max}");
    }

    public double? Number(string name, double min, double max)
    {
        if (Text(name, MaxParsedLength) is not { } text)
        {
            return null;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : Faulty<double>(name, $"must be a number of {min} to {max}");
    }

    public bool? Flag(string name) => Text(name, MaxParsedLength) switch
    {
        null => null,
        "true" => true,
        "false" => false,
        _ => Faulty<bool>(name, "must be true or false"),
    };

    // A '+' of an offset that was not percent-encoded arrives as a blank.
    public DateTimeOffset? Time(string name) => Text(name, MaxParsedLength) is { } text
        ? Timestamps.Parse(text.Length > 19 ? text[..19] + text[19..].Replace(' ', '+') : text) ?? Faulty<DateTimeOffset>(name, Timestamps.Expected)
        : null;

    public Guid? Id(string name) => Text(name, MaxParsedLength) is { } text
        ? Guid.TryParseExact(text, "D", out var id) ? id : Faulty<Guid>(name, "must be a UUID")
        : null;

    public T? Choice<T>(string name, Func<string, T?> find, IReadOnlyList<string> names)
        where T : struct => Text(name, MaxParsedLength) is { } text
            ? find(text) ?? Faulty<T>(name, $"must be one of {string.Join(", ", names)}")
            : null;

    /// <summary>All parameters whose name starts with a prefix, as (rest of the name, value).</summary>
    public IReadOnlyList<(string Name, string Value)> WithPrefix(string prefix)
    {
        List<(string, string)>? found = null;
        foreach (var (name, _) in query)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal) && Text(name, MaxParsedLength, required: true) is { } value)
            {
                (found ??= []).Add((name[prefix.Length..], value));
            }
        }

        return found ?? (IReadOnlyList<(string, string)>)[];
    }

    public void Fault(string name, string detail) => faults.Add($"query:{name}", detail);

    public void RefuseOthers()
    {
        foreach (var (name, _) in query)
        {
            if (!_known.Contains(name))
            {
                Fault(name, "is not known here");
            }
        }
    }

    private T? Faulty<T>(string name, string expected)
        where T : struct
    {
        Fault(name, expected);
        return null;
    }
}
