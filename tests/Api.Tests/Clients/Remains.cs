using Actors.Support;
using Npgsql;

namespace Actors.Api.Tests.Clients;

/// <summary>Looks for a text wherever it may have been left.</summary>
internal static class Remains
{
    /// <summary>Every table of the database, from the catalogue, with a row that holds the text anywhere; bytes are read as text, too.</summary>
    public static async Task<List<string>> FindAsync(TestDatabase database, string text)
    {
        var found = new List<string>();
        foreach (var (table, columns) in await TablesAsync(database))
        {
            await using var count = database.DataSource.CreateCommand($"select count(*) from {table} t where concat_ws(' ', t::text{columns}) ilike '%' || $1 || '%'");
            count.Parameters.Add(new() { Value = text });
            if ((long)(await count.ExecuteScalarAsync(TestContext.Current.CancellationToken))! is > 0 and var rows)
            {
                found.Add($"{table}: {rows}");
            }
        }

        return found;
    }

    /// <summary>Every file below a folder that holds the text, but those in a folder that is left out.</summary>
    public static async Task<List<string>> FindInFilesAsync(string folder, string text)
    {
        var found = new List<string>();
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            if ((await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Contains(text, StringComparison.OrdinalIgnoreCase))
            {
                found.Add(file);
            }
        }

        return found;
    }

    private static async Task<List<(string Table, string Columns)>> TablesAsync(TestDatabase database)
    {
        await using var select = database.DataSource.CreateCommand(
            """
            select format('%I.%I', n.nspname, c.relname),
                   coalesce((select string_agg(format(', encode(t.%I, ''escape'')', a.attname), '') from pg_attribute a
                             where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.atttypid = 'bytea'::regtype), '')
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
            """);
        await using var reader = await select.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var tables = new List<(string, string)>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            tables.Add((reader.GetString(0), reader.GetString(1)));
        }

        Assert.True(tables.Count > 20);
        return tables;
    }
}
