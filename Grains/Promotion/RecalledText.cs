using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Actors.Facts;

namespace Actors.Promotion;

/// <summary>
/// Recognises what recall has told when it comes back as an event: nothing new is known by it, and it must not count as proof of itself. Lines of
/// <c>format=context</c> are known by their form and the id at their end; other sentences when they are, word for word, a fact that is
/// known, or the words one was found in.
/// </summary>
internal static partial class RecalledText
{
    /// <summary>Fewer words are said anew often enough.</summary>
    private const int LeastWords = 3;

    /// <summary>The text with blanks for the lines of recalled memories, so that places in it stay.</summary>
    public static string Blanked(string content) =>
        content.Contains('[', StringComparison.Ordinal) ? ContextLine().Replace(content, line => CodePointSpan.Blanks(line.Value)) : content;

    /// <summary>By what a quote is recognised when it comes back; null: it is too short to be.</summary>
    public static Guid? MarkOf(string quote) => NormalText.CountWords(quote) < LeastWords ? null : NormalText.HashOf(quote);

    /// <summary>By what the contents of facts are recognised.</summary>
    public static HashSet<Guid> MarksOf(ImmutableArray<FactRecord> known) => [.. known.Select(fact => NormalText.HashOf(fact.Content))];

    // As Api/Sessions/ContextText writes them, also several in one line.
    [GeneratedRegex(
        @"(?:- )?\[(?:since )?\d{4}-\d\d-\d\d \d\d:\d\d(?: to \d{4}-\d\d-\d\d \d\d:\d\d)?\] [^\n]*?\((?:memory|fact) [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\)",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex ContextLine();
}
