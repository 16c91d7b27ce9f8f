using System.Globalization;
using System.Text.RegularExpressions;

namespace Actors.Http;

/// <summary>RFC 3339 times as the API reads them.</summary>
internal static partial class Timestamps
{
    public const string Expected = "must be an RFC 3339 time with offset, such as 2026-03-01T09:30:00Z, of the years 1900 to 9998";

    /// <returns>Null when the text is no such time. An offset is required: a local time says nothing to a server.</returns>
    public static DateTimeOffset? Parse(string text) =>
        Shape().IsMatch(text)
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
        && time.UtcDateTime.Year is >= 1900 and <= 9998
            ? time
            : null;

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
