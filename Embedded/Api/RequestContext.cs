using System.Collections.Immutable;

namespace Orleans.Runtime;

public static class RequestContext
{
    private static readonly AsyncLocal<ImmutableDictionary<string, object>?> Local = new();

    internal static ImmutableDictionary<string, object>? Current
    {
        get => Local.Value;
        set => Local.Value = value;
    }

    public static object? Get(string key) => Local.Value?.GetValueOrDefault(key);

    public static void Set(string key, object value) =>
        Local.Value = (Local.Value ?? ImmutableDictionary<string, object>.Empty).SetItem(key, value);

    public static void Clear()
    {
        if (Local.Value is not null)
        {
            Local.Value = null;
        }
    }
}
