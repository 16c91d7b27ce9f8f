using Actors.Support;
using Npgsql;

namespace Actors.Api.Tests.Changes;

/// <summary>The feed is complete and in order, whatever goes on beside it.</summary>
public class ChangeLoadTests
{
    private const int HttpWriters = 26;
    private const int SqlWriters = 6;
    private const int Requests = 12;

    [Fact]
    public async Task with_32_writers_a_long_transaction_and_two_restarts_of_its_reader_the_feed_is_the_log_in_order()
    {
        await using var database = await TestPostgres.CreateAsync();
        await using var folder = TestFolder.Create();
        await using var service = await ServiceProcess.StartAsync(folder.Path, "--postgres", database.ConnectionString);
        var cancellationToken = TestContext.Current.CancellationToken;
        var reader = new Reader(service.Client);
        await using var open = await database.DataSource.OpenConnectionAsync(cancellationToken);
        await RunAsync(open, "begin; insert into events (client_id, content) values ('slow-1', 'before the others')");

        using var stop = new CancellationTokenSource();
        // Several write for the same client, so that sessions, transactions and heads are shared.
        var loops = Enumerable.Range(0, HttpWriters).Select(i => new RememberLoop(service.Client, $"http-{i % 9}", stop.Token)).ToList();
        var writing = Task.WhenAll([
            .. loops.Select(loop => Task.Run(loop.RunAsync, cancellationToken)),
            .. Enumerable.Range(0, SqlWriters).Select(i => Task.Run(() => WriteSqlAsync(database, i, stop.Token), cancellationToken))]);
        await AcknowledgedAsync(loops);

        await reader.ReadAsync(events: 100);
        await RunAsync(open, "insert into events (client_id, content) values ('slow-2', 'in between')");
        await AcknowledgedAsync(loops);
        await reader.ReadAsync(events: 200);
        await RunAsync(open, "insert into events (client_id, content) values ('slow-1', 'at last'); commit");
        await AcknowledgedAsync(loops);
        await stop.CancelAsync();
        await writing;
        Assert.All(loops, loop => Assert.Empty(loop.RefusalCodes));

        var log = (await database.PsqlAsync("select seq || ' ' || client_id from change_log where table_name in ('events', 'facts') order by seq")).Split('\n');
        await reader.ReadAsync(events: log.Length - reader.Seen.Count);

        TestContext.Current.SendDiagnosticMessage($"{log.Length} changes");
        Assert.Equal(log.Order(), reader.Seen.Select(change => $"{change.Seq} {change.Client}").Order());
        Assert.All(reader.Seen.GroupBy(change => change.Client), changes => Assert.Equal(changes.Select(c => c.Seq).Order(), changes.Select(c => c.Seq)));
        // The long transaction came late, though its numbers are low: else nothing was tried.
        Assert.NotEqual(reader.Seen.Select(change => change.Seq).Order(), reader.Seen.Select(change => change.Seq));
        Assert.Equal(3, reader.Connections);
    }

    private static Task AcknowledgedAsync(List<RememberLoop> loops) => Task.WhenAll(loops.Select(loop => loop.AcknowledgedAsync(Requests)));

    // Two clients in a transaction, changed rows, deleted rows, transactions that are rolled back.
    private static async Task WriteSqlAsync(TestDatabase database, int writer, CancellationToken stop)
    {
        await using var connection = await database.DataSource.OpenConnectionAsync(CancellationToken.None);
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            await RunAsync(
                connection,
                $"""
                begin;
                insert into events (client_id, content) select 'sql-{writer}-' || n % 2, 'row ' || n from generate_series(1, 4) n;
                insert into facts (client_id, subject_type, subject_id, fact_type, content) values ('sql-{writer}-0', 'user', '{i}', 'note', 'x');
                update facts set content = 'y' where client_id = 'sql-{writer}-0' and subject_id = '{i}';
                delete from events where client_id = 'sql-{writer}-1' and content = 'row 3';
                {(i % 3 == 0 ? "rollback" : "commit")}
                """);
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    /// <summary>Follows the stream for a while and hangs up; the next time it goes on after the last id.</summary>
    private sealed class Reader(HttpClient client)
    {
        private string? _lastId;

        public List<(long Seq, string Client)> Seen { get; } = [];

        public int Connections { get; private set; }

        public async Task ReadAsync(int events)
        {
            Connections++;
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            await foreach (var change in client.StreamAsync("", _lastId, limit.Token))
            {
                _lastId = change.Id;
                if (change.Data is { } data)
                {
                    Seen.Add(((long)data["seq"]!, (string)data["client_id"]!));
                    if (--events <= 0)
                    {
                        return;
                    }
                }
            }
        }
    }
}
