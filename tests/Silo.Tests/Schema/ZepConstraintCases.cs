namespace Actors.Schema;

/// <summary>As <see cref="ConstraintCases"/>, for what is sent to Zep.</summary>
internal static class ZepConstraintCases
{
    private const string Id = "'00000000-0000-7000-8000-0000000000f1'";

    public static IEnumerable<(string Constraint, string Statement)> Violations =>
    [
        ("outside_services_name_is_known", "insert into outside_services (name) values ('mail')"),
        ("outbox_ids_are_unique", $"{Outbox("id, client_id, table_name, row_id", $"{Id}, 'a', 'events', {Id}")}; {Outbox("id, client_id, table_name, row_id", $"{Id}, 'a', 'events', {Id}")}"),
        ("outbox_destination_is_known", Outbox("destination, client_id, table_name, row_id", $"'mail', 'a', 'events', {Id}")),
        ("outbox_client_id_has_a_safe_form", Outbox("client_id, table_name, row_id", $"'-', 'events', {Id}")),
        ("outbox_table_name_is_known", Outbox("client_id, table_name, row_id", $"'a', 'tasks', {Id}")),
        ("outbox_row_id_unless_of_a_client", Outbox("client_id, table_name", "'a', 'events'")),
        ("outbox_row_id_unless_of_a_client", Outbox("client_id, table_name, row_id", $"'a', 'clients', {Id}")),
        ("outbox_attempts_are_not_negative", Outbox("client_id, table_name, row_id, attempts", $"'a', 'events', {Id}, -1")),
        ("zep_clients_client_id_has_a_safe_form", "insert into zep_clients (client_id) values ('a/b')"),
        ("zep_items_client_id_has_a_safe_form", Item("'-', 'events'", "0")),
        ("zep_items_table_name_is_known", Item("'a', 'clients'", "0")),
        ("zep_items_part_is_not_negative", Item("'a', 'events'", "-1")),
        ("zep_removed_client_id_has_a_safe_form", "insert into zep_removed (client_id, zep_id) values ('-', 'z')"),
        ("zep_budget_has_one_row", "insert into zep_budget (is_only_row) values (false)"),
        ("zep_budget_per_minute_is_positive", "update zep_budget set per_minute = 0"),
        ("zep_budget_counts_are_not_negative", "update zep_budget set minute_left = -1"),
        ("zep_budget_counts_are_not_negative", "update zep_budget set month_calls = -1"),
        ("zep_budget_pause_has_a_reason", "update zep_budget set paused_until = now()"),
        ("erasures_zep_is_known", "insert into erasures (client_id, erase_epoch, erased_at, zep) values ('a', 1, now(), 'lost')"),
    ];

    private static string Outbox(string columns, string values) => $"insert into outbox ({columns}) values ({values})";

    private static string Item(string owner, string part) =>
        $"insert into zep_items (client_id, table_name, row_id, part, zep_id, sent_hash) values ({owner}, {Id}, {part}, 'z', {Id})";
}
