using System.Text.Json;
using System.Text.Json.Serialization;
using Actors.Extraction;
using Actors.Sessions;

namespace Actors.Support;

/// <summary>A labelled memory of tests/Extraction.Corpus, whose README describes it.</summary>
public sealed record LabelledSentence(string Text, LabelledFact[] Facts, string? Speaker = null, string? MemoryType = null)
{
    private const string ClientId = "client-1";
    private const string Someone = "someone";

    public static LabelledSentence[] Dev { get; } = Read("dev.jsonl");

    public static LabelledSentence[] HeldOut { get; } = Read("held-out.jsonl");

    public static LabelledSentence[] Free { get; } = Read("free.jsonl");

    public static LabelledSentence[] Marks { get; } = Read("marks.jsonl");

    /// <summary>The parts by name.</summary>
    public static IReadOnlyDictionary<string, LabelledSentence[]> Parts { get; } =
        new Dictionary<string, LabelledSentence[]> { ["dev"] = Dev, ["held out"] = HeldOut, ["free"] = Free, ["marks"] = Marks };

    /// <summary>Those of all parts.</summary>
    public static LabelledSentence[] All { get; } = [.. Dev, .. HeldOut, .. Free, .. Marks];

    /// <summary>What the rules find in it, in the form of labels.</summary>
    public LabelledFact[] Found() => [.. FoundWithSpans().Select(found => found.Fact)];

    /// <summary>The same, with the code points of the text that say it.</summary>
    public IEnumerable<(LabelledFact Fact, Range Span)> FoundWithSpans() => RuleExtractor.Extract(Memory()).Facts.Select(fact => (
        new LabelledFact(
            (fact.SubjectType, fact.SubjectId) == ("user", UserId) || (fact.SubjectType, fact.SubjectId) == ("client", ClientId) ? fact.SubjectType : $"{fact.SubjectType}/{fact.SubjectId}",
            fact.FactType, fact.Content, fact.FactKey),
        fact.SpanStart..fact.SpanEnd));

    // Whom an assistant calls the user is the client's, of whom nothing else is known.
    private string UserId => Speaker == "assistant" ? ClientId : Speaker ?? Someone;

    /// <summary>It as a memory that somebody had.</summary>
    internal EventRecord Memory() => new(
        Guid.Empty, ClientId, Text, MemoryType is null ? Sessions.MemoryType.Event : MemoryNames.TypeOf(MemoryType)!.Value, MemoryScope.User, 0.8, "{}", null, Speaker ?? Someone, null,
        DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, null, null);

    private static LabelledSentence[] Read(string name) =>
        [.. File.ReadLines(SourceTree.PathOf($"tests/Extraction.Corpus/{name}")).Select(line => JsonSerializer.Deserialize(line, LabelledJson.Default.LabelledSentence)!)];
}

/// <summary>A fact that is to be found.</summary>
/// <param name="Subject"><c>user</c>: who spoke; <c>user/Name</c>: who is named; <c>client</c>.</param>
/// <param name="Type">Its type.</param>
/// <param name="Content">Its content; case does not matter.</param>
/// <param name="Key">Its key; null: none.</param>
public sealed record LabelledFact(string Subject, string Type, string Content, string? Key = null)
{
    /// <summary>Whether two say the same.</summary>
    public bool Matches(LabelledFact other) =>
        (Subject, Type, Key) == (other.Subject, other.Type, other.Key) && Content.Equals(other.Content, StringComparison.OrdinalIgnoreCase);
}

/// <summary>How good it is what was found.</summary>
/// <param name="Labelled">Facts that are to be found.</param>
/// <param name="Found">Facts that were found.</param>
/// <param name="Right">Those of them that are right.</param>
/// <param name="Reached">Those that were to be found, and were.</param>
public readonly record struct ExtractionScore(int Labelled, int Found, int Right, int Reached)
{
    /// <summary>What is right of what was found; 1 when nothing was.</summary>
    public double Precision => Found == 0 ? 1 : (double)Right / Found;

    /// <summary>What was found of what is there; 1 when nothing is.</summary>
    public double Recall => Labelled == 0 ? 1 : (double)Reached / Labelled;

    /// <summary>Of the facts of a type; null: of all.</summary>
    public static ExtractionScore Of(IEnumerable<LabelledSentence> sentences, string? type = null)
    {
        var score = new ExtractionScore();
        foreach (var sentence in sentences)
        {
            LabelledFact[] labelled = [.. sentence.Facts.Where(fact => type is null || fact.Type == type)];
            LabelledFact[] found = [.. sentence.Found().Where(fact => type is null || fact.Type == type)];
            var right = found.Count(fact => labelled.Any(fact.Matches));
            score = new(score.Labelled + labelled.Length, score.Found + found.Length, score.Right + right, score.Reached + right);
        }

        return score;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LabelledSentence))]
internal sealed partial class LabelledJson : JsonSerializerContext;
