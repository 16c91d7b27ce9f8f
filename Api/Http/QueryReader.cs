using System.Globalization;

namespace Actors.Http;

/// <summary>Reads query parameters by name and type. Faults are collected, not thrown; a faulty parameter reads as absent.</summary>
internal sealed class QueryReader(IQueryCollection query, Faults faults)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

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

    public int? Integer(string name, int min, int max) => Parsed(
        name,
        text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) && n >= min && n <= max ? n : (int?)null,
        $"must be a whole number of {min} to {max}");

    public double? Number(string name, double min, double max) => Parsed(
        name,
        text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) && n >= min && n <= max ? n : (double?)null,
        $"must be a number of {min} to {max}");

    public bool? Flag(string name) => Parsed(
        name, text => text switch { "true" => true, "false" => false, _ => (bool?)null }, "must be true or false");

    // A '+' of an offset that was not percent-encoded arrives as a blank.
    public DateTimeOffset? Time(string name) =>
        Parsed(name, text => Timestamps.Parse(text.Length > 19 ? text[..19] + text[19..].Replace(' ', '+') : text), Timestamps.Expected);

    public T? Choice<T>(string name, Func<string, T?> find, IReadOnlyList<string> names)
        where T : struct => Parsed(name, find, $"must be one of {string.Join(", ", names)}");

    /// <summary>All parameters whose name starts with a prefix, as (rest of the name, value).</summary>
    public IEnumerable<(string Name, string Value)> WithPrefix(string prefix)
    {
        foreach (var (name, _) in query.Where(p => p.Key.StartsWith(prefix, StringComparison.Ordinal)))
        {
            if (Text(name, 1_024, required: true) is { } value)
            {
                yield return (name[prefix.Length..], value);
            }
        }
    }

    public void Fault(string name, string detail) => faults.Add($"query:{name}", detail);

    public void RefuseOthers()
    {
        foreach (var name in query.Keys.Where(name => !_known.Contains(name)))
        {
            Fault(name, "is not known here");
        }
    }

    private T? Parsed<T>(string name, Func<string, T?> parse, string expected)
        where T : struct
    {
        if (Text(name, 1_024) is not { } text)
        {
            return null;
        }

        if (parse(text) is { } value)
        {
            return value;
        }

        Fault(name, expected);
        return null;
    }
}
