using Actors.Storage;
using Actors.Support;

namespace Actors.Grains.Tests.Zep;

/// <summary>What a client's queue does while Zep, or Postgres, does not do its part: everything arrives at least once, in its order.</summary>
public sealed class ZepQueueFailureTests(ZepDatabase database) : IClassFixture<ZepDatabase>
{
    [Theory]
    [InlineData(nameof(ZepMood.Breaks), 1)]
    [InlineData(nameof(ZepMood.BadGateway), 1)]
    [InlineData(nameof(ZepMood.Garbage), 1)]
    [InlineData(nameof(ZepMood.Locked), 1)]
    [InlineData(nameof(ZepMood.WrongKey), 300)]
    [InlineData(nameof(ZepMood.Removed), 300)]
    [InlineData(nameof(ZepMood.Throttled), 63)]
    public async Task an_outage_charges_no_row_and_all_arrive_after_it_in_their_order(string mood, int pauseSeconds)
    {
        await using var scene = await QueueScene.StartAsync(database);
        await scene.AddAsync("one", "two");
        scene.Fake.Mood = Enum.Parse<ZepMood>(mood);

        Assert.True((await scene.DrainAsync()).IsStopped);
        var calls = scene.Fake.Calls.Count;
        Assert.True((await scene.DrainAsync()).IsStopped);
        Assert.Equal(calls, scene.Fake.Calls.Count);
        Assert.Equal("0|2", await scene.SqlAsync($"select sum(attempts), count(*) from outbox where client_id = '{scene.Client}'"));

        scene.Fake.Mood = ZepMood.Well;
        await scene.AddAsync("three");
        // As chance has it, up to a twentieth later.
        scene.Time.Advance(TimeSpan.FromSeconds(1.05 * pauseSeconds));
        Assert.True((await scene.DrainAsync()).IsDone);
        Assert.Equal(["one", "two", "three"], scene.Contents);
    }

    [Fact]
    public async Task zep_is_not_asked_before_the_minute_it_asked_for_is_over()
    {
        await using var scene = await QueueScene.StartAsync(database);
        await scene.AddAsync("one");
        scene.Fake.Quirks.RetryAfter = "75";
        scene.Fake.Next(ZepMood.Throttled);

        Assert.True((await scene.DrainAsync()).IsStopped);
        scene.Time.Advance(TimeSpan.FromSeconds(74.9));
        scene.Restart();
        Assert.True((await scene.DrainAsync()).IsStopped);
        Assert.Single(scene.Fake.Calls);

        scene.Time.Advance(TimeSpan.FromSeconds(4));
        Assert.True((await scene.DrainAsync()).IsDone);
    }

    [Fact]
    public async Task penalty_mode_is_kept_to_and_the_queue_gets_through()
    {
        await using var scene = await QueueScene.StartAsync(database);
        scene.Fake.Quirks.Quota = 0;
        for (var memory = 0; memory < 12; memory++)
        {
            // Facts go one by one.
            await scene.SqlAsync($"insert into facts (client_id, subject_type, subject_id, fact_type, content) values ('{scene.Client}', 'user', 'Ada', 'drinks', 'tea {memory}')");
        }

        var minutes = 0;
        while (!(await scene.DrainAsync()).IsDone)
        {
            Assert.True(++minutes < 10);
            scene.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(Enumerable.Range(0, 12).Select(memory => $"tea {memory}"), scene.Fake.Edges.Select(edge => edge.Fact));
        Assert.DoesNotContain(scene.Fake.Calls, call => call.Status == 429);
    }

    [Fact]
    public async Task what_is_refused_is_found_among_the_others_and_set_aside_after_its_tries_and_the_queue_goes_on()
    {
        await using var scene = await QueueScene.StartAsync(database);
        scene.Options.MaxAttempts = 3;
        scene.Fake.Quirks.MessageLength = 10;
        await scene.AddAsync("one", "much too long", "two");

        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var drain = await scene.DrainAsync();
            Assert.Equal(["one"], scene.Contents.Take(1));
            Assert.Equal(attempt < 3, drain.IsStopped);
            scene.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(["one", "two"], scene.Contents);
        Assert.Equal("3|t|t", await scene.SqlAsync($"select attempts, failed_at is not null, last_error like '%400%' from outbox where client_id = '{scene.Client}'"));

        scene.Fake.Quirks.MessageLength = 100;
        await scene.SqlAsync($"update outbox set failed_at = null, attempts = 0, next_attempt_at = null where client_id = '{scene.Client}'");
        Assert.True((await scene.DrainAsync()).IsDone);
        Assert.Equal(["one", "two", "much too long"], scene.Contents);
    }

    [Fact]
    public async Task what_zep_breaks_at_is_charged_when_zep_is_well_otherwise()
    {
        await using var scene = await QueueScene.StartAsync(database);
        await scene.AddAsync("poison");
        scene.Fake.MoodPath = "messages";
        scene.Fake.Mood = ZepMood.Broken;

        Assert.True((await scene.DrainAsync()).IsStopped);

        Assert.Equal("1|t", await scene.SqlAsync($"select attempts, last_error like '%500%' from outbox where client_id = '{scene.Client}'"));
        Assert.Equal("GET projects/info", $"{scene.Fake.Calls[^1]}");
    }

    [Fact]
    public async Task what_zep_took_without_saying_so_is_sent_again_and_is_there_once_and_nothing_new_is_lost_with_it()
    {
        await using var scene = await QueueScene.StartAsync(database);
        await scene.AddAsync("one", "two");
        scene.Fake.Next(ZepMood.Well, ZepMood.Well, ZepMood.BreaksAfterwards);
        await scene.DrainAsync();
        Assert.Equal(["one", "two"], scene.Contents);
        await scene.AddAsync("three");

        scene.Restart();
        scene.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await scene.DrainAsync()).IsDone);

        Assert.Equal(["one", "two", "three"], scene.Contents);
        Assert.Equal("3", await scene.SqlAsync($"select count(*) from zep_items where client_id = '{scene.Client}' and sent_at is not null"));
    }

    [Fact]
    public async Task what_zep_took_without_saying_so_is_taken_back_when_it_goes_meanwhile()
    {
        await using var scene = await QueueScene.StartAsync(database);
        await scene.AddAsync("regretted");
        scene.Fake.Next(ZepMood.Well, ZepMood.Well, ZepMood.BreaksAfterwards);
        await scene.DrainAsync();
        Assert.Single(scene.Fake.Messages);

        await scene.SqlAsync($"delete from events where client_id = '{scene.Client}'");
        scene.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.True((await scene.DrainAsync()).IsDone);

        Assert.Empty(scene.Fake.Messages);
    }

    [Fact]
    public async Task a_fact_that_zep_took_without_saying_so_is_there_once_if_it_kept_the_id()
    {
        await using var scene = await QueueScene.StartAsync(database);
        scene.Fake.Quirks.KeepsFactIds = true;
        await scene.SqlAsync($"insert into facts (client_id, subject_type, subject_id, fact_type, content) values ('{scene.Client}', 'user', 'Ada', 'drinks', 'tea')");
        scene.Fake.Next(ZepMood.Well, ZepMood.Well, ZepMood.BreaksAfterwards);
        await scene.DrainAsync();
        Assert.Single(scene.Fake.Edges);

        scene.Restart();
        scene.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.True((await scene.DrainAsync()).IsDone);

        Assert.Equal(Assert.Single(scene.Fake.Edges).Id, await scene.SqlAsync($"select zep_fact_id from facts where client_id = '{scene.Client}'"));
    }

    [Fact]
    public async Task what_could_not_be_noted_is_noted_before_anything_else_is_sent()
    {
        await using var scene = await QueueScene.StartAsync(database);
        scene.Fake.Quirks.KeepsMessageIds = false;
        await scene.AddAsync("one");
        scene.Fake.MoodPath = "messages";
        scene.Fake.Mood = ZepMood.Slow;
        var draining = scene.DrainAsync();
        while (!(await scene.Fake.NextCallAsync()).Path.EndsWith("messages", StringComparison.Ordinal))
        {
        }

        database.Writes.Close("for the test");
        scene.Fake.Release();
        await Assert.ThrowsAsync<Actors.Hosting.WritesSuspendedException>(() => draining);
        database.Writes.Open();

        Assert.True((await scene.DrainAsync()).IsDone);
        Assert.Equal(["one"], scene.Contents);
    }

    [Fact]
    public async Task an_erasure_is_never_given_up_and_nothing_is_sent_before_it()
    {
        await using var scene = await QueueScene.StartAsync(database);
        scene.Options.MaxAttempts = 1;
        await scene.AddAsync("secret");
        await scene.DrainAsync();
        await scene.SqlAsync($"select from set_config('actors.writer', 'grain', false); select from erase_client('{scene.Client}', now())");
        await scene.AddAsync("anew");
        scene.Fake.Mood = ZepMood.Refuses;

        for (var attempt = 1; attempt <= 3; attempt++)
        {
            Assert.True((await scene.DrainAsync()).IsStopped);
            scene.Time.Advance(TimeSpan.FromMinutes(10));
        }

        Assert.Equal("3|2", await scene.SqlAsync($"select max(attempts), count(*) from outbox where client_id = '{scene.Client}' and failed_at is null"));
        scene.Fake.Mood = ZepMood.Well;
        Assert.True((await scene.DrainAsync()).IsDone);
        Assert.Equal(["anew"], scene.Contents);
    }
}
