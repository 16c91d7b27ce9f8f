using Actors.Grains.Tests.Sessions;
using Actors.Sessions;
using Actors.Support;

namespace Actors.Grains.Tests.Zep;

/// <summary>When recall asks Zep, how long it waits, and how long what came of it is kept.</summary>
public partial class ZepRecallBudgetTests(ZepDatabase database) : IClassFixture<ZepDatabase>
{
    [Fact]
    public async Task a_Zep_that_is_slow_is_waited_for_no_longer_than_its_time_and_the_answer_says_so_for_a_minute()
    {
        await using var scene = await ZepRecallScene.StartAsync(database);
        await scene.RememberAsync("The kettle is red");
        scene.Knows("The kettle is rusty");
        scene.Fake.Mood = ZepMood.Slow;

        var answer = await scene.AskInVainAsync("kettle bicycle");
        Assert.Equal(["The kettle is red"], ZepRecallScene.Texts(answer));
        Assert.Equal(["zep"], answer.Degraded);
        Assert.False(answer.Cached);

        scene.Fake.Mood = ZepMood.Well;
        scene.Fake.Release();
        scene.Time.Advance(TimeSpan.FromSeconds(59));
        var kept = await scene.AskAsync("kettle bicycle");
        Assert.True(kept.Cached);
        Assert.Equal(["zep"], kept.Degraded);

        scene.Time.Advance(TimeSpan.FromSeconds(1));
        var whole = await scene.AskAsync("kettle bicycle");
        Assert.Equal(["The kettle is red", "The kettle is rusty"], ZepRecallScene.Texts(whole).Order());
        Assert.Empty(whole.Degraded);
    }

    [Theory]
    [InlineData(ZepMood.Breaks)]
    [InlineData(ZepMood.Broken)]
    [InlineData(ZepMood.BadGateway)]
    [InlineData(ZepMood.WrongKey)]
    [InlineData(ZepMood.Throttled)]
    [InlineData(ZepMood.Locked)]
    [InlineData(ZepMood.Garbage)]
    [InlineData(ZepMood.Removed)]
    [InlineData(ZepMood.Deprecated)]
    public async Task a_Zep_that_fails_is_missing_and_no_more(ZepMood mood)
    {
        await using var scene = await ZepRecallScene.StartAsync(database);
        await scene.RememberAsync("The kettle is red");
        scene.Fake.Mood = mood;

        var answer = await scene.AskAsync("kettle bicycle");

        Assert.Equal(["The kettle is red"], ZepRecallScene.Texts(answer));
        Assert.Equal(["zep"], answer.Degraded);
        Assert.Equal(1, scene.Searches);
    }

    [Fact]
    public async Task what_nobody_expects_is_missing_and_no_more()
    {
        await using var scene = await ZepRecallScene.StartAsync(database);
        await scene.RememberAsync("The kettle is red");
        scene.Knows("The kettle is rusty");
        await scene.PsqlAsync("alter table zep_removed rename to zep_away");
        try
        {
            var answer = await scene.AskAsync("kettle bicycle");

            Assert.Equal(["The kettle is red"], ZepRecallScene.Texts(answer));
            Assert.Equal(["zep"], answer.Degraded);
        }
        finally
        {
            await scene.PsqlAsync("alter table zep_away rename to zep_removed");
        }
    }

    [Fact]
    public async Task what_Zep_found_is_not_waited_for_in_Postgres_beyond_its_time()
    {
        await using var scene = await ZepRecallScene.StartAsync(database, settings: ("Sessions:MaxHotEvents", "1"));
        var old = await scene.RememberAsync("Ada wants her kettle red");
        await scene.RememberAsync("Jon has a boat");
        await scene.KnowsAsAsync(old, "colour of fire engines");
        await scene.AskAsync("boat");
        await using var connection = new Npgsql.NpgsqlConnection(database.Database.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var command = new Npgsql.NpgsqlCommand("lock table events in access exclusive mode", connection, transaction))
        {
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var asked = scene.AskAsync("colour fire");
        while (await scene.PsqlAsync("select count(*) from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())") == "0")
        {
            Assert.False(asked.IsCompleted);
        }

        scene.Time.Advance(TimeSpan.FromMilliseconds(500));
        var answer = await asked.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        Assert.Empty(answer.Hits);
        Assert.Equal(["hot_index", "zep"], answer.Degraded);
    }

    [Fact]
    public async Task over_budget_Zep_is_not_asked_and_missing()
    {
        await using var scene = await ZepRecallScene.StartAsync(database);
        scene.Fake.Quirks.RequestsPerMinute = 1;
        await scene.AskAsync("kettle");

        var answer = await scene.AskAsync("bicycle");

        Assert.Equal(["zep"], answer.Degraded);
        Assert.Equal(1, scene.Searches);
    }

    [Fact]
    public async Task an_answer_with_Zep_is_kept_for_an_hour()
    {
        await using var scene = await ZepRecallScene.StartAsync(database);
        scene.Knows("Ada moved to Lisbon");
        await scene.AskAsync("Lisbon");

        scene.Time.Advance(TimeSpan.FromMinutes(60) - TimeSpan.FromSeconds(1));
        var kept = await scene.AskAsync("Lisbon");
        Assert.True(kept.Cached);
        Assert.Single(kept.Hits);
        scene.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.False((await scene.AskAsync("Lisbon")).Cached);
        Assert.Equal(2, scene.Searches);
    }

    [Fact]
    public async Task Zep_is_not_asked_when_what_is_found_here_is_good_enough()
    {
        await using var scene = await ZepRecallScene.StartAsync(database, settings: ("Zep:GoodEnough", "0.5"));
        await scene.RememberAsync("The kettle is red");
        scene.Knows("The kettle is rusty");

        var good = await scene.AskAsync("red kettle");
        Assert.True(good.Hits[0].Similarity >= 0.5);
        Assert.Empty(good.Degraded);
        Assert.Equal(0, scene.Searches);

        var poor = await scene.AskAsync("kettle bicycle street");
        Assert.True(poor.Hits[^1].Similarity < 0.5);
        Assert.Equal(1, scene.Searches);
    }

    [Fact]
    public async Task Zep_is_not_asked_about_what_was_known_before()
    {
        await using var scene = await ZepRecallScene.StartAsync(database);

        Assert.Empty((await scene.AskAsync("kettle", request => request with { KnownAt = scene.Time.GetUtcNow() })).Degraded);

        Assert.Equal(0, scene.Searches);
    }

    [Fact]
    public async Task Zep_is_not_asked_about_a_client_of_whom_it_was_sent_nothing()
    {
        await using var scene = await ZepRecallScene.StartAsync(database, isKnown: false);
        scene.Knows("The kettle is rusty");

        var answer = await scene.AskAsync("kettle");

        Assert.Empty(answer.Degraded);
        Assert.Empty(answer.Hits);
        Assert.Equal(0, scene.Searches);
    }

    [Fact]
    public async Task while_an_erasure_has_not_come_to_Zep_it_is_not_asked()
    {
        await using var scene = await ZepRecallScene.StartAsync(database);
        scene.Knows("The kettle is rusty");
        Assert.Single((await scene.AskAsync("kettle")).Hits);
        // So that it is not removed there.
        scene.Fake.Mood = ZepMood.Broken;

        await scene.Session.EraseAsync(TestContext.Current.CancellationToken);
        await scene.PsqlAsync($"insert into zep_clients (client_id, ensured_at) values ('{scene.Client}', now())");
        scene.Fake.Mood = ZepMood.Well;
        var answer = await scene.AskAsync("kettle");

        Assert.Empty(answer.Hits);
        Assert.Equal(["zep"], answer.Degraded);
        Assert.Equal(1, scene.Searches);
    }

    [Fact]
    public async Task what_Zep_still_had_of_a_client_who_is_erased_while_it_is_asked_is_not_shown()
    {
        await using var scene = await ZepRecallScene.StartAsync(database);
        scene.Knows("The kettle is rusty");
        scene.Fake.Mood = ZepMood.Slow;
        scene.Fake.MoodPath = "graph/search";

        var asked = scene.AskAsync("kettle");
        await scene.Fake.NextCallAsync("graph/search");
        await scene.Session.EraseAsync(TestContext.Current.CancellationToken);
        scene.Fake.Release();
        var answer = await asked;

        Assert.Empty(answer.Hits);
        Assert.Equal(["zep"], answer.Degraded);
    }
}

/// <summary>Answers of Zep in a cache that outlives activations.</summary>
public sealed class ZepColdRecallTests : ColdSessionScene
{
    [Fact]
    public async Task what_Zep_found_is_answered_by_a_cold_session_too()
    {
        await using var fake = await FakeZep.StartAsync();
        fake.AddForeignFact(SessionKey.Of("1"), "Ada moved to Lisbon", validAt: TimeProvider.System.GetUtcNow().AddDays(-1));
        await RestartAsync(null, ZepRecallScene.Settings(fake));
        await Session("1").RememberAsync(new NewMemory("The kettle is red", Salience: 0.1));
        await Database.PsqlAsync("insert into zep_clients (client_id, ensured_at) values ('1', now())");
        var first = await AskAsync("1", "Lisbon kettle");
        await Valkey.HoldsAsync("recall:1:*", 1);
        await RestartAsync(null, ZepRecallScene.Settings(fake));

        var cold = await AskAsync("1", "Lisbon kettle");

        Assert.True(cold.Cached);
        Assert.False(IsLoaded);
        Assert.Equivalent(first.Hits, cold.Hits, strict: true);
        Assert.Contains(cold.Hits, hit => hit.Zep is not null);
        Assert.Single(fake.Calls, call => call.Path == "graph/search");
    }

    [Fact]
    public async Task where_Zep_is_not_configured_an_answer_that_has_it_is_none()
    {
        await using var fake = await FakeZep.StartAsync();
        await RestartAsync(null, ZepRecallScene.Settings(fake));
        await Session("1").RememberAsync(new NewMemory("The kettle is red", Salience: 0.1));
        await AskAsync("1", "kettle");
        await Valkey.HoldsAsync("recall:1:*", 1);
        await RestartAsync();

        Assert.False((await AskAsync("1", "kettle")).Cached);
    }
}
