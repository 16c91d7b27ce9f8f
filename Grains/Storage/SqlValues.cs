using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Npgsql;
using NpgsqlTypes;

namespace Actors.Storage;

/// <summary>Positional parameters of a statement, each with its Postgres type, so that null needs no cast.</summary>
internal static class SqlValues
{
    public static NpgsqlParameter Uuid(Guid? value) => Value(NpgsqlDbType.Uuid, value);

    /// <param name="values">Default (not given): null.</param>
    public static NpgsqlParameter Uuids(ImmutableArray<Guid> values) => Value(NpgsqlDbType.Array | NpgsqlDbType.Uuid, ArrayOf(values));

    public static NpgsqlParameter Text(string? value) => Value(NpgsqlDbType.Text, value);

    /// <param name="values">Default (not given): null.</param>
    public static NpgsqlParameter Texts(ImmutableArray<string> values) => Value(NpgsqlDbType.Array | NpgsqlDbType.Text, ArrayOf(values));

    public static NpgsqlParameter Jsonb(string? value) => Value(NpgsqlDbType.Jsonb, value);

    public static NpgsqlParameter Boolean(bool? value) => Value(NpgsqlDbType.Boolean, value);

    public static NpgsqlParameter Integer(int? value) => Value(NpgsqlDbType.Integer, value);

    public static NpgsqlParameter Numeric(decimal? value) => Value(NpgsqlDbType.Numeric, value);

    public static NpgsqlParameter Time(DateTimeOffset? value) => Value(NpgsqlDbType.TimestampTz, value?.ToUniversalTime());

    public static NpgsqlParameter Day(DateOnly? value) => Value(NpgsqlDbType.Date, value);

    public static NpgsqlParameter Value(NpgsqlDbType type, object? value) => new() { NpgsqlDbType = type, Value = value ?? DBNull.Value };

    private static T[]? ArrayOf<T>(ImmutableArray<T> values) => ImmutableCollectionsMarshal.AsArray(values);
}
