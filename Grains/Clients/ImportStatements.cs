namespace Actors.Clients;

/// <summary>
/// How the lines of a table become its rows: <c>$1</c> is the client, <c>$2</c> the lines, <c>$3</c> the version under which memories are
/// logged. Postgres reads the JSON, by the types of its own columns. Each statement gives the number of links that led nowhere, and the name of a
/// rule that a row breaks, or null.
/// </summary>
internal static class ImportStatements
{
    // The client's own row is there already.
    private static readonly string UpdateClient =
        $"""
        with r as (
            select r.* from unnest($2::text[]) line,
                   json_to_record(line::json) r (name text, created_at timestamptz, purged_to timestamptz, versions_purged_to timestamptz)),
        head as (
            update session_heads h set purged_to = r.purged_to, versions_purged_to = r.versions_purged_to from r where h.client_id = $1),
        named as (
            update clients c set name = r.name, created_at = r.created_at from r where c.id = $1)
        select 0::bigint, {Broken(ClientTables.All[ClientTables.Find("clients")])} from r
        """;

    private static readonly Dictionary<string, string> ByTable =
        ClientTables.All.ToDictionary(table => table.Name, table => table.Name == "clients" ? UpdateClient : Insert(table), StringComparer.Ordinal);

    public static string Of(string table) => ByTable[table];

    // In the order of the lines, in which the log then has them.
    private static string Insert(ClientTable table)
    {
        var columns = table.Columns.Except(table.Filled.Select(filled => filled.Column)).ToArray();
        var values = columns.Select(column => table.Links.FirstOrDefault(link => link.Column == column).Table is { } target
            ? $"(select o.id from {target} o where o.id = r.{column})" : $"r.{column}");
        var unlinked = table.Links.Select(link => $"count(*) filter (where r.{link.Column} is not null and not exists (select from {link.Table} o where o.id = r.{link.Column}))");
        var log = !table.IsMemory ? "" :
            $", logged as (insert into change_log (client_id, head_version, table_name, row_id, operation, writer) select $1, $3, '{table.Name}', id, 'insert', 'grain' from added)";
        return $"""
            with r as (
                select r.* from unnest($2::text[]) with ordinality line (json, place), json_populate_record(null::{table.Name}, line.json::json) r order by line.place),
            added as (
                insert into {table.Name} ({string.Join(", ", table.Filled.Select(filled => filled.Column).Concat(columns))})
                select {string.Join(", ", table.Filled.Select(filled => filled.Sql).Concat(values))} from r
                returning {(table.IsMemory ? "id" : "1")}){log}
            select {(table.Links.IsEmpty ? "0::bigint" : string.Join(" + ", unlinked))}, {Broken(table)} from r
            """;
    }

    private static string Broken(ClientTable table) =>
        $"max(case {string.Concat(table.Rules.Append(ImportRules.InCalendarTime(table)).Select(rule => $"when {rule.Broken} then '{rule.Name}' "))}end)";
}
