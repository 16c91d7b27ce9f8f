using Actors.Facts;
using Actors.Idempotency;
using Npgsql;

namespace Actors.Sessions;

/// <summary>What Postgres' refusal of a commit means to the writer of what is refused.</summary>
internal static class SessionRefusals
{
    // Raised by the functions of sql/006.
    private const string FactVersionConflict = "PM004";
    private const string UnknownSourceEvent = "PM006";

    // Raised by promote_event of sql/023, as is a repeat of what was found in an event.
    private const string SourceChanged = "PM010";
    private const string AppliedOnce = "fact_sources_apply_an_extraction_once";

    /// <summary>Whether a failure is one writer's alone, so that others of the same commit may succeed without it.</summary>
    public static bool ConcernsOneWrite(Exception? failure) =>
        failure is MemoryRefusedException or FactRefusedException or FactConflictException or FactAlreadyPromotedException or AlreadyAnsweredException;

    /// <summary>The typed error for a refusal that is about the data; null for any other.</summary>
    /// <param name="failure">What Postgres said.</param>
    /// <param name="commit">What was sent. Of several writes the error may be another one's; sent alone it tells.</param>
    public static Exception? Of(PostgresException failure, SessionCommit commit) => failure.SqlState switch
    {
        FactVersionConflict or PostgresErrorCodes.ExclusionViolation => new FactConflictException(),
        KeptAnswers.Taken => new AlreadyAnsweredException(),
        UnknownSourceEvent => new FactRefusedException("unknown_source", "source_memory_ids names an event that this client does not have."),
        SourceChanged => new FactRefusedException("source_changed", "The event has another content by now."),
        PostgresErrorCodes.UniqueViolation when failure.ConstraintName is AppliedOnce => new FactAlreadyPromotedException(),
        PostgresErrorCodes.ForeignKeyViolation when failure.ConstraintName is "events_run_id_names_a_run" or "events_run_is_of_the_same_client" =>
            new MemoryRefusedException("unknown_run", "run_id names no execution run of this client."),
        PostgresErrorCodes.CheckViolation => Refused(
            commit, failure.ConstraintName ?? "check_violation", $"The value breaks the rule '{failure.ConstraintName}'."),
        PostgresErrorCodes.NumericValueOutOfRange => Refused(commit, "number_out_of_range", "Metadata holds a number that cannot be stored."),
        PostgresErrorCodes.ProgramLimitExceeded => Refused(commit, "value_too_large", "A value is too large to store."),
        { } state when state.StartsWith("22", StringComparison.Ordinal) => Refused(commit, "value_not_storable", "A value cannot be stored."),
        _ => null,
    };

    private static Exception Refused(SessionCommit commit, string code, string message) =>
        commit.Added.IsEmpty ? new FactRefusedException(code, message) : new MemoryRefusedException(code, message);
}
