using Npgsql;

namespace Actors.Access;

/// <summary>How a row of api_keys becomes a <see cref="KeyRecord"/>.</summary>
internal static class KeyRow
{
    public const string Columns =
        "id, key_prefix, name, role, client_ids, rate_limit_per_minute, expires_at, disabled_at, last_used_at, created_at";

    /// <summary>Reads <see cref="Columns"/>, which begin at an ordinal.</summary>
    public static KeyRecord Read(NpgsqlDataReader reader, int at = 0) => new(
        reader.GetGuid(at),
        reader.GetString(at + 1),
        reader.GetString(at + 2),
        RoleNames.RoleOf(reader.GetString(at + 3)) ?? throw new InvalidOperationException("A key has a role that is not known here."),
        [.. reader.GetFieldValue<string[]>(at + 4)],
        reader.IsDBNull(at + 5) ? null : reader.GetInt32(at + 5),
        Time(reader, at + 6),
        Time(reader, at + 7),
        Time(reader, at + 8),
        reader.GetFieldValue<DateTimeOffset>(at + 9));

    private static DateTimeOffset? Time(NpgsqlDataReader reader, int at) =>
        reader.IsDBNull(at) ? null : reader.GetFieldValue<DateTimeOffset>(at);
}
