namespace Actors.Schema;

/// <summary>As <see cref="ConstraintCases"/>, for the change feed and its webhooks.</summary>
internal static class ChangeConstraintCases
{
    private const string Secret = "sha256('secret')";

    public static IEnumerable<(string Constraint, string Statement)> Violations =>
    [
        ("change_feed_has_one_row", "insert into change_feed (is_the_only_row, origin) values (false, 'a')"),
        ("change_feed_pruned_to_seq_is_not_negative", "update change_feed set pruned_to_seq = -1"),
        Webhook("url_is_http_or_https", "url", "'ftp://a'"),
        Webhook("url_is_http_or_https", "url", "'http://a b'"),
        Webhook("url_is_http_or_https", "url", "'https://' || repeat('a', 2048)"),
        Webhook("client_id_has_a_safe_form", "client_id", "'-'"),
        Webhook("events_are_known", "events", "'{event.created,fact.merged}'"),
        Webhook("secret_has_24_to_64_bytes", "secret", "'short'"),
        Webhook("secret_has_24_to_64_bytes", "secret", "sha512('a') || 'b'"),
        Webhook("previous_secret_has_an_end", "previous_secret", Secret),
        Webhook("previous_secret_has_an_end", "previous_secret_until", "now()"),
        Webhook("disabled_reason_is_known", "disabled_at, disabled_reason", "now(), 'mood'"),
        Webhook("disabled_for_a_reason", "disabled_at", "now()"),
        Webhook("disabled_for_a_reason", "disabled_reason", "'gone'"),
        Webhook("failures_is_not_negative", "failures", "-1"),
        ("webhook_dead_letters_name_a_webhook", Letter("uuid_v7()", "'{1}', 1")),
        ("webhook_dead_letters_name_changes", Letter("id", "'{}', 1")),
        ("webhook_dead_letters_were_attempted", Letter("id", "'{1}', 0")),
    ];

    private static (string, string) Webhook(string rule, string columns, string values)
    {
        var given = columns.Split(", ");
        (string Name, string Value)[] needed = [("url", "'https://a'"), ("secret", Secret), ("position", "'oldest'")];
        var others = needed.Where(column => !given.Contains(column.Name)).ToList();
        return (
            $"webhooks_{rule}",
            $"insert into webhooks ({string.Join(", ", others.Select(o => o.Name))}, {columns}) values ({string.Join(", ", others.Select(o => o.Value))}, {values})");
    }

    private static string Letter(string webhook, string values) =>
        $"""
        insert into webhooks (url, secret, position) values ('https://a', {Secret}, 'oldest');
        insert into webhook_dead_letters (webhook_id, seqs, attempts, last_error) select {webhook}, {values}, 'http_500' from webhooks
        """;
}
