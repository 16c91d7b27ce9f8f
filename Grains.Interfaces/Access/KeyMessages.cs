using System.Collections.Immutable;
using Actors.Idempotency;

namespace Actors.Access;

/// <summary>What a key may do.</summary>
[GenerateSerializer, Alias("CallerRole")]
public enum CallerRole
{
    /// <summary>Reads its clients' data and the catalogue.</summary>
    Reader,

    /// <summary>Reads and writes its clients' data, reads the catalogue.</summary>
    Agent,

    /// <summary>Everything.</summary>
    Admin,
}

/// <summary>Roles as the API and the schema write them.</summary>
public static class RoleNames
{
    /// <summary>All names.</summary>
    public static ImmutableArray<string> All { get; } = ["agent", "reader", "admin"];

    /// <summary>The name of a role.</summary>
    public static string Of(CallerRole role) => role switch
    {
        CallerRole.Reader => "reader",
        CallerRole.Agent => "agent",
        CallerRole.Admin => "admin",
        _ => throw new ArgumentOutOfRangeException(nameof(role)),
    };

    /// <summary>The role of a name; null when it is none.</summary>
    public static CallerRole? RoleOf(string name) => name switch
    {
        "reader" => CallerRole.Reader,
        "agent" => CallerRole.Agent,
        "admin" => CallerRole.Admin,
        _ => null,
    };
}

/// <summary>A key to store. Its secret stays with whoever made it.</summary>
/// <param name="Name">For people, and as the actor in histories: 1 to 200 characters.</param>
/// <param name="Role">What it may do.</param>
/// <param name="ClientIds">Whose data it reaches: at most 1,000 client ids; none for admins, who reach all.</param>
/// <param name="RateLimitPerMinute">Requests a minute, at least 1; null: the service's default.</param>
/// <param name="ExpiresAt">End of its life, exclusive, in the future; null: none.</param>
/// <param name="Hash">SHA-256 of the secret's UTF-8 bytes.</param>
/// <param name="Prefix">The secret's first characters, by which people tell keys apart: at most 12.</param>
/// <param name="IdempotencyKey">By what a repeat of the request is recognised; null: a repeat makes another key.</param>
/// <param name="Salt">
/// What its maker needs, beside a secret of their own, to make this key's secret again; kept with the answer. Empty without an
/// idempotency key.
/// </param>
[GenerateSerializer, Immutable, Alias("NewKey")]
public sealed record NewKey(
    [property: Id(0)] string Name,
    [property: Id(1)] CallerRole Role,
    [property: Id(2)] ImmutableArray<string> ClientIds,
    [property: Id(3)] int? RateLimitPerMinute,
    [property: Id(4)] DateTimeOffset? ExpiresAt,
    [property: Id(5)] ImmutableArray<byte> Hash,
    [property: Id(6)] string Prefix,
    [property: Id(7)] IdempotencyKey? IdempotencyKey = null,
    [property: Id(8)] ImmutableArray<byte> Salt = default)
{
    /// <summary>Longest name, in characters; the schema says the same.</summary>
    public const int MaxNameLength = 200;

    /// <summary>Most clients of a key; the schema says the same.</summary>
    public const int MaxClientIds = 1_000;
}

/// <summary>What to change of a key. Its role and its secret stay: for another one make another key.</summary>
/// <param name="Name">New name; null: as it is.</param>
/// <param name="ClientIds">New clients, all of them; null: as they are.</param>
/// <param name="RateLimitPerMinute">New limit; null: as it is.</param>
/// <param name="ExpiresAt">New end; null: as it is. One in the past ends the key at once.</param>
/// <param name="IsDisabled">Whether it is disabled; null: as it is.</param>
[GenerateSerializer, Immutable, Alias("KeyChange")]
public sealed record KeyChange(
    [property: Id(0)] string? Name = null,
    [property: Id(1)] ImmutableArray<string>? ClientIds = null,
    [property: Id(2)] OptionalLimit? RateLimitPerMinute = null,
    [property: Id(3)] OptionalEnd? ExpiresAt = null,
    [property: Id(4)] bool? IsDisabled = null);

/// <summary>A rate limit to set.</summary>
/// <param name="PerMinute">Requests a minute, at least 1; null: the service's default.</param>
[GenerateSerializer, Immutable, Alias("OptionalLimit")]
public sealed record OptionalLimit([property: Id(0)] int? PerMinute);

/// <summary>An end to set.</summary>
/// <param name="At">End of the key's life, exclusive; null: none.</param>
[GenerateSerializer, Immutable, Alias("OptionalEnd")]
public sealed record OptionalEnd([property: Id(0)] DateTimeOffset? At);

/// <summary>A stored key. Times have microsecond precision.</summary>
/// <param name="Id">Key id (UUID version 7).</param>
/// <param name="Prefix">First characters of its secret.</param>
/// <param name="Name">For people, and as the actor in histories.</param>
/// <param name="Role">What it may do.</param>
/// <param name="ClientIds">Whose data it reaches; without meaning for admins.</param>
/// <param name="RateLimitPerMinute">Requests a minute; null: the service's default.</param>
/// <param name="ExpiresAt">End of its life, exclusive; null: none.</param>
/// <param name="DisabledAt">Since when it is disabled; null: it is not.</param>
/// <param name="LastUsedAt">When it was used last, a minute late at most; null: never.</param>
/// <param name="CreatedAt">When it was made.</param>
[GenerateSerializer, Immutable, Alias("KeyRecord")]
public sealed record KeyRecord(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string Prefix,
    [property: Id(2)] string Name,
    [property: Id(3)] CallerRole Role,
    [property: Id(4)] ImmutableArray<string> ClientIds,
    [property: Id(5)] int? RateLimitPerMinute,
    [property: Id(6)] DateTimeOffset? ExpiresAt,
    [property: Id(7)] DateTimeOffset? DisabledAt,
    [property: Id(8)] DateTimeOffset? LastUsedAt,
    [property: Id(9)] DateTimeOffset CreatedAt);

/// <summary>That a key was used.</summary>
/// <param name="KeyId">The key.</param>
/// <param name="At">When it was used last.</param>
[GenerateSerializer, Immutable, Alias("KeyUse")]
public sealed record KeyUse([property: Id(0)] Guid KeyId, [property: Id(1)] DateTimeOffset At);

/// <summary>What has to be kept of a new key to answer its request again.</summary>
/// <param name="Key">The key.</param>
/// <param name="Salt">See <see cref="NewKey.Salt"/>.</param>
public sealed record KeyReceipt(KeyRecord Key, ImmutableArray<byte> Salt);
