using System.Diagnostics.CodeAnalysis;

namespace Actors.Storage;

/// <summary>
/// Gives texts that repeat from row to row, such as the name of a conversation, one object each. Not thread safe.
/// </summary>
internal sealed class SharedTexts
{
    // Repeats are near each other: who has more starts anew, and what is kept beside the rows stays small.
    private const int MaxTexts = 1_024;

    // Longer ones hardly repeat.
    private const int MaxLength = 128;

    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);

    /// <summary>A text equal to this one, the same object for the same text wherever that is possible.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public string? Of(string? text)
    {
        if (text is null || text.Length > MaxLength)
        {
            return text;
        }

        if (_texts.TryGetValue(text, out var known))
        {
            return known;
        }

        if (_texts.Count == MaxTexts)
        {
            _texts.Clear();
        }

        _texts.Add(text);
        return text;
    }
}
