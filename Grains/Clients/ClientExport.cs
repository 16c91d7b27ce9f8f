using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using Actors.Storage;
using Npgsql;

namespace Actors.Clients;

/// <summary>An export under way: a transaction, and a reader that stands between two of its rows. Holds one row at a time, and one piece.</summary>
internal sealed class ClientExport(HeldConnection held, string clientId, DateTimeOffset exportedAt) : IAsyncDisposable
{
    /// <summary>Largest piece.</summary>
    public const int PieceBytes = 1024 * 1024;

    /// <summary>The form of the lines, which their header names.</summary>
    public const int Format = 1;

    // A table may have to be sorted before its first row comes.
    private const int RowTimeoutSeconds = 240;

    private readonly ArrayBufferWriter<byte> _ready = new(PieceBytes);
    private readonly SortedDictionary<string, long> _rows = new(StringComparer.Ordinal);
    private NpgsqlCommand? _command;
    private NpgsqlDataReader? _reader;
    private int _table = -1;
    private int _taken;

    /// <summary>The next piece.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached; the export is lost.</exception>
    public Task<ExportPiece> ReadAsync(CancellationToken cancellationToken) => held.RunAsync(async connection =>
    {
        Compact();
        if (_table < 0)
        {
            WriteHeader();
            await OpenAsync(connection, 0, cancellationToken);
        }

        while (_ready.WrittenCount < PieceBytes && _table < ClientTables.All.Length)
        {
            if (await _reader!.ReadAsync(cancellationToken))
            {
                _ready.Write(_reader.GetFieldValue<byte[]>(0));
                _ready.Write("\n"u8);
                _rows[ClientTables.All[_table].Name]++;
            }
            else
            {
                await OpenAsync(connection, _table + 1, cancellationToken);
            }
        }

        _taken = Math.Min(PieceBytes, _ready.WrittenCount);
        var piece = ImmutableCollectionsMarshal.AsImmutableArray(_ready.WrittenSpan[.._taken].ToArray());
        return new ExportPiece(piece, _table == ClientTables.All.Length && _taken == _ready.WrittenCount);
    });

    public async ValueTask DisposeAsync()
    {
        // A reader would read its rows to the end; the connection's end is quicker.
        _command?.Cancel();
        if (_reader is not null)
        {
            try
            {
                await _reader.DisposeAsync();
            }
            catch (NpgsqlException)
            {
                // Cancelled, as it should.
            }
        }

        await held.DisposeAsync();
        _command?.Dispose();
    }

    // What was sent makes room for more.
    private void Compact()
    {
        var rest = _ready.WrittenSpan[_taken..].ToArray();
        _taken = 0;
        _ready.ResetWrittenCount();
        _ready.Write(rest);
    }

    private async Task OpenAsync(NpgsqlConnection connection, int table, CancellationToken cancellationToken)
    {
        if (_reader is not null)
        {
            await _reader.DisposeAsync();
            await _command!.DisposeAsync();
            (_reader, _command) = (null, null);
        }

        _table = table;
        if (table == ClientTables.All.Length)
        {
            WriteEnd();
            return;
        }

        _rows[ClientTables.All[table].Name] = 0;
        _command = new NpgsqlCommand(Select(ClientTables.All[table]), connection) { CommandTimeout = RowTimeoutSeconds, Parameters = { SqlValues.Text(clientId) } };
        _reader = await _command.ExecuteReaderAsync(System.Data.CommandBehavior.SequentialAccess, cancellationToken);
    }

    // The row as JSON, with its type in front. Columns by name, in the order of the list: one that is added later appears when the list has it.
    private static string Select(ClientTable table) =>
        $"""
        select convert_to('{$"{{\"type\":\"{table.Name}\","}' || substr(row_to_json(line)::text, 2), 'UTF8')
        from (select {string.Join(", ", table.Columns.Select(column => $"t.{column}"))} from {table.From} order by {table.Order}) line
        """;

    private void WriteHeader() => WriteLine(json =>
    {
        json.WriteString("type", ClientLines.Header);
        json.WriteNumber("format", Format);
        json.WriteString("client_id", clientId);
        json.WriteString("exported_at", exportedAt);
    });

    private void WriteEnd() => WriteLine(json =>
    {
        json.WriteString("type", ClientLines.End);
        json.WriteStartObject("rows");
        foreach (var (table, rows) in _rows.Where(table => table.Value > 0))
        {
            json.WriteNumber(table, rows);
        }

        json.WriteEndObject();
    });

    private void WriteLine(Action<Utf8JsonWriter> write)
    {
        using (var json = new Utf8JsonWriter(_ready))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        _ready.Write("\n"u8);
    }
}
