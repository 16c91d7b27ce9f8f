using System.ComponentModel;
using Actors.OpenApi;

namespace Actors.Access;

[Description("A key without its secret.")]
internal sealed record KeyAnswer(
    [Description("Its id.")] Guid KeyId,
    [Description("The secret's first characters, by which people tell keys apart.")] string Prefix,
    [Description("For people, and the actor in histories.")] string Name,
    [Description("What it may do."), ValuesOf(typeof(RoleNames), nameof(RoleNames.All))] string Role,
    [Description("Whose data it reaches.")] string[] ClientIds,
    [Description("Requests a minute; null: the service's default.")] int? RateLimitPerMinute,
    [Description("End of its life; null: none.")] DateTimeOffset? ExpiresAt,
    [Description("Since when it is disabled; null: it is not.")] DateTimeOffset? DisabledAt,
    [Description("When it was used last, written once a minute; null: never.")] DateTimeOffset? LastUsedAt,
    [Description("When it was made.")] DateTimeOffset CreatedAt)
{
    public static KeyAnswer Of(KeyRecord key) => new(
        key.Id,
        key.Prefix,
        key.Name,
        RoleNames.Of(key.Role),
        [.. key.ClientIds],
        key.RateLimitPerMinute,
        key.ExpiresAt,
        key.DisabledAt,
        key.LastUsedAt,
        key.CreatedAt);
}

[Description("A key that was just made: the one answer with its secret.")]
internal sealed record CreatedKeyAnswer(
    [Description("Its id.")] Guid KeyId,
    [Description("The secret, shown in this answer alone.")] string Key,
    [Description("The secret's first characters, by which people tell keys apart.")] string Prefix,
    [Description("For people, and the actor in histories.")] string Name,
    [Description("What it may do."), ValuesOf(typeof(RoleNames), nameof(RoleNames.All))] string Role,
    [Description("Whose data it reaches.")] string[] ClientIds,
    [Description("Requests a minute; null: the service's default.")] int? RateLimitPerMinute,
    [Description("End of its life; null: none.")] DateTimeOffset? ExpiresAt,
    [Description("When it was made.")] DateTimeOffset CreatedAt)
{
    public static CreatedKeyAnswer Of(KeyRecord key, KeySecret secret) => new(
        key.Id,
        secret.Text,
        key.Prefix,
        key.Name,
        RoleNames.Of(key.Role),
        [.. key.ClientIds],
        key.RateLimitPerMinute,
        key.ExpiresAt,
        key.CreatedAt);
}

[Description("One page of keys.")]
internal sealed record KeyList(
    [Description("Newest first.")] KeyAnswer[] Items,
    [Description("The `cursor` of the next page; null: this is the last.")] string? NextCursor);
