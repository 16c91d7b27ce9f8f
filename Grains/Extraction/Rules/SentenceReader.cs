using System.Collections.Frozen;

namespace Actors.Extraction.Rules;

/// <summary>Cuts a memory into sentences and words, in one pass. Left out are code blocks and lines that quote (<c>&gt;</c>).</summary>
internal static class SentenceReader
{
    private const string Fence = "```";

    private static readonly FrozenSet<string> Abbreviations = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "dr", "mr", "mrs", "ms", "st", "prof", "no", "vs", "etc", "approx", "inc", "ltd", "e.g", "i.e", "a.m", "p.m", "dept", "ca");

    private static readonly FrozenDictionary<string, string> Contractions = new Dictionary<string, string>
    {
        ["im"] = "i am", ["i'm"] = "i am", ["ive"] = "i have", ["dont"] = "do not",
        ["cant"] = "can not", ["cannot"] = "can not", ["can't"] = "can not", ["won't"] = "will not", ["shan't"] = "shall not",
        ["it's"] = "it is", ["that's"] = "that is", ["what's"] = "what is", ["he's"] = "he is", ["she's"] = "she is",
        ["there's"] = "there is", ["name's"] = "name is", ["let's"] = "let us",
    }.ToFrozenDictionary();

    private static readonly (string Ending, string Word)[] Endings =
        [("n't", "not"), ("'re", "are"), ("'ve", "have"), ("'ll", "will"), ("'d", "would")];

    // Faces whose writer does not mean it, as UTF-16.
    private static readonly string[] Faces =
        ["\U0001F644", "\U0001F602", "\U0001F923", "\U0001F60F", "\U0001F609", "\U0001F61C", "\U0001F643"];

    public static IEnumerable<Sentence> Read(string memory)
    {
        var isCode = false;
        for (var lineStart = 0; lineStart < memory.Length;)
        {
            var length = memory.AsSpan(lineStart).IndexOfAny('\n', '\r');
            var lineEnd = length < 0 ? memory.Length : lineStart + length;
            var line = memory.AsSpan(lineStart, lineEnd - lineStart).TrimStart();
            if (line.StartsWith(Fence))
            {
                isCode = !isCode;
            }
            else if (!isCode && !line.StartsWith('>'))
            {
                foreach (var sentence in ReadLine(memory, lineStart, lineEnd))
                {
                    yield return sentence;
                }
            }

            lineStart = lineEnd + 1;
        }
    }

    private static IEnumerable<Sentence> ReadLine(string memory, int at, int lineEnd)
    {
        var (words, isQuoted, isMarked) = (new List<SentenceWord>(), false, false);
        while (at < lineEnd)
        {
            if (char.IsWhiteSpace(memory[at]))
            {
                at++;
                continue;
            }

            var start = at;
            while (at < lineEnd && !char.IsWhiteSpace(memory[at]))
            {
                at++;
            }

            isMarked |= Faces.Any(face => memory.AsSpan(start, at - start).Contains(face, StringComparison.Ordinal));
            var (coreStart, coreEnd) = Core(memory, start, at);
            isQuoted = AddWord(memory, words, (start, coreStart, coreEnd, at), isQuoted);
            if (words.Count > 0 && IsEnd(memory, coreStart, coreEnd, at, lineEnd))
            {
                yield return new Sentence(memory, words, memory.AsSpan(coreEnd, at - coreEnd).Contains('?'), isMarked);
                (words, isMarked) = ([], false);
            }
        }

        if (words.Count > 0)
        {
            yield return new Sentence(memory, words, IsQuestion: false, isMarked);
        }
    }

    // A word's own characters; its ends are the token's end when it has none.
    private static (int Start, int End) Core(string memory, int start, int end)
    {
        var (from, to) = (start, end);
        while (from < to && !IsOf(memory[from], '+') && !BelongsToNext(memory, start, from, end))
        {
            from++;
        }

        while (to > from && !IsOf(memory[to - 1], '%') && !BelongsToWord(memory, from, to))
        {
            to--;
        }

        // "5 %"
        var sign = memory.AsSpan(start, end - start).IndexOfAny("%€$£");
        return from < to || sign < 0 ? (from, to) : (start + sign, start + sign + 1);
    }

    // Letters, digits, signs of currencies, and the sign of a number on this side of it: +5, 5%.
    private static bool IsOf(char c, char sign) => char.IsLetterOrDigit(c) || c is '$' or '€' or '£' || c == sign;

    // .NET, #random, @ana, -5, <5.
    private static bool BelongsToNext(string memory, int start, int at, int end) =>
        at + 1 < end && (at == start || memory[at - 1] != memory[at]) && memory[at] switch
        {
            '.' or '#' or '@' => char.IsLetterOrDigit(memory[at + 1]),
            '-' or '−' or '<' or '>' or '~' or '≤' or '≥' => char.IsAsciiDigit(memory[at + 1]),
            _ => false,
        };

    // C#, C++, 18+: one or two of a mark behind what it is part of.
    private static bool BelongsToWord(string memory, int from, int end)
    {
        var mark = memory[end - 1];
        if (mark is not ('#' or '+'))
        {
            return false;
        }

        var at = end - (end - 2 >= from && memory[end - 2] == mark ? 3 : 2);
        return at >= from && (mark == '+' ? char.IsLetterOrDigit(memory[at]) : char.IsLetter(memory[at]));
    }

    // Returns whether a quotation is open after it.
    private static bool AddWord(string memory, List<SentenceWord> words, (int Start, int CoreStart, int CoreEnd, int End) token, bool isQuoted)
    {
        var before = memory.AsSpan(token.Start, token.CoreStart - token.Start);
        var after = memory.AsSpan(token.CoreEnd, token.End - token.CoreEnd);
        isQuoted = IsQuoted(before, isQuoted);
        if (token.CoreStart == token.CoreEnd)
        {
            // A dash by itself, or other marks; sarcasm is marked by /s, which looks like a word.
            if (words.Count > 0 && before.ContainsAny('-', '–', '—') && !before.Contains('>') && !words[^1].IsQuoted)
            {
                words[^1] = words[^1] with { Break = '-' };
            }

            return isQuoted;
        }

        var mark = BreakOf(after);
        var letter = token.CoreStart + (memory[token.CoreStart] is '.' or '#' or '@' && token.CoreStart + 1 < token.CoreEnd ? 1 : 0);
        var isCapital = char.IsUpper(memory[letter]);
        var text = memory[token.CoreStart..token.CoreEnd].Replace('’', '\'').ToLowerInvariant();
        text = before.EndsWith("/") && text == "s" ? "/s" : text;
        var (first, second) = Parts(text);
        words.Add(new SentenceWord(first, token.CoreStart, token.CoreEnd, second is null ? mark : '\0', isCapital, isQuoted));
        if (second is not null)
        {
            words.Add(new SentenceWord(second, token.CoreEnd, token.CoreEnd, mark, IsCapital: false, isQuoted));
        }

        return IsQuoted(after, isQuoted);
    }

    // The mark behind a word that parts clauses; dashes of all lengths are one.
    private static char BreakOf(ReadOnlySpan<char> marks)
    {
        var at = marks.IndexOfAny(",;:—");
        if (at < 0)
        {
            return marks.EndsWith("-") ? '-' : '\0';
        }

        return marks[at] == '—' ? '-' : marks[at];
    }

    private static bool IsQuoted(ReadOnlySpan<char> marks, bool isQuoted)
    {
        foreach (var mark in marks)
        {
            isQuoted = mark switch
            {
                '"' => !isQuoted,
                '“' or '„' or '«' => true,
                '”' or '»' => false,
                _ => isQuoted,
            };
        }

        return isQuoted;
    }

    private static (string First, string? Second) Parts(string text)
    {
        if (Contractions.TryGetValue(text, out var known))
        {
            var blank = known.IndexOf(' ', StringComparison.Ordinal);
            return (known[..blank], known[(blank + 1)..]);
        }

        foreach (var (ending, word) in Endings)
        {
            if (text.Length > ending.Length && text.EndsWith(ending, StringComparison.Ordinal))
            {
                return (text[..^ending.Length], word);
            }
        }

        return (text, null);
    }

    private static bool IsEnd(string memory, int coreStart, int coreEnd, int end, int lineEnd)
    {
        var marks = memory.AsSpan(coreEnd, end - coreEnd);
        if (marks.ContainsAny('!', '?', '…') || end == lineEnd)
        {
            return end == lineEnd || !StartsLower(memory, end, lineEnd);
        }

        if (!marks.Contains('.') || StartsLower(memory, end, lineEnd))
        {
            return false;
        }

        // "At 5 p.m. We ..." may end there.
        var isHalfOfDay = memory[coreEnd - 1] is 'm' or 'M' && memory.AsSpan(coreStart, coreEnd - coreStart).Contains('.');
        return isHalfOfDay || !Abbreviations.Contains(memory[coreStart..coreEnd]);
    }

    private static bool StartsLower(string memory, int at, int lineEnd)
    {
        while (at < lineEnd && char.IsWhiteSpace(memory[at]))
        {
            at++;
        }

        return at < lineEnd && char.IsLower(memory[at]);
    }
}
