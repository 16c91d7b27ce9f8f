using Actors.Grains.Tests.Sessions;
using Actors.Sessions;
using Actors.Support;

namespace Actors.Grains.Tests.Zep;

// Here all clients share what is known of Zep; each silo finds out for itself that it may not be asked.
public partial class ZepRecallBudgetTests
{
    [Fact]
    public async Task of_a_client_of_whom_Zep_was_sent_nothing_nothing_is_missing_while_Zep_may_not_be_asked()
    {
        await using var scene = await ZepRecallScene.StartAsync(database);
        scene.Fake.Quirks.RequestsPerMinute = 1;
        var stranger = scene.Host.Grains.GetGrain<ISessionGrain>(SessionKey.Of(database.NewClient()));
        await scene.AskAsync("kettle");
        Assert.Equal(["zep"], (await scene.AskAsync("bicycle")).Degraded);

        Assert.Empty((await AskAsync("kettle")).Degraded);
        // Then it is known for a minute, and not read again.
        await scene.PsqlAsync("alter table zep_clients rename to zep_away");
        try
        {
            Assert.Empty((await AskAsync("bicycle")).Degraded);
            Assert.Equal(["zep"], (await scene.AskAsync("boat")).Degraded);
        }
        finally
        {
            await scene.PsqlAsync("alter table zep_away rename to zep_clients");
        }

        Assert.Equal(1, scene.Searches);

        Task<RecallAnswer> AskAsync(string question) => stranger.RecallAsync(RecallRequest.For(question), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task a_client_who_has_been_sent_something_meanwhile_is_missing_Zep_a_minute_later()
    {
        await using var scene = await ZepRecallScene.StartAsync(database, isKnown: false);
        await scene.AskAsync("kettle");
        var other = database.NewClient();
        await scene.PsqlAsync($"insert into zep_clients (client_id, ensured_at) select unnest(array['{scene.Client}', '{other}']), now()");
        scene.Fake.Mood = ZepMood.WrongKey;
        await scene.Host.Grains.GetGrain<ISessionGrain>(SessionKey.Of(other)).RecallAsync(RecallRequest.For("kettle"), TestContext.Current.CancellationToken);
        Assert.Empty((await scene.AskAsync("bicycle")).Degraded);

        scene.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(["zep"], (await scene.AskAsync("boat")).Degraded);
        Assert.Equal(1, scene.Searches);
    }
}
