using System.Text.Json;
using System.Text.Json.Serialization;
using Actors.Extraction;

namespace Actors.Support;

/// <summary>A memory of tests/Extraction.Corpus/others-*.jsonl, labelled by who knew nothing of the rules. Its README describes it.</summary>
public sealed record QuotedSentence(string Text, QuotedFact[] Facts, string? Speaker = null, string? MemoryType = null)
{
    /// <summary>The part that the rules may be made to fit.</summary>
    public static QuotedSentence[] Dev { get; } = Read("others-dev.jsonl");

    /// <summary>The parts by name.</summary>
    public static IReadOnlyDictionary<string, QuotedSentence[]> Parts { get; } =
        new Dictionary<string, QuotedSentence[]> { ["others, dev"] = Dev, ["others, 1"] = Read("others-1.jsonl"), ["others, 2"] = Read("others-2.jsonl") };

    /// <summary>What the rules find in it, each with whether it is right and the words it was found in.</summary>
    public (LabelledFact Fact, string Quote, bool IsRight)[] Found()
    {
        var sentence = new LabelledSentence(Text, [], Speaker, MemoryType);
        return [.. sentence.FoundWithSpans().Select(found => (found.Fact, Quote(found.Span), Facts.Any(fact => fact.Matches(found.Fact, Quote(found.Span), Text))))];
    }

    /// <summary>The labels that have to be found and are not.</summary>
    public QuotedFact[] Missed()
    {
        var found = Found();
        return [.. Facts.Where(fact => !fact.Optional && !found.Any(one => fact.Matches(one.Fact, one.Quote, Text)))];
    }

    /// <summary>How much of sentences is found, and found rightly.</summary>
    /// <param name="sentences">The sentences.</param>
    /// <param name="type">Facts of this type; null: of all. A label of several types counts as of its first.</param>
    public static ExtractionScore Score(IEnumerable<QuotedSentence> sentences, string? type = null)
    {
        var (labelled, missed, found, right) = (0, 0, 0, 0);
        foreach (var sentence in sentences)
        {
            labelled += sentence.Facts.Count(fact => !fact.Optional && (type is null || fact.Types[0] == type));
            missed += sentence.Missed().Count(fact => type is null || fact.Types[0] == type);
            var its = sentence.Found().Where(one => type is null || one.Fact.Type == type).ToArray();
            found += its.Length;
            right += its.Count(one => one.IsRight);
        }

        return new ExtractionScore(labelled, found, right, labelled - missed);
    }

    private string Quote(Range span) => string.Concat(Text.EnumerateRunes().ToArray()[span].Select(rune => rune.ToString()));

    private static QuotedSentence[] Read(string name) =>
        [.. File.ReadLines(SourceTree.PathOf($"tests/Extraction.Corpus/{name}")).Select(line => JsonSerializer.Deserialize(line, QuotedJson.Default.QuotedSentence)!)];
}

/// <summary>A fact that a memory says.</summary>
/// <param name="Subjects">Whom it may be said to be about, as in <see cref="LabelledFact"/>.</param>
/// <param name="Types">The types it may be said to have.</param>
/// <param name="Quote">The words that say it.</param>
/// <param name="Optional">Whether it may as well be left out.</param>
public sealed record QuotedFact(
    [property: JsonPropertyName("subject"), JsonConverter(typeof(OneOrMore))] string[] Subjects,
    [property: JsonPropertyName("type"), JsonConverter(typeof(OneOrMore))] string[] Types,
    string Quote,
    bool Optional = false)
{
    /// <summary>Whether a fact that was found is this one: about one of these, of one of these types, in words that have some of these.</summary>
    public bool Matches(LabelledFact found, string words, string text)
    {
        var (mine, its) = (text.IndexOf(Quote, StringComparison.Ordinal), text.IndexOf(words, StringComparison.Ordinal));
        return Subjects.Contains(found.Subject) && Types.Contains(found.Type) && mine < its + words.Length && its < mine + Quote.Length;
    }
}

// A value, or several in a list.
internal sealed class OneOrMore : JsonConverter<string[]>
{
    public override string[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return [reader.GetString()!];
        }

        var values = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            values.Add(reader.GetString()!);
        }

        return [.. values];
    }

    public override void Write(Utf8JsonWriter writer, string[] value, JsonSerializerOptions options) => throw new NotSupportedException();
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(QuotedSentence))]
internal sealed partial class QuotedJson : JsonSerializerContext;
