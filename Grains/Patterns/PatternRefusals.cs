using Npgsql;

namespace Actors.Patterns;

/// <summary>What the schema refuses of patterns, as the error a caller gets.</summary>
internal static class PatternRefusals
{
    /// <summary>What an error of the schema means; null: nothing a caller could do about.</summary>
    public static Exception? Of(PostgresException failure) => (failure.SqlState, failure.ConstraintName) switch
    {
        (PostgresErrorCodes.ForeignKeyViolation, "workflows_parent_names_a_workflow") =>
            new PatternRefusedException("no_such_parent", "There is no workflow of the id parent_workflow_id."),
        (PostgresErrorCodes.ForeignKeyViolation, "process_templates_workflow_names_a_workflow") =>
            new PatternRefusedException("no_such_workflow", "There is no workflow of the id workflow_id."),
        (PostgresErrorCodes.ForeignKeyViolation, "process_templates_project_names_a_project") =>
            new PatternRefusedException("no_such_project", "There is no project of the id project_id."),
        (PostgresErrorCodes.UniqueViolation, "workflows_are_one_per_version") =>
            new PatternRefusedException("workflow_superseded", "Its steps were changed in a later version already; change that one."),
        (PostgresErrorCodes.CheckViolation, var rule) => new PatternRefusedException(rule ?? "check_violation", $"It breaks the rule '{rule}'."),
        _ => null,
    };
}
