using Actors.Support;

namespace Actors.Grains.Tests.Zep;

/// <summary>What a client's queue waits for, and what it does not.</summary>
public sealed class ZepQueueWaitTests(ZepDatabase database) : IClassFixture<ZepDatabase>
{
    [Fact]
    public async Task what_was_refused_waits_though_something_before_it_has_nothing_to_do()
    {
        await using var scene = await QueueScene.StartAsync(database);
        scene.Fake.Quirks.MessageLength = 10;
        await AddBehindOneThatWentAsync(scene, "much too long");

        Assert.True((await scene.DrainAsync()).IsStopped);
        Assert.True((await scene.DrainAsync()).IsStopped);

        Assert.Equal("1|1|t", await scene.SqlAsync($"select count(*), sum(attempts), bool_and(failed_at is null) from outbox where client_id = '{scene.Client}'"));
    }

    [Fact]
    public async Task nor_is_zep_asked_again_and_again_whether_it_is_well()
    {
        await using var scene = await QueueScene.StartAsync(database);
        await AddBehindOneThatWentAsync(scene, "fine");
        scene.Fake.MoodPath = "messages";
        scene.Fake.Mood = ZepMood.Broken;

        Assert.True((await scene.DrainAsync()).IsStopped);

        // User, thread, messages, and how it is.
        Assert.Equal(4, scene.Fake.Calls.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task what_may_have_been_sent_and_is_deleted_is_taken_out_when_it_comes_there_late(bool isFact)
    {
        await using var scene = await QueueScene.StartAsync(database);
        scene.Fake.Quirks.IngestionDelay = TimeSpan.FromMinutes(1);
        scene.Fake.Quirks.KeepsFactIds = true;
        await SendAndDeleteAsync(scene, isFact, ZepMood.BreaksAfterwards);

        Assert.True((await scene.DrainAsync()).IsStopped);
        scene.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.True((await scene.DrainAsync()).IsDone);

        Assert.Empty(scene.Fake.Messages);
        Assert.Empty(scene.Fake.Edges);
        Assert.Equal("0", await scene.SqlAsync($"select count(*) from zep_items where client_id = '{scene.Client}'"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task what_was_certainly_not_taken_and_is_deleted_is_not_waited_for(bool isFact)
    {
        await using var scene = await QueueScene.StartAsync(database);
        scene.Fake.Quirks.IngestionDelay = TimeSpan.FromMinutes(1);
        await SendAndDeleteAsync(scene, isFact, ZepMood.Refuses);

        Assert.True((await scene.DrainAsync()).IsDone);

        Assert.Equal("0", await scene.SqlAsync($"select count(*) from zep_items where client_id = '{scene.Client}'"));
    }

    [Fact]
    public async Task waiting_for_what_is_to_go_costs_what_comes_in_its_place_no_try()
    {
        await using var scene = await QueueScene.StartAsync(database);
        scene.Fake.Quirks.IngestionDelay = TimeSpan.FromMinutes(5);
        await scene.AddAsync("draft");
        Assert.True((await scene.DrainAsync()).IsDone);
        await scene.SqlAsync($"update events set content = 'final' where client_id = '{scene.Client}'");
        for (var look = 0; look < 4; look++)
        {
            Assert.True((await scene.DrainAsync()).IsStopped);
            scene.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal("4", await scene.SqlAsync($"select attempts from outbox where client_id = '{scene.Client}'"));
        scene.Time.Advance(TimeSpan.FromMinutes(5));
        scene.Fake.Next(ZepMood.Well, ZepMood.Refuses);
        Assert.True((await scene.DrainAsync()).IsStopped);

        Assert.Equal("1|t", await scene.SqlAsync($"select attempts, failed_at is null from outbox where client_id = '{scene.Client}'"));
    }

    [Fact]
    public async Task two_activations_that_have_read_the_same_rows_send_a_memory_once()
    {
        await using var scene = await QueueScene.StartAsync(database);
        await scene.AddAsync("one");
        scene.Fake.MoodPath = "users";
        scene.Fake.Mood = ZepMood.Slow;
        var first = scene.DrainAsync();
        await scene.Fake.NextCallAsync();
        var second = scene.QueueOf(scene.Client).DrainAsync(100, TestContext.Current.CancellationToken);
        await scene.Fake.NextCallAsync();

        scene.Fake.Release();
        await Task.WhenAll(first, second);

        Assert.Equal(["one"], scene.Contents);
        scene.Fake.Mood = ZepMood.Well;
        await scene.SqlAsync($"delete from events where client_id = '{scene.Client}'");
        scene.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.True((await scene.DrainAsync()).IsDone);
        Assert.Empty(scene.Contents);
    }

    [Fact]
    public async Task a_limit_that_does_not_say_what_is_left_of_it_is_counted_here()
    {
        await using var scene = await QueueScene.StartAsync(database);
        scene.Fake.Quirks.TellsRemaining = false;
        await scene.AddAsync("one");

        Assert.True((await scene.DrainAsync()).IsDone);

        Assert.Equal("6000|t", await scene.SqlAsync("select per_minute, minute_left > 5900 from zep_budget"));
    }

    private static async Task AddBehindOneThatWentAsync(QueueScene scene, string content)
    {
        var ids = await scene.AddAsync("gone", content);
        await scene.SqlAsync($"delete from events where id = '{ids[0]}'");
    }

    // User and thread are made, then it is met so.
    private static async Task SendAndDeleteAsync(QueueScene scene, bool isFact, ZepMood mood)
    {
        if (isFact)
        {
            await scene.SqlAsync($"insert into facts (client_id, subject_type, subject_id, fact_type, content) values ('{scene.Client}', 'user', 'Ada', 'drinks', 'tea')");
        }
        else
        {
            await scene.AddAsync("regretted");
        }

        scene.Fake.Next(ZepMood.Well, ZepMood.Well, mood);
        Assert.True((await scene.DrainAsync()).IsStopped);
        await scene.SqlAsync($"delete from {(isFact ? "facts" : "events")} where client_id = '{scene.Client}'");
        scene.Time.Advance(TimeSpan.FromSeconds(10));
    }
}
