using System.Text;

namespace Actors.Caching;

/// <summary>How the keys of one client are told from all others.</summary>
internal static class CacheKeys
{
    /// <summary>Names and lengths of the parts of keys, as the kinds of entries have them; <see cref="CacheKind{T}"/> is checked against it.</summary>
    public static readonly (string Name, int PartLength)[] Kinds = [("recall", 32), ("event", 36)];

    /// <summary>
    /// Glob patterns, as SCAN takes them, of all keys of a client. The last part is as long as it always is: so <c>a</c> does not match
    /// the keys of <c>a:b</c>.
    /// </summary>
    public static IEnumerable<string> PatternsOf(string clientId) =>
        Kinds.Select(kind => $"{kind.Name}:{Escape(clientId)}:{new string('?', kind.PartLength)}");

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c is '*' or '?' or '[' or ']' or '\\' or '^')
            {
                escaped.Append('\\');
            }

            escaped.Append(c);
        }

        return escaped.ToString();
    }
}
