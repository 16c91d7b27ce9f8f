using Npgsql;

namespace Actors.Clients;

/// <summary>What Postgres' errors mean for a line of an import.</summary>
internal static class ImportRefusals
{
    // Ids of rows are primary keys, and these a version's.
    private const string PrimaryKey = "_pkey";
    private const string VersionKey = "fact_versions_begin_once";

    /// <summary>Whether a row is to blame: data exceptions, constraints, limits of the program, and rows that are not what a table takes.</summary>
    public static bool Concerns(PostgresException failure) =>
        failure.SqlState[..2] is "22" or "23" or "54" || failure.SqlState is PostgresErrorCodes.InvalidTextRepresentation or PostgresErrorCodes.DatatypeMismatch;

    /// <summary>The refusal of a line. It repeats no value of the row but what Postgres could not read.</summary>
    public static Exception Of(PostgresException failure, string table, long line) => failure switch
    {
        { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: var name } when name?.EndsWith(PrimaryKey, StringComparison.Ordinal) == true || name == VersionKey =>
            new ImportRefusedException(ImportRefusedException.IdTaken, line, $"A row of {table} with this id exists already, in this database or earlier in the file."),
        { SqlState: PostgresErrorCodes.NotNullViolation } =>
            new ImportRefusedException(ImportRefusedException.BrokenRule, line, $"The row of {table} lacks '{failure.ColumnName}'."),
        { ConstraintName: { } rule } =>
            new ImportRefusedException(ImportRefusedException.BrokenRule, line, $"The row of {table} breaks the rule '{rule}'."),
        _ => new ImportRefusedException(ImportRefusedException.BrokenRule, line, $"The row of {table} cannot be read: {failure.MessageText}."),
    };
}
