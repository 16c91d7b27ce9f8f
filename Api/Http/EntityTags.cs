using System.Globalization;
using Actors.Storage;
using Microsoft.Net.Http.Headers;

namespace Actors.Http;

/// <summary>Versions of rows as HTTP names them: a strong entity tag of the time of the last change, in microseconds since 1970.</summary>
internal static class EntityTags
{
    public const string IfMatchHeader = "If-Match";

    public const string Expected = "must be *, or entity tags in quotes with commas between";

    /// <summary>The tag of a version.</summary>
    public static string Of(DateTimeOffset version) => $"\"{MicrosecondsOf(version)}\"";

    /// <summary>The versions a request is meant for; null: any.</summary>
    /// <exception cref="InvalidRequestException">The header is no list of tags.</exception>
    public static ExpectedVersions? IfMatch(HttpRequest request)
    {
        var values = request.Headers.IfMatch;
        if (values.Count == 0)
        {
            return null;
        }

        if (!EntityTagHeaderValue.TryParseStrictList(values, out var tags) || tags.Count == 0 || (tags.Count > 1 && tags.Contains(EntityTagHeaderValue.Any)))
        {
            throw new InvalidRequestException("header:" + IfMatchHeader, Expected);
        }

        // Tags that are weak, or not of this service, match nothing.
        return tags[0].Equals(EntityTagHeaderValue.Any) ? null : new ExpectedVersions([.. tags.Select(VersionOf).OfType<DateTimeOffset>()]);
    }

    private static DateTimeOffset? VersionOf(EntityTagHeaderValue tag) =>
        !tag.IsWeak
        && long.TryParse(tag.Tag.AsSpan()[1..^1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var microseconds)
        && microseconds >= MicrosecondsOf(DateTimeOffset.MinValue) && microseconds <= MicrosecondsOf(DateTimeOffset.MaxValue)
            ? DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond)
            : null;

    private static long MicrosecondsOf(DateTimeOffset version) => (version - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
