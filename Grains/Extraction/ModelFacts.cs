using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Actors.LanguageModels;

namespace Actors.Extraction;

/// <summary>What a language model says it found.</summary>
internal sealed record ModelFacts(ImmutableArray<ModelFact> Facts)
{
    /// <summary>The shape that is demanded, in the subset of JSON schema that endpoints enforce: all members required, no others.</summary>
    public static BinaryData Schema { get; } = BinaryData.FromString(
        $$$$"""
        {"type":"object","additionalProperties":false,"required":["facts"],"properties":{
          "facts":{"type":"array","items":{"type":"object","additionalProperties":false,
            "required":["subject","person","type","key","content","quote","replaces"],"properties":{
              "subject":{"type":"string","enum":["{{{{ModelFact.Speaker}}}}","{{{{ModelFact.Client}}}}","{{{{ModelFact.Named}}}}"]},
              "person":{"type":["string","null"]},
              "type":{"type":"string","enum":[{{{{string.Join(',', FactTypes.All.Select(type => $"\"{type}\""))}}}}]},
              "key":{"type":["string","null"]},
              "content":{"type":"string"},"quote":{"type":"string"},
              "replaces":{"type":["integer","null"]}
          }}
        }}}
        """);

    /// <summary>Reads an answer.</summary>
    /// <param name="answer">JSON, perhaps within the marks of a code block.</param>
    /// <param name="fault">What is wrong with it as a whole, to be told to the model; null: nothing.</param>
    public static ModelFacts? Read(string answer, out string? fault)
    {
        try
        {
            var facts = JsonSerializer.Deserialize(CodeBlock.Without(answer), ModelFactsJson.Default.ModelFacts);
            fault = facts is null || facts.Facts.IsDefault || facts.Facts.Any(fact => fact is null) ? "the answer, or a fact of it, is null" : null;
            return fault is null ? facts : null;
        }
        // InvalidOperationException: half a surrogate pair.
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            fault = "the answer is not JSON of the demanded schema";
            return null;
        }
    }
}

/// <summary>A fact as a language model names it.</summary>
/// <param name="Subject">Whom or what it is about: one of the names below.</param>
/// <param name="Person">Who that is, when the memory names somebody.</param>
/// <param name="Type">One of <see cref="FactTypes"/>.</param>
/// <param name="Key">What it is single-valued in; null: nothing.</param>
/// <param name="Content">What is true.</param>
/// <param name="Quote">The memory's words that say so.</param>
/// <param name="Replaces">Number of the known fact it takes the place of; null: none.</param>
internal sealed record ModelFact(string Subject, string? Person, string Type, string? Key, string Content, string Quote, int? Replaces)
{
    public const string Speaker = "speaker";
    public const string Client = "client";
    public const string Named = "person";
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ModelFacts))]
internal sealed partial class ModelFactsJson : JsonSerializerContext;
