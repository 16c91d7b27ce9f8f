using Npgsql;

namespace Actors.Storage;

/// <summary>Nullable columns of the row a reader stands on.</summary>
internal static class SqlReading
{
    public static string? TextOrNull(this NpgsqlDataReader reader, int at) => reader.IsDBNull(at) ? null : reader.GetString(at);

    public static T? ValueOrNull<T>(this NpgsqlDataReader reader, int at)
        where T : struct => reader.IsDBNull(at) ? null : reader.GetFieldValue<T>(at);
}
