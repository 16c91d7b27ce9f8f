namespace Actors.Schema;

/// <summary>As <see cref="ConstraintCases"/>, for what a language model may cost.</summary>
internal static class ExtractionConstraintCases
{
    public static IEnumerable<(string Constraint, string Statement)> Violations =>
    [
        ("llm_usage_client_id_has_a_safe_form", "insert into llm_usage (client_id, month) values ('-', '2026-11-01')"),
        ("llm_usage_month_is_its_first_day", "insert into llm_usage (client_id, month) values ('a', '2026-11-02')"),
        ("llm_usage_is_not_negative", "insert into llm_usage (client_id, month, tokens) values ('a', '2026-11-01', -1)"),
        ("llm_usage_is_not_negative", "insert into llm_usage (client_id, month, requests) values ('a', '2026-11-01', -1)"),
        ("llm_usage_has_one_row_per_month", "insert into llm_usage (client_id, month) values ('a', '2026-11-01'), ('a', '2026-11-01')"),
    ];
}
