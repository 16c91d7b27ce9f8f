using Actors.Changes;
using Actors.Retention;
using Actors.Grains.Tests.Sessions;
using Actors.Hosting;
using Actors.Storage;

namespace Actors.Grains.Tests.Changes;

/// <summary>What retention deletes while a page is read is either on the page, or the cursor has expired: never neither.</summary>
public sealed class PrunedWhileReadTests(SessionFixture memory) : IClassFixture<SessionFixture>
{
    private const int Rounds = 200;

    [Fact]
    public async Task a_page_lacks_nothing_that_is_deleted_from_the_log_while_it_is_read()
    {
        await using var source = PostgresConnections.Create(memory.Database.ConnectionString);
        var retention = new RetentionStore(new Database(source, new WriteGate()));
        var (expired, told) = (0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            var client = memory.NewClient();
            var start = await memory.EndAsync();
            await memory.Database.DataSource.CreateCommand($"insert into events (client_id, content) values ('{client}', 'kept long enough')")
                .ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            var seq = (await memory.ChangesAsync(start, client)).Changes.Single().Seq;

            var pruning = Task.Run(
                () => retention.DeleteLogRowsAsync(client, [seq], TimeProvider.System.GetUtcNow().AddDays(1)), TestContext.Current.CancellationToken);
            do
            {
                try
                {
                    Assert.Single((await memory.ChangesAsync(start, client)).Changes);
                    told++;
                }
                catch (CursorExpiredException)
                {
                    expired++;
                }
            }
            while (!pruning.IsCompleted);

            Assert.Equal(1, await pruning);
        }

        TestContext.Current.SendDiagnosticMessage($"{told} told, {expired} expired");
    }
}
