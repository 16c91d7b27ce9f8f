using Actors.Support;

namespace Actors.Grains.Tests.Zep;

/// <summary>What a client's queue brings to Zep when all is well.</summary>
public sealed class ZepQueueTests(ZepDatabase database) : IClassFixture<ZepDatabase>
{
    [Fact]
    public async Task events_arrive_in_their_order_in_one_request_after_user_and_thread()
    {
        await using var scene = await QueueScene.StartAsync(database);
        var ids = await scene.AddAsync("one", "two", "three");

        var drain = await scene.DrainAsync();

        Assert.True(drain.IsDone);
        Assert.Equal(["POST users", "POST threads", $"POST threads/client_{scene.Client}/messages"], scene.Fake.Calls.Select(call => $"{call}"));
        Assert.Equal(["one", "two", "three"], scene.Contents);
        Assert.Equal(ids.Select(id => $"{id}"), scene.Fake.Messages.Select(message => message.MemoryId));
        Assert.Equal(
            scene.Fake.Messages.Select(message => message.Id).Order(),
            (await scene.SqlAsync($"select zep_id from zep_items where client_id = '{scene.Client}' and sent_at is not null")).Split('\n').Order());

        await scene.AddAsync("four");
        await scene.DrainAsync();
        Assert.Equal(4, scene.Fake.Calls.Count);
    }

    [Fact]
    public async Task more_than_a_request_holds_goes_in_several_and_so_do_the_parts_of_a_long_one()
    {
        await using var scene = await QueueScene.StartAsync(database);
        var sentences = Enumerable.Range(0, 800).Select(n => $"This is sentence number {n} of a text which nobody would want to have to read to its very end, {n} lines.").ToArray();
        await scene.AddAsync("before", string.Join(' ', sentences), "after");

        Assert.True((await scene.DrainAsync()).IsDone);

        var messages = scene.Contents.ToArray();
        Assert.Equal(("before", "after"), (messages[0], messages[^1]));
        Assert.Equal(string.Join(' ', sentences), string.Join(' ', messages[1..^1]));
        Assert.All(scene.Fake.Calls.Where(call => call.Path.EndsWith("messages", StringComparison.Ordinal)), call => Assert.InRange(call.Body!["messages"]!.AsArray().Count, 1, 30));
        Assert.Equal($"{messages.Length}", await scene.SqlAsync($"select count(*) from zep_items where client_id = '{scene.Client}'"));
    }

    [Fact]
    public async Task ids_that_zep_gives_itself_are_kept()
    {
        await using var scene = await QueueScene.StartAsync(database);
        scene.Fake.Quirks.KeepsMessageIds = false;
        await scene.AddAsync("one");
        await scene.DrainAsync();
        Assert.Equal(scene.Fake.Messages[0].Id, await scene.SqlAsync($"select zep_id from zep_items where client_id = '{scene.Client}'"));
    }

    [Theory]
    [InlineData("content = 'mended'", "mended")]
    [InlineData("salience_score = 0.1", "")]
    [InlineData("expires_at = '2026-11-02'", "")]
    [InlineData("salience_score = 0.95", "told")]
    public async Task a_memory_that_changes_is_there_what_it_is_here(string change, string contents)
    {
        await using var scene = await QueueScene.StartAsync(database);
        await scene.AddAsync("told");
        await scene.DrainAsync();

        await scene.SqlAsync($"update events set {change} where client_id = '{scene.Client}'");
        // As the sweeper of expired memories does it.
        await scene.SqlAsync($"insert into outbox (client_id, table_name, row_id) select client_id, 'events', id from events where client_id = '{scene.Client}'");
        Assert.True((await scene.DrainAsync()).IsDone);

        Assert.Equal(contents, string.Join(',', scene.Contents));
        Assert.Equal($"{scene.Fake.Messages.Count}", await scene.SqlAsync($"select count(*) from zep_items where client_id = '{scene.Client}'"));
    }

    [Fact]
    public async Task a_memory_that_is_deleted_goes_there_and_one_that_was_never_sent_makes_no_call()
    {
        await using var scene = await QueueScene.StartAsync(database);
        await scene.AddAsync("sent", "stays");
        await scene.DrainAsync();
        await scene.AddAsync("never sent");
        await scene.SqlAsync($"delete from events where client_id = '{scene.Client}' and content <> 'stays'");

        Assert.Equal(1, (await scene.DrainAsync()).Calls);

        Assert.Equal(["stays"], scene.Contents);
        Assert.Equal("0", await scene.WaitingAsync());
    }

    [Fact]
    public async Task facts_are_edges_with_their_valid_times_and_follow_what_becomes_of_them()
    {
        await using var scene = await QueueScene.StartAsync(database);
        await scene.SqlAsync(
            $"insert into facts (client_id, subject_type, subject_id, fact_type, content, valid_from) values ('{scene.Client}', 'user', 'Ada', 'drinks', 'Ada drinks tea', '2026-11-01 00:00:00+00')");
        await scene.DrainAsync();

        var edge = Assert.Single(scene.Fake.Edges);
        Assert.Equal(("DRINKS", "Ada drinks tea", "user Ada", DateTimeOffset.Parse("2026-11-01T00:00:00Z", null), null), (edge.Name, edge.Fact, edge.Source, edge.ValidAt, edge.InvalidAt));
        Assert.Equal(edge.Id, await scene.SqlAsync($"select zep_fact_id from facts where client_id = '{scene.Client}'"));
        Assert.Equal("0", await scene.WaitingAsync());

        await scene.SqlAsync($"update facts set valid_to = '2026-11-20 00:00:00+00' where client_id = '{scene.Client}'");
        await scene.DrainAsync();
        Assert.Equal(DateTimeOffset.Parse("2026-11-20T00:00:00Z", null), Assert.Single(scene.Fake.Edges).InvalidAt);

        await scene.SqlAsync($"update facts set valid_to = null where client_id = '{scene.Client}'");
        await scene.DrainAsync();
        Assert.Equal((edge.Id, null), Assert.Single(scene.Fake.Edges) is var reopened ? (reopened.Id, reopened.InvalidAt) : default);

        await scene.SqlAsync($"delete from facts where client_id = '{scene.Client}'");
        await scene.DrainAsync();
        Assert.Empty(scene.Fake.Edges);
        Assert.Equal("0|0", $"{await scene.WaitingAsync()}|{await scene.SqlAsync($"select count(*) from zep_items where client_id = '{scene.Client}'")}");
    }

    [Fact]
    public async Task an_edge_that_somebody_took_out_there_is_added_anew()
    {
        await using var scene = await QueueScene.StartAsync(database);
        await scene.SqlAsync($"insert into facts (client_id, subject_type, subject_id, fact_type, content) values ('{scene.Client}', 'user', 'Ada', 'drinks', 'tea')");
        await scene.DrainAsync();
        var path = $"graph/edge/{scene.Fake.Edges[0].Id}";
        using (var http = new HttpClient())
        {
            http.DefaultRequestHeaders.Add("Authorization", $"Api-Key {FakeZep.Key}");
            await http.DeleteAsync(new Uri($"{scene.Fake.BaseUrl}/{path}"), TestContext.Current.CancellationToken);
        }

        // Long enough for Zep to have had it.
        scene.Time.Advance(TimeSpan.FromHours(1));
        await scene.SqlAsync($"update facts set content = 'coffee' where client_id = '{scene.Client}'");
        await scene.DrainAsync();

        Assert.Equal("coffee", Assert.Single(scene.Fake.Edges).Fact);
        Assert.Equal(scene.Fake.Edges[0].Id, await scene.SqlAsync($"select zep_fact_id from facts where client_id = '{scene.Client}'"));
    }

    [Fact]
    public async Task a_user_that_was_deleted_there_is_made_again()
    {
        await using var scene = await QueueScene.StartAsync(database);
        await scene.AddAsync("one");
        await scene.DrainAsync();
        using (var http = new HttpClient())
        {
            http.DefaultRequestHeaders.Add("Authorization", $"Api-Key {FakeZep.Key}");
            await http.DeleteAsync(new Uri($"{scene.Fake.BaseUrl}/users/client_{scene.Client}"), TestContext.Current.CancellationToken);
        }

        await scene.AddAsync("two");
        Assert.True((await scene.DrainAsync()).IsDone);

        Assert.Equal(["two"], scene.Contents);
    }

    [Fact]
    public async Task an_erased_client_goes_there_before_what_is_stored_of_it_afterwards()
    {
        await using var scene = await QueueScene.StartAsync(database);
        await scene.AddAsync("secret");
        await scene.DrainAsync();
        await scene.AddAsync("waits");
        await EraseAsync(scene);
        await scene.AddAsync("anew");

        Assert.True((await scene.DrainAsync()).IsDone);

        Assert.Equal(["anew"], scene.Contents);
        Assert.Equal("removed", await scene.SqlAsync($"select zep from erasures where client_id = '{scene.Client}'"));
    }

    [Fact]
    public async Task what_is_under_way_while_its_client_is_erased_is_removed_again()
    {
        await using var scene = await QueueScene.StartAsync(database);
        await scene.AddAsync("secret");
        scene.Fake.MoodPath = "messages";
        scene.Fake.Mood = ZepMood.Slow;
        var draining = scene.DrainAsync();
        while (!(await scene.Fake.NextCallAsync()).Path.EndsWith("messages", StringComparison.Ordinal))
        {
        }

        await EraseAsync(scene);
        Assert.Equal("pending", await scene.SqlAsync($"select zep from erasures where client_id = '{scene.Client}'"));
        scene.Fake.Release();
        Assert.True((await draining).IsDone);

        Assert.Empty(scene.Fake.Messages);
        Assert.Empty(scene.Fake.Users);
        Assert.Equal("removed|0", await scene.SqlAsync($"select zep, (select count(*) from zep_items where client_id = '{scene.Client}') from erasures where client_id = '{scene.Client}'"));
    }

    [Fact]
    public async Task what_was_stored_just_now_is_sent_at_once_unless_something_waits_before_it()
    {
        await using var scene = await QueueScene.StartAsync(database);
        var first = await scene.AddAsync("first", "second");
        Assert.Equal(first, await scene.Queue.SendNewAsync([.. first], TestContext.Current.CancellationToken));

        await scene.AddAsync("waits");
        var late = await scene.AddAsync("late");
        Assert.Empty(await scene.Queue.SendNewAsync([.. late], TestContext.Current.CancellationToken));
        Assert.Equal(["first", "second"], scene.Contents);

        await scene.DrainAsync();
        var next = await scene.AddAsync("next");
        await scene.AddAsync("behind");
        Assert.Equal(next, await scene.Queue.SendNewAsync([.. next], TestContext.Current.CancellationToken));
        Assert.Equal(["first", "second", "waits", "late", "next"], scene.Contents);
    }

    [Fact]
    public async Task taking_out_the_parts_of_a_long_one_makes_room_for_others()
    {
        await using var scene = await QueueScene.StartAsync(database);
        await scene.AddAsync(string.Join(' ', Enumerable.Range(0, 300).Select(n => $"This is sentence number {n} of a text which nobody would want to have to read to its very end.")));
        Assert.True((await scene.DrainAsync()).IsDone);
        var parts = scene.Fake.Messages.Count;
        Assert.True(parts > 5);

        await scene.SqlAsync($"delete from events where client_id = '{scene.Client}'");
        Assert.Equal((5, false, false), await scene.DrainAsync(limit: 5) is var drain ? (drain.Calls, drain.IsDone, drain.IsStopped) : default);
        Assert.Equal(parts - 5, scene.Fake.Messages.Count);
        Assert.True((await scene.DrainAsync()).IsDone);
        Assert.Empty(scene.Fake.Messages);
    }

    [Fact]
    public async Task what_is_set_aside_has_nothing_left_to_do_once_its_memory_is_there()
    {
        await using var scene = await QueueScene.StartAsync(database);
        scene.Options.MaxAttempts = 1;
        scene.Fake.Quirks.MessageLength = 5;
        await scene.AddAsync("too long");
        await scene.DrainAsync();
        Assert.Equal("1", await scene.SqlAsync($"select count(*) from outbox where client_id = '{scene.Client}' and failed_at is not null"));

        await scene.SqlAsync($"update events set content = 'short' where client_id = '{scene.Client}'");
        Assert.True((await scene.DrainAsync()).IsDone);

        Assert.Equal("0", await scene.WaitingAsync());
        Assert.Equal(["short"], scene.Contents);
    }

    [Fact]
    public async Task nothing_is_held_for_sent_after_its_user_was_removed()
    {
        await using var scene = await QueueScene.StartAsync(database);
        await scene.AddAsync("one");
        await scene.DrainAsync();
        await scene.SqlAsync($"insert into outbox (client_id, table_name) values ('{scene.Client}', 'clients')");
        await scene.DrainAsync();
        Assert.Empty(scene.Fake.Messages);

        await scene.SqlAsync($"insert into outbox (client_id, table_name, row_id) select client_id, 'events', id from events where client_id = '{scene.Client}'");
        Assert.True((await scene.DrainAsync()).IsDone);

        Assert.Equal(["one"], scene.Contents);
    }

    // As another silo does it.
    private static Task<string> EraseAsync(QueueScene scene) =>
        scene.SqlAsync($"select from set_config('actors.writer', 'grain', false); select from erase_client('{scene.Client}', now())");
}
