using Actors.Changes;
using Actors.Hosting;
using Actors.Storage;
using Actors.Support;

namespace Actors.Grains.Tests.Changes;

/// <summary>Cursors outlive the server that they come from: what it had not written down when it died is in none of them.</summary>
public sealed class CrashedServerTests
{
    [Fact]
    public async Task a_cursor_from_just_before_postgres_was_killed_misses_nothing_that_is_written_afterwards()
    {
        await using var server = await OwnServer.StartAsync();
        await server.MigrateAsync();
        await using var source = PostgresConnections.Create(server.ConnectionString);
        var feed = new ChangeFeedStore(new Database(source, new WriteGate()));
        for (var round = 0; round < 5; round++)
        {
            // Each read takes a transaction id, which a server that forgets it gives to whoever writes next.
            var cursor = ChangeFeedRequest.Now;
            for (var i = 0; i < 3; i++)
            {
                cursor = (await ReadAsync(feed, cursor)).Next;
            }

            await server.KillAsync();
            await AnsweredAsync(server.ConnectionString);
            await Psql.RunAsync(server.ConnectionString, $"insert into events (client_id, content) values ('1', 'round {round}')");

            Assert.Equal([$"round {round}"], (await ReadAsync(feed, cursor)).Changes.Contents());
        }
    }

    private static Task<ChangePage> ReadAsync(ChangeFeedStore feed, string after) =>
        feed.ReadAsync(new ChangeFeedRequest(after, ChangeCalls.All, null, 10, TimeSpan.Zero), TestContext.Current.CancellationToken);

    private static async Task AnsweredAsync(string connectionString)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                await Psql.RunAsync(connectionString, "select 1");
                return;
            }
            catch (PsqlException)
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
        }
    }
}
