using Actors.Changes;
using Actors.Grains.Tests.Sessions;

namespace Actors.Grains.Tests.Changes;

/// <summary>Nothing is left out and nothing comes twice, however transactions overlap.</summary>
public sealed class ChangeOrderTests(SessionFixture memory) : IClassFixture<SessionFixture>
{
    [Fact]
    public async Task a_transaction_that_began_last_and_ends_after_higher_numbers_were_read_is_not_left_out()
    {
        var (first, second) = (memory.NewClient(), memory.NewClient());
        var start = await memory.EndAsync();
        await using var earlier = await memory.BeginAsync();
        await using var later = await memory.BeginAsync();
        await earlier.RunAsync("select pg_current_xact_id()");
        // Has the lower number, and a transaction id that no snapshot names before a later one has ended.
        await later.InsertAsync(second, "written first");
        await earlier.InsertAsync(first, "written second");
        await earlier.RunAsync("commit");

        var (before, next) = await memory.AllChangesAsync(start);
        Assert.Equal(["written second"], before.Contents());
        await later.RunAsync("commit");
        var (after, end) = await memory.AllChangesAsync(next);
        Assert.Equal(["written first"], after.Contents());
        Assert.True(after[0].Seq < before[0].Seq);
        Assert.Empty((await memory.AllChangesAsync(end)).Changes);
        // Who reads both at once has the same.
        Assert.Equal(["written first", "written second"], (await memory.AllChangesAsync(start)).Changes.Contents());
    }

    [Fact]
    public async Task a_long_transaction_holds_up_nobody_and_comes_when_it_ends()
    {
        var (open, busy) = (memory.NewClient(), memory.NewClient());
        var cursor = await memory.EndAsync();
        await using var operatorsOwn = await memory.BeginAsync();
        await operatorsOwn.InsertAsync(open, "early");
        List<string> seen = [];
        for (var i = 0; i < 20; i++)
        {
            await memory.Session(busy).RememberAsync($"busy {i}");
            if (i == 10)
            {
                await operatorsOwn.InsertAsync(open, "late");
            }

            var page = await memory.ChangesAsync(cursor, limit: 3);
            Assert.Equal([$"busy {i}"], page.Changes.Contents());
            cursor = page.Next;
        }

        await operatorsOwn.RunAsync("commit");
        for (ChangePage page; (page = await memory.ChangesAsync(cursor, limit: 1)).Changes.Length > 0; cursor = page.Next)
        {
            seen.AddRange(page.Changes.Contents());
        }

        Assert.Equal(["early", "late"], seen);
    }

    [Fact]
    public async Task what_is_rolled_back_leaves_no_trace_and_no_gap()
    {
        var client = memory.NewClient();
        var start = await memory.EndAsync();
        await using var undone = await memory.BeginAsync();
        await undone.InsertAsync(client, "never");
        await memory.Session(memory.NewClient()).RememberAsync("meanwhile");
        var (before, next) = await memory.AllChangesAsync(start);
        await undone.RunAsync("rollback");
        await memory.Session(client).RememberAsync("afterwards");

        Assert.Equal(["meanwhile"], before.Contents());
        Assert.Equal(["afterwards"], (await memory.AllChangesAsync(next)).Changes.Contents());
    }

    [Fact]
    public async Task a_page_that_ends_within_a_window_goes_on_where_it_ended_whatever_is_committed_meanwhile()
    {
        var (slow, quick) = (memory.NewClient(), memory.NewClient());
        var cursor = await memory.EndAsync();
        await using var open = await memory.BeginAsync();
        await open.InsertAsync(slow, "slow 0");
        List<string> expected = [];
        for (var i = 0; i < 7; i++)
        {
            await memory.Session(quick).RememberAsync($"quick {i}");
            expected.Add($"quick {i}");
        }

        var first = await memory.ChangesAsync(cursor, limit: 2);
        Assert.True(first.HasMore);
        await open.InsertAsync(slow, "slow 1");
        await open.RunAsync("commit");
        await memory.Session(quick).RememberAsync("quick 7");

        var (rest, _) = await memory.AllChangesAsync(first.Next, limit: 2);
        Assert.Equal([.. expected, "slow 0", "slow 1", "quick 7"], [.. first.Changes.Contents(), .. rest.Contents()]);
    }

    [Fact]
    public async Task each_changes_own_cursor_goes_on_after_it()
    {
        var client = memory.NewClient();
        var start = await memory.EndAsync();
        foreach (var i in Enumerable.Range(0, 5))
        {
            await memory.Session(client).RememberAsync($"{i}");
        }

        var page = await memory.ChangesAsync(start);
        Assert.False(page.HasMore);
        foreach (var (index, change) in page.Changes.Index())
        {
            var (rest, _) = await memory.AllChangesAsync(change.Cursor, limit: 2);
            Assert.Equal(page.Changes.Skip(index + 1).Select(c => c.Seq), rest.Select(c => c.Seq));
        }
    }
}
