using System.Globalization;
using System.Runtime.CompilerServices;

namespace Actors.Sessions.Recall;

/// <summary>A text that two recall requests share only when every parameter of the question is the same.</summary>
internal static class RecallKey
{
    // Longer than nearly all keys; those that are not are built in a pooled array.
    private const int UsualLength = 512;

    public static string Of(RecallRequest request)
    {
        var key = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, stackalloc char[UsualLength]);
        Add(ref key, request.Query);
        Add(ref key, request.K);
        Add(ref key, ScopesOf(request));
        Add(ref key, (int?)request.Kind);
        Add(ref key, request.AsOf?.UtcTicks);
        Add(ref key, request.KnownAt?.UtcTicks);
        Add(ref key, request.ConversationId);
        Add(ref key, request.Speaker);
        Add(ref key, request.From?.UtcTicks);
        Add(ref key, request.To?.UtcTicks);
        if (!request.Metadata.IsEmpty)
        {
            foreach (var filter in request.Metadata.OrderBy(f => f.Name, StringComparer.Ordinal).ThenBy(f => f.Value, StringComparer.Ordinal))
            {
                Add(ref key, filter.Name);
                Add(ref key, filter.Value);
            }
        }

        return key.ToStringAndClear();
    }

    // The length in front keeps neighbours apart whatever they hold; "-" tells nothing from an empty text.
    private static void Add(ref DefaultInterpolatedStringHandler key, string? part)
    {
        if (part is not null)
        {
            key.AppendFormatted(part.Length);
            key.AppendLiteral(":");
            key.AppendLiteral(part);
        }

        key.AppendLiteral(part is null ? "-;" : ";");
    }

    private static void Add(ref DefaultInterpolatedStringHandler key, long? part)
    {
        if (part is { } number)
        {
            key.AppendFormatted(number);
        }

        key.AppendLiteral(part is null ? "-;" : ";");
    }

    // A set: neither order nor repetition counts.
    private static long ScopesOf(RecallRequest request)
    {
        var scopes = 0L;
        foreach (var scope in request.Scopes)
        {
            scopes |= 1L << (int)scope;
        }

        return scopes;
    }
}
