using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Actors.Extraction;
using Actors.Facts;
using Actors.Sessions;

namespace Actors.Grains.Tests.Promotion;

/// <summary>
/// Finds what stands in lines such as <c>user Ada preference: Prefers tea.</c>, <c>user Ada availability#work_hours: Works 9 to 17.</c> or
/// <c>user Ada home retires {id}: Lives in Rome.</c>; the span is that of the sentence.
/// What follows on <c> => </c> is the fact instead of the sentence.
/// </summary>
internal sealed partial class TestExtractor : IFactExtractor
{
    private int _calls;

    public string Name => "test";

    public string Version { get; set; } = "7";

    public string? Model { get; set; } = "small";

    public int Calls => _calls;

    /// <summary>Fails instead, when it returns something.</summary>
    public Func<EventRecord, Exception?> Fails { get; set; } = _ => null;

    /// <summary>What happens meanwhile.</summary>
    public Func<EventRecord, Task> Meanwhile { get; set; } = _ => Task.CompletedTask;

    /// <summary>What it makes of what was found.</summary>
    public Func<EventRecord, ExtractedFact, ExtractedFact> Bends { get; set; } = (_, fact) => fact;

    /// <summary>What it was told of last.</summary>
    public ImmutableArray<FactRecord> Known { get; private set; } = [];

    public async Task<Extraction.Extraction> ExtractAsync(EventRecord memory, ImmutableArray<FactRecord> known, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        Known = known;
        if (Fails(memory) is { } failure)
        {
            throw failure;
        }

        await Meanwhile(memory);
        return new Extraction.Extraction([.. Line().Matches(memory.Content).Select(line => Bends(memory, FactOf(memory.Content, line)))], []);
    }

    private static ExtractedFact FactOf(string content, Match line)
    {
        var sentence = line.Groups["sentence"];
        var start = content[..sentence.Index].EnumerateRunes().Count();
        return new ExtractedFact(
            line.Groups["type"].Value, line.Groups["id"].Value, line.Groups["fact"].Value, line.Groups["says"] is { Success: true } says ? says.Value : sentence.Value, line.Groups["key"] is { Success: true } key ? key.Value : null,
            Category: null, 0.8, start, start + sentence.Value.EnumerateRunes().Count(), line.Groups["retires"] is { Success: true } retires ? Guid.Parse(retires.Value) : null);
    }

    [GeneratedRegex(@"(?<type>\w+) (?<id>\w+) (?<fact>\w+)(#(?<key>\w+))?( retires (?<retires>[0-9a-f-]{36}))?: (?<sentence>[^\n]+?)( => (?<says>[^\n]+))?(\n|$)")]
    private static partial Regex Line();
}
