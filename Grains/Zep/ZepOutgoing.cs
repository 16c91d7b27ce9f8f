using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Actors.Facts;
using Actors.Sessions;

namespace Actors.Zep;

/// <summary>What Zep is to have of a memory.</summary>
internal static class ZepOutgoing
{
    /// <summary>Events of this importance go to Zep; the HTTP contract's figure, which the triggers of <c>sql/022</c> have too.</summary>
    public const double LeastSalience = 0.7;

    private const string Assistant = "assistant";

    // What came in over HTTP is not deep; what psql stored may be.
    private static readonly JsonDocumentOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    /// <summary>Whether Zep is to have an event.</summary>
    public static bool IsWanted(EventRecord? memory, DateTimeOffset now) => memory is { Salience: >= LeastSalience } && !(memory.ExpiresAt <= now);

    /// <summary>What an event is there, part by part.</summary>
    public static ImmutableArray<string> PartsOf(EventRecord memory) => ZepText.Split(memory.Content);

    /// <summary>One part as a message.</summary>
    public static ZepMessage Message(EventRecord memory, Guid id, string part) => new(
        id, part, memory.Speaker, string.Equals(memory.Speaker, Assistant, StringComparison.OrdinalIgnoreCase), memory.OccurredAt, memory.Id);

    /// <summary>Tells whether what was sent of an event is still what it is.</summary>
    public static Guid HashOf(EventRecord memory) => HashOf(memory.Content, memory.Speaker, Text(memory.OccurredAt));

    /// <summary>A fact as an edge from what it is about, to the first entity it is related to if it names one.</summary>
    public static ZepTriple Triple(FactRecord fact, Guid id) => new(
        id, ZepText.FactName(fact.FactType), ZepText.Truncate(fact.Content, ZepLimits.FactLength), ZepText.NodeName($"{fact.Subject.Type} {fact.Subject.Id}"), ZepText.NodeName(TargetOf(fact)), fact.ValidFrom, fact.ValidTo,
        fact.CreatedAt);

    /// <summary>An edge that is several facts holds as long as any of them: who asks Zep is not to miss what holds here.</summary>
    public static ZepTriple Shared(ZepTriple edge, ZepTimes? others) => others is null ? edge : edge with
    {
        ValidAt = others.From < edge.ValidAt ? others.From : edge.ValidAt,
        InvalidAt = edge.InvalidAt is { } end && others.To is { } last ? (last > end ? last : end) : null,
    };

    /// <summary>Tells whether what was sent of a fact is still what it is.</summary>
    public static Guid HashOf(FactRecord fact) =>
        HashOf(fact.FactType, fact.Content, fact.Subject.Type, fact.Subject.Id, Text(fact.ValidFrom), fact.ValidTo is { } end ? Text(end) : null, TargetOf(fact));

    private static string TargetOf(FactRecord fact)
    {
        if (fact.MetadataJson == "{}")
        {
            return fact.Content;
        }

        using var metadata = JsonDocument.Parse(fact.MetadataJson, AnyDepth);
        return metadata.RootElement.TryGetProperty("relations", out var relations) && relations.ValueKind == JsonValueKind.Array
            && relations.EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } first
            && first.TryGetProperty("subject_id", out var id) && id.ValueKind == JsonValueKind.String && !string.IsNullOrWhiteSpace(id.GetString())
            ? id.GetString()! : fact.Content;
    }

    private static string Text(DateTimeOffset time) => time.UtcTicks.ToString(CultureInfo.InvariantCulture);

    private static Guid HashOf(params string?[] fields)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var field in fields)
        {
            // Lengths, so that no two lists of fields look the same.
            hash.AppendData(BitConverter.GetBytes(field?.Length ?? -1));
            hash.AppendData(Encoding.Unicode.GetBytes(field ?? ""));
        }

        return new Guid(hash.GetHashAndReset().AsSpan(0, 16));
    }
}
