using System.Text.Json;
using System.Text.Json.Serialization;
using Actors.Support;

namespace Actors.Bench;

/// <summary>A memory of the notes corpus; tests/Recall.Corpus/README.md describes it.</summary>
internal sealed record Note(
    string ClientId, string ItemId, string Kind, string Content, DateTimeOffset OccurredAt, string? Speaker, string? SubjectType, string? SubjectId, string? FactType);

/// <summary>A question to it with the notes that answer it.</summary>
internal sealed record NotesQuestion(string QuestionId, string ClientId, string Question, string Kind, string[] Evidence);

/// <summary>Reads the corpus: JSON lines in snake_case.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Note))]
[JsonSerializable(typeof(NotesQuestion))]
internal sealed partial class NotesFiles : JsonSerializerContext
{
    public static Note[] Corpus() => [.. Lines("notes-corpus.jsonl").Select(line => JsonSerializer.Deserialize(line, Default.Note)!)];

    public static NotesQuestion[] Questions() => [.. Lines("notes-queries.jsonl").Select(line => JsonSerializer.Deserialize(line, Default.NotesQuestion)!)];

    private static IEnumerable<string> Lines(string name) => File.ReadLines(SourceTree.PathOf($"tests/Recall.Corpus/{name}"));
}
