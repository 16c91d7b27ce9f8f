using Npgsql;

namespace Actors.Sessions;

/// <summary>What Postgres' refusal of an event means to its writer.</summary>
internal static class SessionRefusals
{
    /// <summary>The typed error for a refusal that is about the data; null for any other.</summary>
    public static MemoryRefusedException? Of(PostgresException failure) => failure.SqlState switch
    {
        PostgresErrorCodes.ForeignKeyViolation when failure.ConstraintName is "events_run_id_names_a_run" or "events_run_is_of_the_same_client" =>
            new MemoryRefusedException("unknown_run", "run_id names no execution run of this client."),
        PostgresErrorCodes.CheckViolation =>
            new MemoryRefusedException(failure.ConstraintName ?? "check_violation", $"The memory breaks the rule '{failure.ConstraintName}'."),
        PostgresErrorCodes.NumericValueOutOfRange =>
            new MemoryRefusedException("number_out_of_range", "Metadata holds a number that cannot be stored."),
        { } state when state.StartsWith("22", StringComparison.Ordinal) =>
            new MemoryRefusedException("value_not_storable", "The memory holds a value that cannot be stored."),
        PostgresErrorCodes.ProgramLimitExceeded =>
            new MemoryRefusedException("value_too_large", "The memory holds a value that is too large to store."),
        _ => null,
    };
}
