using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Actors.Support;
using Npgsql;

namespace Actors.Api.Tests.Sessions;

/// <summary>Edits by SQL beside the running service, while agents read and write.</summary>
public sealed class DirectSqlTests : IDisposable
{
    private const int Clients = 4;
    private const int EditsPerClient = 50;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("direct-sql-test-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task each_edit_by_psql_under_load_is_recalled_though_the_listeners_connection_is_killed()
    {
        await using var database = await TestPostgres.CreateAsync();
        await using var service = await ServiceProcess.StartAsync(_data.FullName, "--postgres", database.ConnectionString);
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, Clients).Select(i => new RememberLoop(service.Client, $"c{i}", stop.Token)).ToArray();
        var load = Task.WhenAll(
        [
            .. writers.Select(writer => Task.Run(writer.RunAsync)),
            .. writers.Select(writer => Task.Run(() => ReadAsync(service.Client, writer.ClientId, stop.Token))),
        ]);
        await Task.WhenAll(writers.Select(writer => writer.AcknowledgedAsync(10)));

        var delays = new ConcurrentBag<TimeSpan>();
        var killed = new Lazy<Task>(() => KillListenerAsync(database));
        await Task.WhenAll(writers.Select(writer => Task.Run(async () =>
        {
            for (var edit = 0; edit < EditsPerClient; edit++)
            {
                if (edit == EditsPerClient / 2)
                {
                    await killed.Value;
                }

                delays.Add(await EditAsync(database, service.Client, writer.ClientId, edit));
            }
        })));
        await stop.CancelAsync();
        await load;

        TimeSpan[] sorted = [.. delays.Order()];
        Assert.Equal(Clients * EditsPerClient, sorted.Length);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{sorted.Length} edits until recall showed them: p50 {sorted[sorted.Length / 2].TotalMilliseconds:F0} ms, p99 {sorted[sorted.Length * 99 / 100].TotalMilliseconds:F0} ms, most {sorted[^1].TotalMilliseconds:F0} ms; "
            + $"{writers.Sum(writer => writer.Acknowledged.Count)} memories written meanwhile");
    }

    // Inserts a row, or rewrites the one inserted before, by turns.
    private static async Task<TimeSpan> EditAsync(TestDatabase database, HttpClient client, string clientId, int edit)
    {
        var word = $"edit{clientId}n{edit}";
        await using (var connection = await database.DataSource.OpenConnectionAsync(Stop))
        {
            await using var statement = new NpgsqlCommand(
                edit % 2 == 0
                    ? $"insert into events (client_id, content) values ('{clientId}', '{word}')"
                    : $"update events set content = '{word}' where client_id = '{clientId}' and content = 'edit{clientId}n{edit - 1}'",
                connection);
            Assert.Equal(1, await statement.ExecuteNonQueryAsync(Stop));
        }

        var since = Stopwatch.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(Limit);
        while (!await IsRecalledAsync(client, clientId, word, limit.Token))
        {
        }

        return Stopwatch.GetElapsedTime(since);
    }

    private static async Task<bool> IsRecalledAsync(HttpClient client, string clientId, string word, CancellationToken cancellationToken)
    {
        var answer = await client.GetFromJsonAsync<JsonElement>($"/api/v1/memory/recall?client_id={clientId}&query={word}", cancellationToken);
        return answer.GetProperty("results").EnumerateArray().Any(result => result.GetProperty("content").GetString() == word);
    }

    private static async Task ReadAsync(HttpClient client, string clientId, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await IsRecalledAsync(client, clientId, "written", CancellationToken.None);
        }
    }

    private static async Task KillListenerAsync(TestDatabase database) => Assert.NotEqual("", await database.PsqlAsync(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like '%listener of%'"));
}
