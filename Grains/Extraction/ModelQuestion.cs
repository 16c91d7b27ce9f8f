using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Actors.Facts;
using Actors.Secrets;
using Actors.Sessions;

namespace Actors.Extraction;

/// <summary>What a language model is told of a memory: its text, and known facts by number. No ids.</summary>
/// <param name="Memory">The memory.</param>
/// <param name="Text">As much of its content as is sent.</param>
/// <param name="Known">The facts that are sent, in the order of their numbers.</param>
internal sealed record ModelQuestion(EventRecord Memory, string Text, ImmutableArray<FactRecord> Known)
{
    private const int MaxKnown = 50;
    private const int MaxKnownLength = 500;

    // Quotes and angle brackets of values cannot end the string they stand in, nor pass for marks of the prompt.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>Chooses what is sent: facts of the client alone, about the speaker, the client, or somebody whom the text names; only those can be told from each other without ids.</summary>
    /// <remarks>Texts that came past the service, by SQL, are masked here as it masks those it stores.</remarks>
    public static ModelQuestion Of(EventRecord memory, ImmutableArray<FactRecord> known, int longest, SecretMask secrets)
    {
        var text = secrets.Apply(memory.Content);
        if (text.Length > longest)
        {
            text = text[..(longest - (char.IsHighSurrogate(text[longest - 1]) ? 1 : 0))];
        }

        var question = new ModelQuestion(memory, text, []);
        return question with { Known = [.. known.Where(fact => fact.Subject.ClientId == memory.ClientId && fact.Content.Length <= MaxKnownLength && question.NameOf(fact.Subject) is not null).Take(MaxKnown).Select(fact => fact with { Content = secrets.Apply(fact.Content) })] };
    }

    /// <summary>The values of the prompt's variables, as JSON.</summary>
    public IEnumerable<KeyValuePair<string, string>> Values()
    {
        var isMachine = MemorySpeaker.IsMachine(Memory);
        yield return new("memory", Json(Text));
        yield return new("speaker", Json(isMachine ? null : Memory.Speaker));
        yield return new("role", Json(isMachine ? "assistant" : "user"));
        yield return new("kind", Json(MemoryNames.Of(Memory.Type)));
        yield return new("occurred_at", Json(Memory.OccurredAt.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)));
        yield return new("known_facts", Json(new JsonArray(
        [
            .. Known.Select((fact, place) => (JsonNode)new JsonObject
            {
                ["number"] = place + 1, ["subject"] = NameOf(fact.Subject), ["type"] = fact.FactType, ["key"] = fact.FactKey, ["content"] = fact.Content,
            }),
        ])));
    }

    private string? NameOf(FactSubject subject) =>
        subject.Type == "client" && subject.Id == Memory.ClientId ? ModelFact.Client
        : subject.Type != "user" ? null
        : subject.Id == MemorySpeaker.UserId(Memory, MemorySpeaker.IsMachine(Memory)) ? ModelFact.Speaker
        : ExtractionWords.Names(Text, subject.Id) ? subject.Id : null;

    private static string Json(JsonNode? node) => node?.ToJsonString(Readable) ?? "null";
}
