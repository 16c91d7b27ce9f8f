using System.Text.Json.Nodes;
using Actors.Access;
using Actors.Changes;
using Actors.Facts;
using Actors.Grains.Tests.Facts;
using Actors.Grains.Tests.Sessions;

namespace Actors.Grains.Tests.Changes;

/// <summary>What is in the feed, and for whom.</summary>
public sealed class ChangeFeedTests(SessionFixture memory) : IClassFixture<SessionFixture>
{
    [Fact]
    public async Task every_kind_of_change_is_told_with_who_did_it_and_what_is_there_now()
    {
        var client = memory.NewClient();
        var start = await memory.EndAsync();
        var kept = await memory.Session(client).RememberAsync("kept");
        var gone = await memory.Session(client).RememberAsync("gone");
        await memory.Session(client).ForgetAsync(gone.Id, TestContext.Current.CancellationToken);
        await memory.Database.PsqlAsync($"update events set content = 'kept, corrected' where id = '{kept.Id}'");
        await memory.Database.PsqlAsync($"insert into facts (client_id, subject_type, subject_id, fact_type, content) values ('{client}', 'user', '1', 'drink', 'tea')");

        var (changes, _) = await memory.AllChangesAsync(start, client);

        Assert.Equal(
            [
                (ChangeOperation.Created, ChangedKind.Event, false, "kept, corrected"),
                (ChangeOperation.Created, ChangedKind.Event, false, "-"),
                (ChangeOperation.Deleted, ChangedKind.Event, false, "-"),
                (ChangeOperation.Updated, ChangedKind.Event, true, "kept, corrected"),
                (ChangeOperation.Created, ChangedKind.Fact, true, "tea"),
            ],
            changes.Zip(changes.Contents(), (change, content) => (change.Operation, change.Kind, change.IsBySql, content)));
        Assert.All(changes, change => Assert.Equal(client, change.ClientId));
        Assert.Equal($"{kept.Id}", (string?)JsonNode.Parse(changes[0].MemoryJson!)!["memory_id"]);
    }

    [Fact]
    public async Task a_key_sees_its_clients_changes_and_nothing_of_what_has_moved_to_others_or_is_the_houses()
    {
        var (mine, others) = (memory.NewClient(), memory.NewClient());
        var start = await memory.EndAsync();
        var moved = await memory.Session(mine).RememberAsync("moved");
        await memory.Session(others).RememberAsync("not mine");
        await memory.Database.PsqlAsync($"update events set client_id = '{others}' where id = '{moved.Id}'");
        await memory.Database.PsqlAsync("insert into events (content) values ('the house''s')");

        var (ofAgent, _) = await memory.AllChangesAsync(start, visibility: new ClientVisibility([mine, "nobody"]));
        Assert.Equal([(ChangeOperation.Created, "-"), (ChangeOperation.Updated, "-")], ofAgent.Zip(ofAgent.Contents(), (c, text) => (c.Operation, text)));
        Assert.Empty((await memory.AllChangesAsync(start, others, visibility: new ClientVisibility([mine]))).Changes);
        Assert.Empty((await memory.AllChangesAsync(start, visibility: new ClientVisibility([]))).Changes);

        var (ofAdmin, _) = await memory.AllChangesAsync(start);
        Assert.Equal(["moved", "not mine", "moved", "moved", "the house's"], ofAdmin.Contents());
        Assert.Equal([mine, others], ofAdmin.Take(2).Select(c => c.ClientId));
        // One statement: either may come first.
        Assert.Equal(new[] { mine, others }.Order(), ofAdmin.Skip(2).Take(2).Select(c => c.ClientId).Order());
        Assert.Null(ofAdmin[^1].ClientId);
        Assert.Null(JsonNode.Parse(ofAdmin[^1].MemoryJson!)!["client_id"]);
    }

    [Fact]
    public async Task without_a_cursor_the_feed_begins_with_the_oldest_change()
    {
        var client = memory.NewClient();
        foreach (var text in (string[])["a", "b", "c"])
        {
            await memory.Session(client).RememberAsync(text);
        }

        Assert.Equal(["a", "b", "c"], (await memory.AllChangesAsync(null, client, limit: 2)).Changes.Contents());
        var all = (await memory.AllChangesAsync(null, limit: 50)).Changes;
        Assert.Equal(
            await memory.Database.PsqlAsync("select string_agg(seq::text, ',' order by seq) from change_log where table_name in ('events', 'facts')"),
            string.Join(',', all.Select(change => change.Seq)));
    }

    [Fact]
    public async Task few_changes_among_many_are_found_without_reading_the_many()
    {
        var (quiet, busy) = (memory.NewClient(), memory.NewClient());
        var start = await memory.EndAsync();
        await memory.Session(quiet).RememberAsync("first");
        await memory.Database.PsqlAsync($"insert into events (client_id, content) select '{busy}', 'x' from generate_series(1, 45000)");
        await memory.Session(quiet).RememberAsync("last");

        var page = await memory.ChangesAsync(start, quiet, limit: 1);
        Assert.Equal(["first"], page.Changes.Contents());
        page = await memory.ChangesAsync(page.Next, quiet, limit: 1);
        Assert.Equal(["last"], page.Changes.Contents());
        Assert.False(page.HasMore);
        Assert.Equal(45_000, (await memory.AllChangesAsync(start, busy)).Changes.Count);
    }

    [Fact]
    public async Task large_memories_make_short_pages()
    {
        var client = memory.NewClient();
        var start = await memory.EndAsync();
        await memory.Database.PsqlAsync($"insert into events (client_id, content) select '{client}', repeat('x', 262144) from generate_series(1, 70)");

        var page = await memory.ChangesAsync(start);
        Assert.Equal((32, true), (page.Changes.Length, page.HasMore));
        Assert.Equal(70, (await memory.AllChangesAsync(start)).Changes.Select(c => c.Seq).Distinct().Count());
    }

    [Fact]
    public async Task who_waits_is_woken_by_a_change_of_a_client_of_theirs()
    {
        var (mine, others) = (memory.NewClient(), memory.NewClient());
        var start = await memory.EndAsync();
        var waiting = memory.ChangesAsync(start, mine, wait: ChangeFeedRequest.LongestWait);
        await memory.Session(others).RememberAsync("not mine");
        await memory.Session(mine).RememberAsync("mine");
        Assert.Equal(["mine"], (await waiting).Changes.Contents());

        await using var open = await memory.BeginAsync();
        await open.InsertAsync(mine, "committed late");
        await memory.Session(others).RememberAsync("higher");
        waiting = memory.ChangesAsync(await memory.EndAsync(), mine, wait: ChangeFeedRequest.LongestWait);
        await open.RunAsync("commit");
        Assert.Equal(["committed late"], (await waiting).Changes.Contents());

        var empty = await memory.ChangesAsync(start, memory.NewClient(), wait: TimeSpan.FromMilliseconds(1));
        Assert.Equal((0, false), (empty.Changes.Length, empty.HasMore));
    }

    [Fact]
    public async Task texts_that_are_no_cursor_are_refused()
    {
        var cursor = await memory.EndAsync();
        foreach (var text in (string[])["x", "", "=", "AAAA", cursor[..^2], cursor + "AAAA", new string('_', 6_000), new string('A', 7_000)])
        {
            await Assert.ThrowsAsync<MalformedCursorException>(() => memory.ChangesAsync(text));
        }
    }
}
