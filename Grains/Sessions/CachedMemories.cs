using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Actors.Caching;
using Actors.Facts;
using Actors.Sessions.Recall;
using Actors.Zep;

namespace Actors.Sessions;

/// <summary>An answer as the shared cache keeps it, with what it depends on.</summary>
/// <param name="Version">The client's version it was computed at.</param>
/// <param name="EraseEpoch">The client's epoch then.</param>
/// <param name="LastRecordedAt">The client's latest transaction time then. A database that was restored may come to the same version by other writes.</param>
/// <param name="SharedVersion">The version of the shared facts then.</param>
/// <param name="ValidUntil">When it stops being true by itself, exclusive; null: never.</param>
/// <param name="Hits">Best first.</param>
/// <param name="Degraded">What is missing from it, for good or until <paramref name="ValidUntil"/>.</param>
internal sealed record CachedAnswer(
    long Version, long EraseEpoch, DateTimeOffset? LastRecordedAt, long SharedVersion, DateTimeOffset? ValidUntil, ImmutableArray<RecallHit> Hits, ImmutableArray<string> Degraded);

/// <summary>An event as the shared cache keeps it.</summary>
/// <param name="Format">Which members an event has: <see cref="CachedMemories.Format"/>.</param>
/// <param name="Version">A client's version at which it was such.</param>
/// <param name="EraseEpoch">The client's epoch then.</param>
/// <param name="Event">The event.</param>
internal sealed record CachedEvent(int Format, long Version, long EraseEpoch, EventRecord Event);

/// <summary>How entries are written. An entry that lacks a member cannot be read.</summary>
[JsonSourceGenerationOptions(
    RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true, DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(CachedAnswer))]
[JsonSerializable(typeof(CachedEvent))]
[JsonSerializable(typeof(RankingOptions))]
internal sealed partial class CachedJson : JsonSerializerContext;

/// <summary>What sessions keep in the shared cache.</summary>
internal static class CachedMemories
{
    /// <summary>To be raised when what is written of an event changes its meaning; new and missing members are noticed without.</summary>
    public const int Format = 1;

    private const int HashLength = 32;

    // Of an entry and of each memory in it, beside their texts; rounded up.
    private const int OverheadBytes = 512;

    /// <summary><c>event:{client}:{id}</c>, a day.</summary>
    public static CacheKind<CachedEvent> Events { get; } = new(
        "event", PartLength: 36, TimeSpan.FromSeconds(86_400), CachedJson.Default.CachedEvent, entry => entry.Format == Format,
        entry => BytesOf(entry.Event), id => id);

    /// <summary>
    /// <c>recall:{client}:{hash}</c>, an hour; the name of an entry is <see cref="RecallKey"/>'s. The hash covers it, and everything that
    /// decides how this build and its settings rank.
    /// </summary>
    /// <param name="ranking">The weights.</param>
    /// <param name="limits">How much a session searches.</param>
    /// <param name="sharedLimits">How many shared facts are searched.</param>
    /// <param name="zep">What is asked of Zep.</param>
    public static CacheKind<CachedAnswer> Answers(RankingOptions ranking, SessionOptions limits, SharedFactsOptions sharedLimits, ZepOptions zep)
    {
        // The build itself, since nobody can be trusted to raise a number with each change of the ranking.
        var fingerprint = string.Join(
            '\n', typeof(RankingOptions).Module.ModuleVersionId, JsonSerializer.Serialize(ranking, CachedJson.Default.RankingOptions),
            limits.MaxHotEvents, limits.MaxHotCharacters, sharedLimits.MaxFacts, zep.IsOn ? $"{zep.BaseUrl} {zep.SearchHits} {zep.GoodEnough} {zep.LeastScore}" : "");
        return new(
            "recall", HashLength, TimeSpan.FromSeconds(3_600), CachedJson.Default.CachedAnswer, IsSound,
            entry => entry.Hits.Sum(hit => BytesOf(hit.Memory)), question => HashOf(fingerprint, question));
    }

    private static bool IsSound(CachedAnswer entry) =>
        !entry.Hits.IsDefault && !entry.Degraded.IsDefault
        && entry.Hits.All(hit => hit is not null && (hit.Event is null ? 0 : 1) + (hit.Fact is null ? 0 : 1) + (hit.Zep is null ? 0 : 1) == 1 && !hit.MatchedTerms.IsDefault);

    private static long BytesOf(IMemory memory) => OverheadBytes + (sizeof(char) * MemoryTexts.Characters(memory));

    private static string HashOf(string fingerprint, string question) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{fingerprint}\n{question}")))[..HashLength];
}
