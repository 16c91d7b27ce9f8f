using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Actors.Sessions.Recall;

/// <summary>
/// English words that a question and its answer may say the same with, or of which one is an instance of the other:
/// <c>RelatedWords.txt</c>, whose first lines tell how it is written.
/// </summary>
internal static class RelatedWords
{
    private static readonly FrozenDictionary<string, ImmutableArray<Relation>> ByTerm = Read();

    private static readonly FrozenDictionary<string, ImmutableArray<Relation>>.AlternateLookup<ReadOnlySpan<char>> ByTermSpan =
        ByTerm.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <param name="Term">A term that also counts.</param>
    /// <param name="IsSynonym">Whether the two are interchangeable; else it is an instance of the question's.</param>
    public readonly record struct Relation(string Term, bool IsSynonym);

    /// <summary>What else counts for a term of a question.</summary>
    public static ImmutableArray<Relation> Of(ReadOnlySpan<char> term) => ByTermSpan.TryGetValue(term, out var relations) ? relations : [];

    private static FrozenDictionary<string, ImmutableArray<Relation>> Read()
    {
        using var stream = typeof(RelatedWords).Assembly.GetManifestResourceStream(typeof(RelatedWords), "RelatedWords.txt")!;
        using var reader = new StreamReader(stream);
        var relations = new Dictionary<string, Dictionary<string, bool>>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (line is ['=' or '>', ..])
            {
                Add(relations, line);
            }
        }

        return relations.ToFrozenDictionary(
            pair => pair.Key, pair => pair.Value.Select(r => new Relation(r.Key, r.Value)).ToImmutableArray(), StringComparer.Ordinal);
    }

    private static void Add(Dictionary<string, Dictionary<string, bool>> relations, string line)
    {
        var isSynonym = line[0] == '=';
        var terms = line[1..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(word => Word.Of(word).Term).Where(term => term.Length > 0).Distinct().ToArray();
        foreach (var from in isSynonym ? terms : terms[..1])
        {
            if (!relations.TryGetValue(from, out var known))
            {
                relations[from] = known = new Dictionary<string, bool>(StringComparer.Ordinal);
            }

            foreach (var to in terms.Where(to => to != from))
            {
                known[to] = isSynonym || known.GetValueOrDefault(to);
            }
        }
    }
}
