using System.Collections.Frozen;
using Actors.Sessions.Recall;

namespace Actors.Sessions;

/// <summary>
/// How important a memory is when its writer does not say. Stated in <c>docs/memory.md</c>; hand-set, so that chat stays
/// below and lasting statements reach 0.7, from which on a memory is eligible for promotion.
/// </summary>
internal static class SalienceRules
{
    private const double Usual = 0.5;
    private const double Trivial = 0.3;
    private const double Reflection = 0.6;
    private const double Decision = 0.7;
    private const double LastingWording = 0.2;
    private const int TrivialLength = 20;

    // Words that announce something meant to hold: obligations, preferences, decisions, limits.
    private static readonly FrozenSet<string> LastingWords = FrozenSet.Create(
        StringComparer.Ordinal,
        "agreed", "allergic", "always", "decided", "deadline", "hates", "important", "must", "never", "prefers", "prefer",
        "promised", "remember", "required", "requires", "wants");

    public static double Estimate(NewMemory memory)
    {
        var salience = memory.Type switch
        {
            MemoryType.Decision => Decision,
            MemoryType.Reflection => Reflection,
            _ => memory.Content.Length < TrivialLength || IsQuestion(memory.Content) ? Trivial : Usual,
        };
        return HasLastingWord(memory.Content) ? Math.Min(1, Math.Round(salience + LastingWording, 2)) : salience;
    }

    private static bool IsQuestion(string content) => content.AsSpan().TrimEnd().EndsWith("?");

    private static bool HasLastingWord(string content)
    {
        var words = LastingWords.GetAlternateLookup<ReadOnlySpan<char>>();
        var tokenizer = new Tokenizer(FoldedText.Of(content), stackalloc char[Tokenizer.MaxWordLength]);
        for (var word = tokenizer.Next(); !word.IsEmpty; word = tokenizer.Next())
        {
            if (words.Contains(word))
            {
                return true;
            }
        }

        return false;
    }
}
