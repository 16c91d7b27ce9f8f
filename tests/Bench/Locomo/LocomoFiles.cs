using System.Text.Json;
using System.Text.Json.Serialization;

namespace Actors.Bench;

/// <summary>One turn of a conversation, a line of the corpus.</summary>
internal sealed record Turn(string ConversationId, string SessionId, string DiaId, string Speaker, string Text, DateTime SessionDatetime);

/// <summary>One question with the turns that answer it, a line of the queries.</summary>
internal sealed record LocomoQuestion(
    string QuestionId, string ConversationId, string Question, int Category, string CategoryName, string[] Evidence);

/// <summary>Reads the benchmark's files: JSON lines in snake_case.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Turn))]
[JsonSerializable(typeof(LocomoQuestion))]
[JsonSerializable(typeof(Dictionary<string, string[]>))]
internal sealed partial class LocomoFiles : JsonSerializerContext
{
    public static Turn[] Corpus(string path) =>
        [.. File.ReadLines(path).Select(line => JsonSerializer.Deserialize(line, Default.Turn)!)];

    public static LocomoQuestion[] Questions(string path) =>
        [.. File.ReadLines(path).Select(line => JsonSerializer.Deserialize(line, Default.LocomoQuestion)!)];

    public static void WriteRun(string path, Dictionary<string, string[]> run) =>
        File.WriteAllText(path, JsonSerializer.Serialize(run, Default.DictionaryStringStringArray));
}
