using System.Collections.Immutable;
using System.Text.Json;
using Actors.Http;

namespace Actors.Sessions;

/// <summary>Reads recall requests, from a query string or a body of the same names.</summary>
internal static class RecallBinding
{
    /// <summary>Longest question, in characters.</summary>
    public const int MaxQueryLength = 4_096;

    /// <summary>Forms of the answer.</summary>
    public static readonly IReadOnlyList<string> Formats = ["results", "context"];

    /// <summary>Longest list of scopes as text, in characters.</summary>
    public const int MaxScopesLength = 256;

    /// <summary>Most metadata a question may filter by.</summary>
    public const int MaxMetadataFilters = 16;

    /// <summary>Longest name and value of metadata to filter by, in characters.</summary>
    public const int MaxMetadataLength = 1_024;

    private const string MetadataPrefix = "metadata.";

    public static RecallCall FromQuery(IQueryCollection parameters)
    {
        var faults = new Faults();
        var query = new QueryReader(parameters, faults);
        var clientId = ClientIds.Of(query);
        var maxTokens = MaxTokens(
            query.Choice("format", FormatOf, Formats), query.Integer("max_tokens", ContextText.MinTokens, ContextText.MaxTokens), query);
        var request = new RecallRequest(
            query.Text("query", MaxQueryLength, required: true) ?? "",
            query.Integer("k", 1, RecallRequest.MaxK) ?? DefaultK(maxTokens),
            Scopes(query.Text("scopes", MaxScopesLength), query),
            query.Choice("memory_type", MemoryNames.KindOf, MemoryNames.Kinds),
            query.Time("as_of"),
            query.Time("known_at"),
            query.Text("conversation_id", RememberBinding.MaxNameLength),
            query.Text("speaker", RememberBinding.MaxNameLength),
            query.Time("from"),
            query.Time("to"),
            Metadata(query.WithPrefix(MetadataPrefix)));
        CheckMetadata(request.Metadata, query);
        query.RefuseOthers();
        faults.ThrowIfAny();
        return new RecallCall(clientId!, request, maxTokens);
    }

    public static RecallCall FromBody(JsonElement element)
    {
        var faults = new Faults();
        var body = JsonObjectReader.For(element, "", faults);
        faults.ThrowIfAny();
        var clientId = ClientIds.Of(body!, required: true);
        var maxTokens = MaxTokens(
            body!.Choice("format", FormatOf, Formats), body.Integer("max_tokens", ContextText.MinTokens, ContextText.MaxTokens), body);
        var request = new RecallRequest(
            body.Text("query", MaxQueryLength, required: true) ?? "",
            body.Integer("k", 1, RecallRequest.MaxK) ?? DefaultK(maxTokens),
            Scopes(body.Any("scopes"), body),
            body.Choice("memory_type", MemoryNames.KindOf, MemoryNames.Kinds),
            body.Time("as_of"),
            body.Time("known_at"),
            body.Text("conversation_id", RememberBinding.MaxNameLength),
            body.Text("speaker", RememberBinding.MaxNameLength),
            body.Time("from"),
            body.Time("to"),
            Metadata(body.Any("metadata"), body));
        CheckMetadata(request.Metadata, body);
        body.RefuseOthers();
        faults.ThrowIfAny();
        return new RecallCall(clientId!, request, maxTokens);
    }

    private static bool? FormatOf(string name) => name switch { "results" => false, "context" => true, _ => null };

    // Of context there is as much as fits, if the caller does not say how many.
    private static int DefaultK(int? maxTokens) => maxTokens is null ? RecallRequest.DefaultK : RecallRequest.MaxK;

    private static int? MaxTokens(bool? isContext, int? maxTokens, IFieldFaults faults)
    {
        if (isContext is true)
        {
            return maxTokens ?? ContextText.DefaultTokens;
        }

        if (maxTokens is not null)
        {
            faults.Fault("max_tokens", "is for format=context");
        }

        return null;
    }

    // "user,global" or ["user","global"].
    private static ImmutableArray<MemoryScope> Scopes(string? text, IFieldFaults faults)
    {
        if (text is null)
        {
            return [];
        }

        if (!text.StartsWith('['))
        {
            return Scopes(text.Split(',', StringSplitOptions.TrimEntries), faults);
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return Scopes(document.RootElement, faults);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            faults.Fault("scopes", "must be names with commas between, or a JSON array of names");
            return [];
        }
    }

    private static ImmutableArray<MemoryScope> Scopes(JsonElement? value, IFieldFaults faults)
    {
        switch (value)
        {
            case null:
                return [];
            case { ValueKind: JsonValueKind.String } text:
                return Scopes(text.GetString(), faults);
            case { ValueKind: JsonValueKind.Array } array when array.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String):
                return Scopes([.. array.EnumerateArray().Select(e => e.GetString()!)], faults);
            default:
                faults.Fault("scopes", "must be names with commas between, or an array of names");
                return [];
        }
    }

    private static ImmutableArray<MemoryScope> Scopes(string[] names, IFieldFaults faults)
    {
        var scopes = names.Select(MemoryNames.ScopeOf).Distinct().ToArray();
        if (scopes.All(scope => scope is not null))
        {
            return [.. scopes.Select(scope => scope!.Value)];
        }

        faults.Fault("scopes", $"must be of {string.Join(", ", MemoryNames.Scopes)}");
        return [];
    }

    private static void CheckMetadata(ImmutableArray<MetadataFilter> filters, IFieldFaults faults)
    {
        if (filters.IsEmpty)
        {
            return;
        }

        if (filters.Length > MaxMetadataFilters || filters.Any(f => f.Name.Length > MaxMetadataLength || f.Value.Length > MaxMetadataLength))
        {
            faults.Fault("metadata", $"must be at most {MaxMetadataFilters} names and values of at most {MaxMetadataLength} characters each");
        }
    }

    private static ImmutableArray<MetadataFilter> Metadata(IReadOnlyList<(string Name, string Value)> parameters) =>
        parameters.Count == 0 ? [] : [.. parameters.Select(p => new MetadataFilter(p.Name, p.Value))];

    private static ImmutableArray<MetadataFilter> Metadata(JsonElement? value, JsonObjectReader body)
    {
        if (value is null)
        {
            return [];
        }

        if (value is not { ValueKind: JsonValueKind.Object } filters
            || filters.EnumerateObject().Any(m => m.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array))
        {
            body.Fault("metadata", "must be an object of names and the plain values they must have");
            return [];
        }

        return [.. filters.EnumerateObject().Select(m => new MetadataFilter(
            m.Name, m.Value.ValueKind == JsonValueKind.String ? m.Value.GetString()! : m.Value.GetRawText()))];
    }
}

/// <summary>A recall as it was asked for.</summary>
/// <param name="ClientId">Whose memory.</param>
/// <param name="Request">The question.</param>
/// <param name="MaxTokens">Budget of the text that is wanted; null: results are.</param>
internal sealed record RecallCall(string ClientId, RecallRequest Request, int? MaxTokens);
