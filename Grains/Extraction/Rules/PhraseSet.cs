using System.Collections.Frozen;

namespace Actors.Extraction.Rules;

/// <summary>Words in a row, several such.</summary>
internal sealed class PhraseSet
{
    private readonly FrozenDictionary<string, string[][]> _byFirst;

    /// <param name="phrases">One a line, or parted by <c>|</c>.</param>
    public PhraseSet(string phrases) => _byFirst = phrases
        .Split(['|', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(phrase => phrase.Split(' '))
        .GroupBy(words => words[0])
        .ToFrozenDictionary(group => group.Key, group => group.ToArray());

    /// <summary>Whether one of them stands wholly between two places.</summary>
    public bool IsIn(IReadOnlyList<SentenceWord> words, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            if (LengthAt(words, i, to) > 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>How many words of the longest that begins here; 0: none does.</summary>
    public int LengthAt(IReadOnlyList<SentenceWord> words, int at, int to)
    {
        var longest = 0;
        foreach (var phrase in at < to && _byFirst.TryGetValue(words[at].Text, out var phrases) ? phrases : [])
        {
            var length = 1;
            while (length < phrase.Length && at + length < to && words[at + length].Text == phrase[length])
            {
                length++;
            }

            longest = length == phrase.Length ? Math.Max(longest, length) : longest;
        }

        return longest;
    }
}
