using Actors.Changes;
using Actors.Grains.Tests.Sessions;

namespace Actors.Grains.Tests.Changes;

/// <summary>Cursors whose changes cannot be told any more.</summary>
public sealed class ExpiredCursorTests(SessionFixture memory) : IClassFixture<SessionFixture>
{
    [Fact]
    public async Task a_cursor_before_what_retention_deleted_has_expired_and_the_feed_begins_after_it()
    {
        var client = memory.NewClient();
        await memory.Session(client).RememberAsync("read and deleted");
        var before = await memory.EndAsync();
        await memory.Session(client).RememberAsync("deleted from the log");
        var after = await SettledAsync(before);
        var page = await memory.ChangesAsync(null, limit: 1);
        await memory.Session(client).RememberAsync("kept");
        await memory.Database.PsqlAsync(
            """
            set actors.writer = 'grain';
            update change_feed set pruned_to_seq = (select max(seq) - 1 from change_log);
            delete from change_log where seq <= (select pruned_to_seq from change_feed);
            """);

        await Assert.ThrowsAsync<CursorExpiredException>(() => memory.ChangesAsync(before));
        await Assert.ThrowsAsync<CursorExpiredException>(() => memory.ChangesAsync(page.Changes[0].Cursor, client));
        Assert.Equal(["kept"], (await memory.AllChangesAsync(after)).Changes.Contents());
        var (all, next) = await memory.AllChangesAsync(null, limit: 1);
        Assert.Equal(["kept"], all.Contents());
        Assert.Empty((await memory.AllChangesAsync(next)).Changes);
    }

    [Fact]
    public async Task a_database_that_was_restored_refuses_earlier_cursors_and_tells_everything_anew()
    {
        var client = memory.NewClient();
        await memory.Session(client).RememberAsync("before");
        var cursor = await memory.EndAsync();
        // As rows come out of a dump: with transaction ids of another server, which are far ahead of this one's.
        await memory.Database.PsqlAsync(
            """
            set actors.writer = 'grain';
            update change_log set transaction_id = '123456789' where client_id <> '-';
            update change_feed set origin = 'elsewhere';
            """);
        // As each host does when it starts.
        const string Start = "set actors.writer = 'grain'; select begin_change_feed_epoch()";
        Assert.Equal("t", await memory.Database.PsqlAsync(Start));

        await Assert.ThrowsAsync<CursorExpiredException>(() => memory.ChangesAsync(cursor));
        Assert.Equal(["before"], (await memory.AllChangesAsync(null, client)).Changes.Contents());
        var (_, next) = await memory.AllChangesAsync(null);
        await memory.Session(client).RememberAsync("after");
        Assert.Equal(["after"], (await memory.AllChangesAsync(next)).Changes.Contents());
        Assert.Equal("f", await memory.Database.PsqlAsync(Start));
        Assert.Equal(["after"], (await memory.AllChangesAsync(next)).Changes.Contents());
    }

    [Fact]
    public async Task nobody_but_the_service_rewrites_the_log()
    {
        await memory.Session(memory.NewClient()).RememberAsync("logged");
        var refusal = await Assert.ThrowsAsync<Support.PsqlException>(() => memory.Database.PsqlAsync("update change_log set transaction_id = '2'"));
        Assert.Contains("not rewritten", refusal.Message, StringComparison.Ordinal);
    }

    // A cursor of which it is known that no open transaction, not even of another database of the server, has written anything before it.
    private async Task<string> SettledAsync(string? after)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            after = (await memory.AllChangesAsync(after)).Next;
            var place = ChangeCursor.Parse(after)!.Since;
            if (place.OpenAfter == place.LastSeq && place.Open.All(transaction => transaction.After == place.LastSeq))
            {
                return after;
            }

            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
