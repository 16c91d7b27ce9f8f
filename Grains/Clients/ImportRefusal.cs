using Npgsql;

namespace Actors.Clients;

/// <summary>Why a line of an import is not taken.</summary>
/// <param name="Code">One of the codes of <see cref="ImportRefusedException"/>.</param>
/// <param name="Message">What is wrong, for people. It repeats no value of the row but what Postgres could not read.</param>
internal sealed record ImportRefusal(string Code, string Message)
{
    // Ids of rows are primary keys, and these a version's.
    private const string PrimaryKey = "_pkey";
    private const string VersionKey = "fact_versions_begin_once";

    /// <summary>Whether a row is to blame: data exceptions, constraints, limits of the program, and rows that are not what a table takes.</summary>
    public static bool Concerns(PostgresException failure) =>
        failure.SqlState[..2] is "22" or "23" or "54" || failure.SqlState is PostgresErrorCodes.InvalidTextRepresentation or PostgresErrorCodes.DatatypeMismatch;

    /// <summary>What Postgres says of a row of that table.</summary>
    public static ImportRefusal Of(PostgresException failure, string table) => failure switch
    {
        { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: var name } when name?.EndsWith(PrimaryKey, StringComparison.Ordinal) == true || name == VersionKey =>
            new(ImportRefusedException.IdTaken, $"A row of {table} with this id exists already, in this database or earlier in the file."),
        { SqlState: PostgresErrorCodes.NotNullViolation } => new(ImportRefusedException.BrokenRule, $"The row of {table} lacks '{failure.ColumnName}'."),
        { ConstraintName: { } rule } => OfRule(rule, table),
        _ => new(ImportRefusedException.BrokenRule, $"The row of {table} cannot be read: {failure.MessageText}."),
    };

    /// <summary>A rule that a row of that table breaks.</summary>
    public static ImportRefusal OfRule(string rule, string table) => new(ImportRefusedException.BrokenRule, $"The row of {table} breaks the rule '{rule}'.");

    /// <summary>The refusal of a line.</summary>
    public ImportRefusedException At(long line) => new(Code, line, Message);
}
