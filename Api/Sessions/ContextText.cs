using System.Globalization;
using System.Text;
using Actors.Facts;

namespace Actors.Sessions;

/// <summary>
/// Recalled memories as text for a prompt: one line each, best first, dated, with its id, within a budget of tokens. Content
/// is put on one line, so that a memory cannot look like several.
/// </summary>
internal sealed class ContextText(int maxTokens)
{
    /// <summary>Least budget: room for one short line.</summary>
    public const int MinTokens = 64;

    /// <summary>Largest budget.</summary>
    public const int MaxTokens = 32_000;

    /// <summary>Budget when the caller does not say.</summary>
    public const int DefaultTokens = 1_000;

    private const string Ellipsis = " ...";
    private readonly StringBuilder _text = new();

    /// <summary>Tokens of the text so far, as <see cref="EstimateTokens"/> counts.</summary>
    public int Tokens { get; private set; }

    public override string ToString() => _text.ToString();

    /// <summary>Adds a memory if there is room; the first one is shortened if it must be.</summary>
    /// <returns>False when there was none.</returns>
    public bool TryAdd(RecallHit hit)
    {
        var (head, content, tail) = LineOf(hit);
        var frame = EstimateTokens(head) + EstimateTokens(tail);
        if (Tokens + frame + EstimateTokens(content) > maxTokens)
        {
            var room = maxTokens - frame - EstimateTokens(Ellipsis);
            if (Tokens > 0 || room <= 0)
            {
                return false;
            }

            content = Shortened(content, room);
        }

        _text.Append(head).Append(content).Append(tail);
        Tokens += frame + EstimateTokens(content);
        return true;
    }

    /// <summary>
    /// How many tokens a model makes of a text, estimated on the high side for the tokenizers in use: a word of ASCII letters
    /// costs a token for each 4 letters begun, digits one for each 2, every other UTF-16 unit one, a blank none.
    /// </summary>
    public static int EstimateTokens(ReadOnlySpan<char> text)
    {
        var tokens = 0;
        for (var i = 0; i < text.Length;)
        {
            var start = i;
            if (char.IsAsciiLetter(text[i]))
            {
                while (i < text.Length && char.IsAsciiLetter(text[i]))
                {
                    i++;
                }

                tokens += (i - start + 3) / 4;
            }
            else if (char.IsAsciiDigit(text[i]))
            {
                while (i < text.Length && char.IsAsciiDigit(text[i]))
                {
                    i++;
                }

                tokens += (i - start + 1) / 2;
            }
            else
            {
                tokens += text[i] == ' ' ? 0 : 1;
                i++;
            }
        }

        return tokens;
    }

    // Ends between words, and never within a character.
    private static string Shortened(string content, int tokens)
    {
        var end = 0;
        for (var next = 0; next < content.Length; next = end + 1)
        {
            var blank = content.IndexOf(' ', Math.Min(next + 1, content.Length));
            blank = blank < 0 ? content.Length : blank;
            if (EstimateTokens(content.AsSpan(0, blank)) > tokens)
            {
                break;
            }

            end = blank;
        }

        // One long word, or a script without blanks.
        if (end == 0)
        {
            end = Math.Clamp(tokens, 0, content.Length);
            end -= end > 0 && end < content.Length && char.IsLowSurrogate(content[end]) ? 1 : 0;
        }

        return content[..end] + Ellipsis;
    }

    private static (string Head, string Content, string Tail) LineOf(RecallHit hit)
    {
        var content = OneLine(hit.Memory.Content);
        if (hit.Fact is { } fact)
        {
            var span = fact.ValidTo is { } end ? $"{DateOf(fact.ValidFrom)} to {DateOf(end)}" : $"since {DateOf(fact.ValidFrom)}";
            return ($"- [{span}] {SubjectOf(fact)}: ", content, $" (fact {fact.Id})\n");
        }

        if (hit.Zep is { } known)
        {
            var span = known.ValidFrom is null ? DateOf(known.CreatedAt) : known.ValidTo is { } end ? $"{DateOf(known.ValidFrom.Value)} to {DateOf(end)}" : $"since {DateOf(known.ValidFrom.Value)}";
            return ($"- [{span}] ", content, $" (zep {OneLine(known.ZepId)})\n");
        }

        var memory = hit.Event!;
        var speaker = memory.Speaker is { } name ? OneLine(name) + ": " : "";
        return ($"- [{DateOf(memory.OccurredAt)}] {speaker}", content, $" (memory {memory.Id})\n");
    }

    private static string SubjectOf(FactRecord fact) => OneLine($"{fact.Subject.Type} {fact.Subject.Id}, {fact.FactType}");

    private static string DateOf(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string OneLine(string text) => string.Join(' ', text.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
}
