using System.Globalization;
using System.Text;

namespace Actors.Sessions.Recall;

/// <summary>A text that two recall requests share only when every parameter is the same.</summary>
internal static class RecallKey
{
    public static string Of(RecallRequest request)
    {
        var key = new StringBuilder(request.Query.Length + 32);
        Add(key, request.Query);
        Add(key, request.K.ToString(CultureInfo.InvariantCulture));
        Add(key, string.Join(',', request.Scopes.Distinct().Order().Select(MemoryNames.Of)));
        Add(key, request.Kind is { } kind ? MemoryNames.Of(kind) : null);
        Add(key, TicksOf(request.AsOf));
        Add(key, TicksOf(request.KnownAt));
        Add(key, request.ConversationId);
        Add(key, request.Speaker);
        Add(key, TicksOf(request.From));
        Add(key, TicksOf(request.To));
        foreach (var filter in request.Metadata.OrderBy(f => f.Name, StringComparer.Ordinal).ThenBy(f => f.Value, StringComparer.Ordinal))
        {
            Add(key, filter.Name);
            Add(key, filter.Value);
        }

        return key.ToString();
    }

    // The length in front keeps neighbours apart whatever they hold; "-" tells nothing from an empty text.
    private static void Add(StringBuilder key, string? part)
    {
        if (part is null)
        {
            key.Append('-').Append(';');
        }
        else
        {
            key.Append(part.Length).Append(':').Append(part).Append(';');
        }
    }

    private static string? TicksOf(DateTimeOffset? time) => time?.UtcTicks.ToString(CultureInfo.InvariantCulture);
}
