using System.Text.Json.Nodes;
using Actors.Support;

namespace Actors.Api.Tests.Changes;

/// <summary>What receivers of webhooks get.</summary>
public class WebhookTests
{
    [Fact]
    public async Task changes_are_sent_in_order_signed_and_as_the_feed_has_them_to_whom_they_concern()
    {
        await using var scene = await WebhookScene.StartAsync();
        await scene.RememberAsync("1", "before there was a webhook");
        var id = await scene.HookAsync("1", "event.created", "fact.created");
        await scene.RememberAsync("2", "another client's");
        List<string> expected = [];
        for (var i = 0; i < 25; i++)
        {
            await scene.RememberAsync("1", $"memory {i}");
            expected.Add($"memory {i}");
        }

        await scene.Database.PsqlAsync("update events set salience_score = 0.1 where client_id = '1'");
        await scene.Database.PsqlAsync("insert into facts (client_id, subject_type, subject_id, fact_type, content) values ('1', 'user', '1', 'drink', 'tea')");
        List<JsonNode> items = [];
        while (items.Count < 26)
        {
            var request = await scene.Receiver.NextRequestAsync();
            Assert.Equal(("memory.changes", id), ((string?)request.Body["type"], (string?)request.Body["webhook_id"]));
            Assert.Single(request.SignedBy);
            // What takes longer than a receiver may take, on a busy machine, comes again.
            items.AddRange(request.Items.Where(item => items.TrueForAll(had => (long)had["seq"]! != (long)item["seq"]!)));
        }

        Assert.Equal([.. expected, "tea"], items.Select(item => (string)item["memory"]!["content"]!));
        Assert.All(scene.Receiver.Requests, request => Assert.InRange(request.Items.Count, 1, 10));
        Assert.All(
            scene.Receiver.Requests.GroupBy(request => request.Id),
            same => Assert.Single(same.Select(request => string.Join(',', request.Items.Select(item => (long)item["seq"]!))).Distinct()));
        var feed = (await scene.GetAsync("/api/v1/memory/changes?client_id=1&limit=500"))["items"]!.AsArray().ToDictionary(item => (long)item!["seq"]!);
        foreach (var item in items.TakeLast(1))
        {
            var same = feed[(long)item["seq"]!]!;
            // Each reader has cursors of its own.
            (item["cursor"], same["cursor"]) = (null, null);
            Assert.Equal(same.ToJsonString(), item.ToJsonString());
        }

        var shown = await scene.UntilAsync($"/api/v1/admin/webhooks/{id}", hook => hook["delivered_at"] is not null);
        Assert.Null(shown["secret"]);
        Assert.DoesNotContain("whsec_", scene.Service.Output, StringComparison.Ordinal);
        using var metrics = await scene.Service.Client.GetAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        var text = await metrics.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.All(
            (string[])["actors_changes_lag_seconds{", "actors_webhooks_delivered", "actors_changes_oldest_transaction_seconds"],
            name => Assert.Contains(name, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task what_a_receiver_refuses_is_tried_again_becomes_a_dead_letter_and_can_be_sent_once_more()
    {
        await using var scene = await WebhookScene.StartAsync();
        var id = await scene.HookAsync();
        foreach (var (mood, error) in ((ReceiverMood, string)[])[
            (ReceiverMood.Broken, "http_500"), (ReceiverMood.Drops, "unreachable"), (ReceiverMood.Redirects, "http_307"), (ReceiverMood.Hangs, "timed_out")])
        {
            scene.Receiver.Mood = mood;
            var remembered = await scene.RememberAsync("1", $"{mood}");
            foreach (var _ in Enumerable.Range(0, 3))
            {
                Assert.Equal($"{mood}", (string?)(await scene.Receiver.NextRequestAsync()).Items.Single()["memory"]!["content"]);
            }

            var letters = (await scene.UntilAsync(Letters(id), list => list["items"]!.AsArray().Count == 1))["items"]!.AsArray();
            Assert.Equal((3, error), ((int)letters[0]!["attempts"]!, (string?)letters[0]!["last_error"]));
            Assert.DoesNotContain((string)remembered["memory_id"]!, letters.ToJsonString(), StringComparison.Ordinal);

            // The feed goes on behind it.
            scene.Receiver.Mood = ReceiverMood.Takes;
            await scene.RememberAsync("1", $"after {mood}");
            Assert.Equal($"after {mood}", (string?)(await scene.Receiver.NextRequestAsync()).Items.Single()["memory"]!["content"]);

            var letter = $"{Letters(id)}/{letters[0]!["letter_id"]}";
            await scene.SendAsync(HttpMethod.Post, $"{letter}/retry", new { }, 202);
            var again = await scene.Receiver.NextRequestAsync();
            Assert.Equal($"{mood}", (string?)again.Items.Single()["memory"]!["content"]);
            Assert.Equal(again.Id, scene.Receiver.Requests[^3].Id);
            await scene.UntilAsync(Letters(id), list => list["items"]!.AsArray().Count == 0);
        }

        Assert.Equal(0, scene.Receiver.Stray);
    }

    [Fact]
    public async Task a_receiver_that_is_gone_is_left_alone_until_it_is_enabled_again_and_one_that_asks_for_time_gets_it()
    {
        await using var scene = await WebhookScene.StartAsync();
        var id = await scene.HookAsync();
        scene.Receiver.Mood = ReceiverMood.Gone;
        await scene.RememberAsync("1", "while it is gone");
        await scene.Receiver.NextRequestAsync();
        var hook = await scene.UntilAsync($"/api/v1/admin/webhooks/{id}", now => !(bool)now["enabled"]!);
        Assert.Equal("gone", (string?)hook["disabled_reason"]);

        scene.Receiver.Mood = ReceiverMood.Busy;
        await scene.SendAsync(HttpMethod.Patch, $"/api/v1/admin/webhooks/{id}", new { enabled = true }, 200);
        await scene.Receiver.NextRequestAsync();
        hook = await scene.UntilAsync($"/api/v1/admin/webhooks/{id}", now => now["next_attempt_at"] is not null);
        Assert.True((DateTimeOffset)hook["next_attempt_at"]! > TimeProvider.System.GetUtcNow().AddSeconds(60));

        // A new secret; the one before signs beside it. Whatever is changed, it is tried at once.
        scene.Receiver.Mood = ReceiverMood.Takes;
        var rotated = await scene.SendAsync(HttpMethod.Patch, $"/api/v1/admin/webhooks/{id}", new { rotate_secret = true }, 200);
        scene.Receiver.Secrets.Enqueue((string)rotated["secret"]!);
        var request = await scene.Receiver.NextRequestAsync();
        Assert.Equal("while it is gone", (string?)request.Items.Single()["memory"]!["content"]);
        await scene.RememberAsync("1", "afterwards");
        Assert.Equal(scene.Receiver.Secrets, (await scene.Receiver.NextRequestAsync()).SignedBy);

        await scene.SendAsync(HttpMethod.Delete, $"/api/v1/admin/webhooks/{id}", null, 204);
        Assert.Empty((await scene.GetAsync("/api/v1/admin/webhooks"))["items"]!.AsArray());
    }

    [Fact]
    public async Task one_that_was_away_for_longer_than_changes_are_kept_goes_on_with_the_oldest_there_is()
    {
        await using var scene = await WebhookScene.StartAsync();
        var id = await scene.HookAsync();
        await scene.SendAsync(HttpMethod.Patch, $"/api/v1/admin/webhooks/{id}", new { enabled = false }, 200);
        await scene.RememberAsync("1", "no longer kept");
        await scene.RememberAsync("1", "the oldest");
        await scene.RememberAsync("1", "the newest");
        await scene.Database.PsqlAsync(
            """
            set actors.writer = 'grain';
            update change_feed set pruned_to_seq = (select max(seq) - 2 from change_log);
            delete from change_log where seq <= (select pruned_to_seq from change_feed);
            """);
        await scene.SendAsync(HttpMethod.Patch, $"/api/v1/admin/webhooks/{id}", new { enabled = true }, 200);

        Assert.Equal(["the oldest", "the newest"], (await scene.Receiver.NextRequestAsync()).Items.Select(item => (string?)item["memory"]!["content"]));
        using var metrics = await scene.Service.Client.GetAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Matches("(?m)^actors_webhooks_skipped\\S* 1\\b", await metrics.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Contains("it goes on with the oldest", scene.Service.Output, StringComparison.Ordinal);
        await scene.RememberAsync("1", "afterwards");
        Assert.Equal("afterwards", (string?)(await scene.Receiver.NextRequestAsync()).Items.Single()["memory"]!["content"]);
    }

    [Fact]
    public async Task kill_9_of_the_service_while_it_delivers_loses_no_change()
    {
        await using var scene = await WebhookScene.StartAsync();
        await scene.HookAsync();
        for (var round = 0; round < 3; round++)
        {
            using var stop = new CancellationTokenSource();
            var loops = Enumerable.Range(0, 8).Select(i => new RememberLoop(scene.Service.Client, $"{i}", stop.Token)).ToList();
            var writing = Task.WhenAll(loops.Select(loop => Task.Run(loop.RunAsync, TestContext.Current.CancellationToken)));
            await Task.WhenAll(loops.Select(loop => loop.AcknowledgedAsync(10)));
            await scene.Service.KillAsync();
            await stop.CancelAsync();
            await writing;
            await scene.StartServiceAsync();
        }

        var log = (await scene.Database.PsqlAsync("select seq from change_log where table_name in ('events', 'facts') order by seq")).Split('\n').Select(long.Parse).ToList();
        HashSet<long> received = [];
        while (received.Count < log.Count)
        {
            received.UnionWith((await scene.Receiver.NextRequestAsync()).Items.Select(item => (long)item["seq"]!));
        }

        Assert.Equal(log, received.Order());
        // In order, as often as some came twice.
        Assert.All(
            scene.Receiver.Requests.SelectMany(request => request.Items).DistinctBy(item => (long)item["seq"]!).GroupBy(item => (string)item["client_id"]!),
            items => Assert.Equal(items.Select(item => (long)item["seq"]!).Order(), items.Select(item => (long)item["seq"]!)));
    }

    private static string Letters(string id) => $"/api/v1/admin/webhooks/{id}/dead-letters";
}
