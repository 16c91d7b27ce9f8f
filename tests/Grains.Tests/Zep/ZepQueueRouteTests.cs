using Actors.Support;

namespace Actors.Grains.Tests.Zep;

/// <summary>What a client's queue does when Zep is well but for one thing.</summary>
public sealed class ZepQueueRouteTests(ZepDatabase database) : IClassFixture<ZepDatabase>
{
    [Theory]
    [InlineData(ZepMood.Forbidden, true)]
    [InlineData(ZepMood.Removed, true)]
    [InlineData(ZepMood.Deprecated, true)]
    [InlineData(ZepMood.Redirects, true)]
    [InlineData(ZepMood.Breaks, false)]
    [InlineData(ZepMood.Broken, false)]
    public async Task one_route_that_fails_keeps_no_other_client_away_and_no_queue_for_ever(ZepMood mood, bool isForGood)
    {
        await using var scene = await QueueScene.StartAsync(database);
        scene.Options.MaxAttempts = 3;
        await scene.SqlAsync($"insert into facts (client_id, subject_type, subject_id, fact_type, content) values ('{scene.Client}', 'user', 'Ada', 'drinks', 'tea')");
        await scene.DrainAsync();
        scene.Fake.MoodPath = "graph/edge";
        scene.Fake.Mood = mood;
        await scene.SqlAsync($"update facts set content = 'coffee' where client_id = '{scene.Client}'");
        await scene.AddAsync("behind");

        for (var attempt = 1; attempt <= 3; attempt++)
        {
            await scene.DrainAsync();
            Assert.Equal($"{attempt}", await scene.SqlAsync($"select max(attempts) from outbox where client_id = '{scene.Client}'"));
            Assert.True((await scene.DrainOtherAsync("of another")).IsDone);
            scene.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(isForGood ? 1 : 0, scene.Contents.Count(content => content == "behind"));
        // Whether the kind of call or the row is to blame is not known: that costs a day.
        scene.Time.Advance(TimeSpan.FromDays(1));
        await scene.DrainAsync();
        Assert.Single(scene.Contents, content => content == "behind");
        Assert.Equal("t", await scene.SqlAsync($"select failed_at is not null from outbox where client_id = '{scene.Client}'"));
    }

    [Fact]
    public async Task a_part_of_zep_that_is_out_sets_nothing_aside_until_it_is_known_that_it_is_the_row()
    {
        await using var scene = await QueueScene.StartAsync(database);
        scene.Options.MaxAttempts = 2;
        await scene.AddAsync("poison", "good");
        scene.Fake.MoodPath = "messages";
        scene.Fake.Mood = ZepMood.Broken;
        for (var attempt = 1; attempt <= 4; attempt++)
        {
            await scene.DrainAsync();
            scene.Time.Advance(TimeSpan.FromMinutes(5));
        }

        Assert.Equal("4|0", await scene.SqlAsync($"select max(attempts), count(failed_at) from outbox where client_id = '{scene.Client}'"));

        scene.Fake.MoodPath = $"client_{scene.Client}/messages";
        Assert.True((await scene.DrainOtherAsync("of another")).IsDone);
        await scene.DrainAsync();
        Assert.Equal("1", await scene.SqlAsync($"select count(failed_at) from outbox where client_id = '{scene.Client}'"));
    }

    [Fact]
    public async Task a_user_that_cannot_be_made_costs_no_memory()
    {
        await using var scene = await QueueScene.StartAsync(database);
        scene.Options.MaxAttempts = 2;
        await scene.AddAsync("one", "two");
        scene.Fake.MoodPath = "users";
        scene.Fake.Mood = ZepMood.Refuses;
        for (var attempt = 1; attempt <= 4; attempt++)
        {
            Assert.True((await scene.DrainAsync()).IsStopped);
            scene.Time.Advance(TimeSpan.FromMinutes(5));
        }

        Assert.Equal("4|0|2", await scene.SqlAsync($"select max(attempts), count(failed_at), count(*) from outbox where client_id = '{scene.Client}'"));
        scene.Fake.Mood = ZepMood.Well;
        Assert.True((await scene.DrainAsync()).IsDone);
        Assert.Equal(["one", "two"], scene.Contents);
    }

    [Fact]
    public async Task what_is_to_go_before_zep_has_it_goes_when_it_has_it()
    {
        await using var scene = await QueueScene.StartAsync(database);
        scene.Fake.Quirks.IngestionDelay = TimeSpan.FromMinutes(1);
        await scene.AddAsync("regretted");
        await scene.SqlAsync($"insert into facts (client_id, subject_type, subject_id, fact_type, content) values ('{scene.Client}', 'user', 'Ada', 'drinks', 'tea')");
        Assert.True((await scene.DrainAsync()).IsDone);
        await scene.SqlAsync($"delete from events where client_id = '{scene.Client}'; delete from facts where client_id = '{scene.Client}'");

        Assert.True((await scene.DrainAsync()).IsStopped);
        Assert.NotEmpty(scene.Fake.Messages);
        scene.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.True((await scene.DrainAsync()).IsDone);

        Assert.Empty(scene.Fake.Messages);
        Assert.Empty(scene.Fake.Edges);
    }

    [Fact]
    public async Task a_fact_that_changes_before_zep_has_it_is_there_once()
    {
        await using var scene = await QueueScene.StartAsync(database);
        scene.Fake.Quirks.IngestionDelay = TimeSpan.FromMinutes(1);
        await scene.SqlAsync($"insert into facts (client_id, subject_type, subject_id, fact_type, content) values ('{scene.Client}', 'user', 'Ada', 'drinks', 'tea')");
        await scene.DrainAsync();
        await scene.SqlAsync($"update facts set content = 'coffee' where client_id = '{scene.Client}'");

        Assert.True((await scene.DrainAsync()).IsStopped);
        scene.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.True((await scene.DrainAsync()).IsDone);

        Assert.Equal("coffee", Assert.Single(scene.Fake.Edges).Fact);
    }

    [Fact]
    public async Task what_zep_says_it_does_not_have_is_asked_for_again_and_counted_in_the_end()
    {
        await using var scene = await QueueScene.StartAsync(database);
        using var counts = scene.Measure();
        scene.Options.MaxAttempts = 3;
        scene.Fake.Quirks.EpisodesAreMessages = false;
        await scene.AddAsync("told");
        await scene.DrainAsync();
        await scene.SqlAsync($"delete from events where client_id = '{scene.Client}'");

        for (var attempt = 1; attempt <= 3; attempt++)
        {
            Assert.Equal(attempt == 3, (await scene.DrainAsync()).IsDone);
            scene.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal("0", await scene.WaitingAsync());
        Assert.Contains("actors.zep.not_there=1", counts.Read(), StringComparison.Ordinal);
    }
}
