using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Actors.Extraction;
using Actors.Sessions;
using Actors.Storage;
using Npgsql;

namespace Actors.Promotion;

/// <summary>An event whose turn it is.</summary>
/// <param name="EventId">The event.</param>
/// <param name="ClientId">Whose it is.</param>
/// <param name="Generation">Of the job: moves with the event's text and client.</param>
/// <param name="Failures">Attempts in a row that failed.</param>
internal sealed record DuePromotion(Guid EventId, string ClientId, int Generation, int Failures);

/// <summary>An event with its job, as the sweeper works on it.</summary>
/// <param name="Memory">The event.</param>
/// <param name="State">How far it is.</param>
/// <param name="Failures">Attempts in a row that failed.</param>
/// <param name="Generation">What is decided on this reading stands only while the job is of it.</param>
/// <param name="Found">What was found, once it is extracted; null also when that cannot be read.</param>
internal sealed record PromotionJob(EventRecord Memory, PromotionState State, int Failures, int Generation, FoundFacts? Found);

/// <summary>What an extractor found in an event, as it is stored before it is applied.</summary>
/// <param name="Extractor">Who.</param>
/// <param name="Version">Its version.</param>
/// <param name="Model">The language model, if any.</param>
/// <param name="ContentHash">MD5 of the content it was found in.</param>
/// <param name="Facts">The facts; their places are their ordinals.</param>
/// <param name="SetAside">What is not recorded.</param>
internal sealed record FoundFacts(string Extractor, string Version, string? Model, Guid ContentHash, ImmutableArray<ExtractedFact> Facts, ImmutableArray<string> SetAside);

/// <summary>The same as it stands in <c>promotion_jobs.result</c>.</summary>
internal sealed record StoredFacts(Guid ContentHash, ImmutableArray<ExtractedFact> Facts);

/// <summary>How facts that were found stand in <c>promotion_jobs.result</c>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(StoredFacts))]
internal sealed partial class PromotionJson : JsonSerializerContext;

/// <summary>How promotions are read from their rows.</summary>
internal static class PromotionRow
{
    /// <summary>What to select from <c>promotion_jobs j</c> for <see cref="Read"/>.</summary>
    public const string Columns =
        """
        j.event_id, j.client_id, j.state, j.attempts, j.next_attempt_at, j.last_error, j.extractor, j.extractor_version, j.model, j.set_aside,
        array(select f.id from fact_sources s join facts f on f.id = s.fact_id and f.client_id = j.client_id
              where s.event_id = j.event_id and s.ordinal is not null group by f.id order by min(s.ordinal)),
        j.created_at, j.updated_at
        """;

    /// <summary>What to select from <c>promotion_jobs j</c> and <see cref="EventRow.Source"/> for <see cref="ReadJob"/>.</summary>
    public const string JobColumns = $"j.state, j.failures, j.extractor, j.extractor_version, j.model, j.result::text, j.set_aside, j.generation, {EventRow.Columns}";

    /// <summary>Most reasons of an event that are told.</summary>
    public const int MaxReasons = 100;

    private const int JobColumnCount = 8;

    public static PromotionRecord Read(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        row.GetString(1),
        PromotionNames.StateOf(row.GetString(2))!.Value,
        row.GetInt32(3),
        row.ValueOrNull<DateTimeOffset>(4),
        row.TextOrNull(5),
        row.TextOrNull(6),
        row.TextOrNull(7),
        row.TextOrNull(8),
        [.. row.GetFieldValue<Guid[]>(10)],
        [.. row.GetFieldValue<string[]>(9).Take(MaxReasons)],
        row.GetFieldValue<DateTimeOffset>(11),
        row.GetFieldValue<DateTimeOffset>(12));

    public static PromotionJob ReadJob(NpgsqlDataReader row) => new(
        EventRow.Read(row, JobColumnCount),
        PromotionNames.StateOf(row.GetString(0))!.Value,
        row.GetInt32(1),
        row.GetInt32(7),
        row.TextOrNull(5) is { } result && FactsOf(result) is { } stored && row.TextOrNull(2) is { } extractor && row.TextOrNull(3) is { } version
            ? new FoundFacts(extractor, version, row.TextOrNull(4), stored.ContentHash, stored.Facts, [.. row.GetFieldValue<string[]>(6)]) : null);

    public static string JsonOf(FoundFacts found) => JsonSerializer.Serialize(new StoredFacts(found.ContentHash, found.Facts), PromotionJson.Default.StoredFacts);

    // An import may bring anything.
    private static StoredFacts? FactsOf(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, PromotionJson.Default.StoredFacts) is { Facts.IsDefault: false } stored && !stored.Facts.Any(fact => fact is null) ? stored : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
