namespace Actors.Clients;

/// <summary>
/// What lines have to keep to that the schema asks of nobody, since triggers see to it, or since the service alone writes such rows. Without
/// them a file could reach into other clients, or leave a client that can be neither read nor written.
/// </summary>
internal static class ImportRules
{
    // Clocks differ. What is later would drag along the client's clock, which only moves forward.
    private const string Latest = "clock_timestamp() + interval '1 hour'";

    private static readonly string[] OtherTimes = ["valid_from", "valid_to", "purged_to", "versions_purged_to"];

    /// <summary>A fact is one belief at a time, whosever it was then. Versions are copied from facts, so only an operator's move gives an id to two clients.</summary>
    public static (string Name, string Broken) FactsFollowVersions { get; } = (
        "facts_follow_versions_of_other_clients",
        "exists (select from fact_versions v where v.fact_id = r.id and v.client_id is distinct from $1 and v.retracted_at > r.recorded_at)");

    /// <summary>As <see cref="FactsFollowVersions"/>.</summary>
    public static (string Name, string Broken) VersionsFollow { get; } = (
        "fact_versions_do_not_overlap_beliefs_of_other_clients",
        """
        exists (select from facts f where f.id = r.fact_id and f.client_id is distinct from $1 and f.recorded_at < r.retracted_at)
        or exists (select from fact_versions v where v.fact_id = r.fact_id and v.client_id is distinct from $1 and v.recorded_at < r.retracted_at and r.recorded_at < v.retracted_at)
        """);

    /// <summary>A version was a fact, and kept to the rules of facts.</summary>
    public static (string Name, string Broken) VersionsAreOfFacts { get; } = (
        "fact_versions_hold_what_facts_may",
        """
        not (length(r.content) between 1 and 262144 and r.salience_score between 0 and 1 and jsonb_typeof(r.metadata) = 'object'
             and length(r.subject_type) > 0 and length(r.subject_id) > 0 and length(r.fact_type) > 0 and r.valid_from < r.valid_to)
        """);

    /// <summary>Rows that others are tied to are the client's own.</summary>
    public static (string Name, string Broken) OfTheClient(string table, params (string Column, string Table)[] references) => (
        $"{table}_refer_to_rows_of_their_client",
        string.Join(" or ", references.Select(reference => $"exists (select from {reference.Table} o where o.id = r.{reference.Column} and o.client_id is distinct from $1)")));

    /// <summary>Nobody has written anything yet at times to come.</summary>
    public static (string Name, string Broken) ByNow(string table, params string[] columns) => (
        $"{table}_were_written_by_now", string.Join(" or ", columns.Select(column => $"r.{column} > {Latest}")));

    /// <summary>Times are such that a reader can hold: of a calendar's years.</summary>
    public static (string Name, string Broken) InCalendarTime(ClientTable table) => (
        $"{table.Name}_have_calendar_times",
        $"not ({string.Join(" and ", table.Columns.Where(column => column.EndsWith("_at", StringComparison.Ordinal) || OtherTimes.Contains(column)).Select(column => $"is_calendar_time(r.{column})").DefaultIfEmpty("true"))})");
}
