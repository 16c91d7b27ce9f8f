using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Actors.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Actors.Clients;

/// <summary>An import under way: a transaction that holds the client's head. The lines of a call go in by one statement for each table among them.</summary>
internal sealed class ClientImport(HeldConnection held, string clientId, long version) : IAsyncDisposable
{
    private const string Finish = "select end_import($1)";

    private const string Savepoint = "lines";

    // Of a batch with very large rows.
    private const int StatementTimeoutSeconds = 240;

    private readonly SortedDictionary<string, long> _rows = new(StringComparer.Ordinal);
    private long _nextLine = 1;
    private long _unlinked;
    private long _count;
    private int _table;
    private bool _hasHeader;
    private bool _isWhole;

    /// <summary>Takes the next lines.</summary>
    /// <returns>How many rows it has taken so far.</returns>
    /// <exception cref="ImportFormatException">A line has the wrong form.</exception>
    /// <exception cref="ImportRefusedException">A row breaks a rule.</exception>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public async Task<long> AddAsync(ImmutableArray<byte> lines)
    {
        var read = ClientLines.Read(lines.AsSpan(), ref _nextLine);
        for (var first = 0; first < read.Count;)
        {
            var type = read[first].Type;
            var next = read.FindIndex(first, line => line.Type != type);
            var same = read[first..(next < 0 ? read.Count : next)];
            await TakeAsync(type, same);
            first += same.Count;
        }

        return _count;
    }

    /// <summary>Commits.</summary>
    /// <exception cref="ImportRefusedException">The end is missing.</exception>
    /// <exception cref="StorageUnavailableException">Nothing was written.</exception>
    /// <exception cref="OutcomeUnknownException">The connection broke before the commit was confirmed.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now; nothing was written.</exception>
    public async Task<ImportReceipt> CommitAsync()
    {
        if (!_isWhole)
        {
            throw new ImportRefusedException(ImportRefusedException.Incomplete, _nextLine, "The last line of an export, its end, is missing.");
        }

        await held.CommitAsync(async connection =>
        {
            await using var finish = new NpgsqlCommand(Finish, connection) { CommandTimeout = StatementTimeoutSeconds, Parameters = { SqlValues.Text(clientId) } };
            await finish.ExecuteNonQueryAsync();
        });
        return new ImportReceipt([.. _rows.Select(table => new TableRows(table.Key, table.Value))], _unlinked);
    }

    public ValueTask DisposeAsync() => held.DisposeAsync();

    private async Task TakeAsync(string type, List<ClientLine> lines)
    {
        if (_isWhole)
        {
            throw AfterTheEnd(lines[0]);
        }

        if (!_hasHeader)
        {
            ClientLines.CheckHeader(lines[0]);
            _hasHeader = true;
            lines = lines[1..];
        }

        if (lines.Count == 0)
        {
            return;
        }

        switch (type)
        {
            case ClientLines.Header:
                throw new ImportFormatException(lines[0].Number, "is a second header");
            case ClientLines.End:
                CheckCounts(lines[0]);
                _isWhole = true;
                if (lines.Count > 1)
                {
                    throw AfterTheEnd(lines[1]);
                }

                return;
            default:
                await InsertAsync(type, lines);
                return;
        }
    }

    private async Task InsertAsync(string type, List<ClientLine> lines)
    {
        var table = ClientTables.Find(type);
        if (table < _table)
        {
            throw new ImportFormatException(lines[0].Number, $"comes too late: '{type}' must stand before '{ClientTables.All[_table].Name}'");
        }

        _table = table;
        if (await TryInsertAsync(type, lines) is { } refusal)
        {
            throw await FindAsync(type, lines, refusal);
        }

        _rows[type] = _rows.GetValueOrDefault(type) + lines.Count;
        _count += lines.Count;
    }

    // By halves: those that succeed count, so that what is found is the first line that fails after all before it.
    private async Task<Exception> FindAsync(string type, List<ClientLine> lines, ImportRefusal refusal)
    {
        while (lines.Count > 1)
        {
            var half = lines[..(lines.Count / 2)];
            if (await TryInsertAsync(type, half) is { } inFirst)
            {
                (lines, refusal) = (half, inFirst);
            }
            else
            {
                lines = lines[half.Count..];
                refusal = await TryInsertAsync(type, lines) ?? refusal;
            }
        }

        return refusal.At(lines[0].Number);
    }

    private Task<ImportRefusal?> TryInsertAsync(string type, List<ClientLine> lines) => held.RunAsync(async connection =>
    {
        await held.Transaction.SaveAsync(Savepoint);
        try
        {
            await using var insert = new NpgsqlCommand(ImportStatements.Of(type), connection)
            {
                CommandTimeout = StatementTimeoutSeconds,
                Parameters =
                {
                    SqlValues.Text(clientId),
                    SqlValues.Value(NpgsqlDbType.Array | NpgsqlDbType.Text, lines.ConvertAll(line => line.Json)),
                    SqlValues.Value(NpgsqlDbType.Bigint, version),
                },
            };
            var (unlinked, brokenRule) = await RunAsync(insert);
            if (brokenRule is not null)
            {
                await held.Transaction.RollbackAsync(Savepoint);
                return ImportRefusal.OfRule(brokenRule, type);
            }

            await held.Transaction.ReleaseAsync(Savepoint);
            _unlinked += unlinked;
            return null;
        }
        catch (PostgresException failure) when (ImportRefusal.Concerns(failure))
        {
            await held.Transaction.RollbackAsync(Savepoint);
            return ImportRefusal.Of(failure, type);
        }
    });

    // Its constraints are looked at when the statement has ended, so the reader is read to its end.
    private static async Task<(long Unlinked, string? BrokenRule)> RunAsync(NpgsqlCommand insert)
    {
        await using var reader = await insert.ExecuteReaderAsync();
        await reader.ReadAsync();
        var found = (reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetString(1));
        await reader.ReadAsync();
        return found;
    }

    private static ImportFormatException AfterTheEnd(ClientLine line) => new(line.Number, "comes after the end of the export");

    private void CheckCounts(ClientLine end)
    {
        var announced = ClientLines.ReadCounts(end);
        foreach (var table in announced.Keys.Union(_rows.Keys))
        {
            var (said, found) = (announced.GetValueOrDefault(table), _rows.GetValueOrDefault(table));
            if (said != found)
            {
                throw new ImportRefusedException(
                    ImportRefusedException.Incomplete, end.Number, $"The end names {said} rows of {(ClientTables.Find(table) < 0 ? "an unknown table" : table)}; there are {found}.");
            }
        }
    }
}
