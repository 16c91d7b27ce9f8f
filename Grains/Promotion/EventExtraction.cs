using System.Collections.Immutable;
using Actors.Extraction;
using Actors.Facts;
using Actors.Sessions;
using Actors.Sessions.Recall;

namespace Actors.Promotion;

/// <summary>Has an event read by the extractor, and keeps of what it finds what may be applied.</summary>
internal sealed class EventExtraction(PromotionStore store, IFactExtractor extractor, PromotionOptions options)
{
    // As many as an extractor is told of (IFactExtractor).
    private const int MaxRelevant = 50;

    /// <summary>Reads an event.</summary>
    /// <exception cref="ExtractionException">Nothing came of it.</exception>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached.</exception>
    public async Task<FoundFacts> ReadAsync(EventRecord memory, CancellationToken cancellationToken)
    {
        var content = RecalledText.Blanked(memory.Content);
        if (NormalText.CountWords(content) == 0)
        {
            return Found(memory, [], ["All of it is recalled text."]);
        }

        var known = await store.KnownAsync(memory.ClientId, memory.OccurredAt, cancellationToken);
        var extraction = await extractor.ExtractAsync(memory with { Content = content }, Relevant(content, known), cancellationToken);

        var quotes = extraction.Facts.Select(fact => CodePointSpan.Slice(content, fact.SpanStart, fact.SpanEnd)).ToArray();
        var marks = quotes.Select(quote => quote is null ? null : RecalledText.MarkOf(quote)).ToArray();
        var recalled = RecalledText.MarksOf(known).Concat(await store.QuotedAsync(memory, [.. marks.OfType<Guid>().Distinct()], cancellationToken)).ToHashSet();
        // Whoever stores what recall told for somebody gives no name, or a machine's: then it does not matter whom it is about.
        var hashes = recalled.Select(mark => mark.Hash).ToHashSet();
        var isSaidByOne = !string.IsNullOrWhiteSpace(memory.Speaker) && !MemorySpeaker.IsMachine(memory);
        var facts = ImmutableArray.CreateBuilder<ExtractedFact>();
        var setAside = extraction.SetAside.ToBuilder();
        foreach (var (place, fact) in extraction.Facts.Index())
        {
            if (quotes[place] is null || string.IsNullOrWhiteSpace(quotes[place]))
            {
                setAside.Add($"Fact {place}: the memory has no such span.");
            }
            else if (marks[place] is { } mark && (isSaidByOne ? recalled.Contains(new RecalledMark(mark, fact.SubjectType, fact.SubjectId)) : hashes.Contains(mark)))
            {
                setAside.Add($"Fact {place}: its words are known already, and may have been recalled.");
            }
            else if (facts.Count == options.MaxFacts)
            {
                setAside.Add($"Fact {place}: one memory gives at most {options.MaxFacts}.");
            }
            else
            {
                facts.Add(fact);
            }
        }

        return Found(memory, facts.ToImmutable(), setAside.ToImmutable(), extraction.Version);
    }

    private FoundFacts Found(EventRecord memory, ImmutableArray<ExtractedFact> facts, ImmutableArray<string> setAside, string? version = null) =>
        new(extractor.Name, version ?? extractor.Version, extractor.Model, NormalText.Md5(memory.Content), facts, setAside);

    // By words they share, of equals the latest.
    private static ImmutableArray<FactRecord> Relevant(string content, ImmutableArray<FactRecord> known)
    {
        var terms = TermsOf(content);
        return [.. known.OrderByDescending(fact => TermsOf($"{fact.Subject.Id} {fact.Content}").Count(terms.Contains)).Take(MaxRelevant)];
    }

    private static HashSet<string> TermsOf(string text) => [.. NormalText.WordsOf(text).Select(word => Word.Of(word)).Where(word => !word.IsStop).Select(word => word.Term)];
}
