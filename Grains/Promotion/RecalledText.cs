using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Actors.Facts;

namespace Actors.Promotion;

/// <summary>Words that are known, of a fact about somebody.</summary>
/// <param name="Hash">The <see cref="NormalText.HashOf"/> of the words.</param>
/// <param name="SubjectType">Kind of entity the fact is about.</param>
/// <param name="SubjectId">Which one.</param>
internal readonly record struct RecalledMark(Guid Hash, string SubjectType, string SubjectId);

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

    /// <summary>By what the contents of facts are recognised, and whom they are about.</summary>
    public static IEnumerable<RecalledMark> MarksOf(ImmutableArray<FactRecord> known) =>
        known.Select(fact => new RecalledMark(NormalText.HashOf(fact.Content), fact.Subject.Type, fact.Subject.Id));

    // As Api/Sessions/ContextText writes them, also several in one line.
    [GeneratedRegex(
        @"(?:- )?\[(?:since )?\d{4}-\d\d-\d\d \d\d:\d\d(?: to \d{4}-\d\d-\d\d \d\d:\d\d)?\] [^\n]*?\((?:(?:memory|fact) [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|zep [^\s()]+)\)",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex ContextLine();
}
