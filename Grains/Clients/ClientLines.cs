using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Actors.Clients;

/// <summary>A line of an import, looked at as far as is needed to know where it belongs.</summary>
/// <param name="Number">Which line, from 1.</param>
/// <param name="Type">A table's name, <see cref="ClientLines.Header"/> or <see cref="ClientLines.End"/>.</param>
/// <param name="Json">The line.</param>
internal readonly record struct ClientLine(long Number, string Type, string Json);

/// <summary>Reads the lines of an export. What its columns hold, Postgres knows best.</summary>
internal static class ClientLines
{
    public const string Header = "header";

    public const string End = "end";

    // Metadata written by SQL may be deeper than what comes in over HTTP.
    private static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    private static readonly string[] HeaderMembers = ["format", "client_id", "exported_at"];
    private static readonly string[] EndMembers = ["rows"];

    /// <summary>The lines of a text; empty ones are left out.</summary>
    /// <param name="lines">Whole lines; the last may lack its end.</param>
    /// <param name="number">Number of the first.</param>
    /// <exception cref="ImportFormatException">A line is no row that could be imported.</exception>
    public static List<ClientLine> Read(ReadOnlySpan<byte> lines, ref long number)
    {
        var read = new List<ClientLine>();
        while (!lines.IsEmpty)
        {
            var end = lines.IndexOf((byte)'\n');
            var line = end < 0 ? lines : lines[..end];
            lines = end < 0 ? [] : lines[(end + 1)..];
            if (!line.Trim(" \t\r"u8).IsEmpty)
            {
                read.Add(ReadLine(line, number));
            }

            number++;
        }

        return read;
    }

    /// <summary>How many rows of each table the last line says there are.</summary>
    /// <exception cref="ImportFormatException">It says something else.</exception>
    public static Dictionary<string, long> ReadCounts(ClientLine end)
    {
        using var json = Parse(end);
        try
        {
            return json.RootElement.GetProperty("rows").EnumerateObject().ToDictionary(table => table.Name, table => table.Value.GetInt64(), StringComparer.Ordinal);
        }
        catch (Exception failure) when (failure is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new ImportFormatException(end.Number, "must hold the number of 'rows' of each table");
        }
    }

    /// <summary>Makes sure that a header is one of the form this service writes.</summary>
    /// <exception cref="ImportFormatException">It is not.</exception>
    public static void CheckHeader(ClientLine header)
    {
        using var json = Parse(header);
        if (header.Type != Header || !json.RootElement.TryGetProperty("format", out var format)
            || format.ValueKind != JsonValueKind.Number || !format.TryGetInt32(out var number) || number != ClientExport.Format)
        {
            throw new ImportFormatException(header.Number, $"must be the header of an export, with format {ClientExport.Format}");
        }
    }

    // Of a few levels: a document takes time by the square of its depth.
    private static JsonDocument Parse(ClientLine line)
    {
        try
        {
            return JsonDocument.Parse(line.Json);
        }
        catch (JsonException)
        {
            throw new ImportFormatException(line.Number, "is nested too deeply");
        }
    }

    private static ClientLine ReadLine(ReadOnlySpan<byte> line, long number)
    {
        if (!Utf8.IsValid(line))
        {
            throw new ImportFormatException(number, "must be UTF-8");
        }

        try
        {
            return new ClientLine(number, TypeOf(line, number), Encoding.UTF8.GetString(line));
        }
        catch (JsonException)
        {
            throw new ImportFormatException(number, "must be one JSON object");
        }
    }

    // In an export the type comes first; nobody else has to know that.
    private static string TypeOf(ReadOnlySpan<byte> line, long number)
    {
        var reader = new Utf8JsonReader(line, AnyDepth);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new ImportFormatException(number, "must be one JSON object");
        }

        string? type = null;
        var members = new List<string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type"u8);
            if (!isType)
            {
                members.Add(Text(ref reader, number));
            }

            reader.Read();
            if (isType)
            {
                type = reader.TokenType == JsonTokenType.String ? Text(ref reader, number) : null;
            }

            reader.Skip();
        }

        // To the end, which nothing may follow.
        while (reader.Read())
        {
        }

        var known = type switch
        {
            Header => HeaderMembers,
            End => EndMembers,
            not null when ClientTables.Find(type) is >= 0 and var table => ClientTables.All[table].Columns,
            _ => throw new ImportFormatException(number, "must have a known 'type': header, a table, or end"),
        };
        return members.Find(member => Array.IndexOf(known, member) < 0) is { } unknown
            ? throw new ImportFormatException(number, $"has the member '{Shortened(unknown)}', which is not known there")
            : type;
    }

    private static string Text(ref Utf8JsonReader reader, long number)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new ImportFormatException(number, "holds half a surrogate pair");
        }
    }

    private static string Shortened(string text) => text.Length > 60 ? text[..60] : text;
}
