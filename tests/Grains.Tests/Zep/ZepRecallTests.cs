using Actors.Facts;
using Actors.Grains.Tests.Facts;
using Actors.Grains.Tests.Sessions;
using Actors.Sessions;
using Actors.Support;

namespace Actors.Grains.Tests.Zep;

/// <summary>What becomes of what Zep finds.</summary>
public class ZepRecallTests(ZepDatabase database) : IClassFixture<ZepDatabase>
{
    [Fact]
    public async Task what_Zep_has_of_an_event_is_that_event_once_with_the_higher_score()
    {
        await using var scene = await ZepRecallScene.StartAsync(database);
        var memory = await scene.RememberAsync("Ada wants her kettle red");
        var here = Assert.Single((await scene.AskAsync("red kettle bicycle")).Hits);
        await scene.RememberAsync("something else, so that answers are made anew");
        await scene.KnowsAsAsync(memory, "red kettle bicycle");
        await scene.KnowsAsAsync(memory, "Ada has a red kettle");

        var hit = Assert.Single((await scene.AskAsync("red kettle bicycle")).Hits);

        Assert.Equal((memory, 1.0, here.Reasons | RecallReasons.Zep), (hit.Event, hit.Similarity, hit.Reasons));
        Assert.True(hit.Bm25 > 0);
        Assert.Equal(here.MatchedTerms, hit.MatchedTerms);
        Assert.True(here.Similarity < 0.9);
    }

    [Fact]
    public async Task an_event_that_only_Zep_finds_is_shown_as_it_is_here()
    {
        await using var scene = await ZepRecallScene.StartAsync(database);
        var memory = await scene.RememberAsync("Ada wants her kettle red");
        await scene.KnowsAsAsync(memory, "likes the colour of fire engines");

        var hit = Assert.Single((await scene.AskAsync("colour fire")).Hits);

        Assert.Equal((memory, 1.0, 0.0, RecallReasons.Zep), (hit.Event, hit.Similarity, hit.Bm25, hit.Reasons));
    }

    [Fact]
    public async Task what_Zep_alone_knows_is_a_result_of_its_own()
    {
        await using var scene = await ZepRecallScene.StartAsync(database);
        var since = scene.Time.GetUtcNow().AddDays(-3);
        var id = scene.Knows("Ada moved to Lisbon", validAt: since);

        var hit = Assert.Single((await scene.AskAsync("Lisbon Porto")).Hits);

        Assert.Equal((id, "Ada moved to Lisbon", 0.5, RecallReasons.Zep), (hit.Zep!.ZepId, hit.Memory.Content, hit.Similarity, hit.Reasons));
        Assert.Null(hit.Zep.ValidTo);
        Assert.True((hit.Zep.ValidFrom - since)!.Value.Duration() < TimeSpan.FromMilliseconds(1));
        Assert.Null(hit.Event);
        Assert.Null(hit.Fact);
    }

    [Fact]
    public async Task results_of_all_kinds_are_in_the_order_of_their_scores_and_no_more_than_are_wanted()
    {
        await using var scene = await ZepRecallScene.StartAsync(database);
        await scene.RememberAsync("Lisbon Porto Faro Braga are towns");
        scene.Knows("Lisbon");
        scene.Knows("Lisbon Porto Faro and Braga, all of them");

        var answer = await scene.AskAsync("Lisbon Porto Faro Braga Oslo Bergen", request => request with { K = 2 });

        Assert.Equal(2, answer.Hits.Length);
        Assert.Equal(answer.Hits.OrderByDescending(hit => hit.Similarity), answer.Hits);
        Assert.DoesNotContain("Lisbon", ZepRecallScene.Texts(answer));
    }

    [Fact]
    public async Task no_more_than_ten_hits_of_Zep_count_and_none_that_it_finds_poor()
    {
        await using var scene = await ZepRecallScene.StartAsync(database);
        for (var i = 0; i < 15; i++)
        {
            scene.Knows($"Lisbon {i}");
        }

        scene.Knows("one of many words: a1");
        var many = string.Join(' ', Enumerable.Range(1, 11).Select(i => $"a{i}"));

        Assert.Equal(10, (await scene.AskAsync("Lisbon", request => request with { K = 50 })).Hits.Length);
        Assert.Empty((await scene.AskAsync(many)).Hits);
    }

    [Fact]
    public async Task a_fact_that_ended_there_is_not_shown_but_for_the_time_when_it_held()
    {
        await using var scene = await ZepRecallScene.StartAsync(database);
        var now = scene.Time.GetUtcNow();
        scene.Knows("Ada lives in Lisbon", now.AddDays(-30), now.AddDays(-10));
        scene.Knows("Ada lives in Porto", now.AddDays(-10));
        scene.Knows("Ada will live in Faro", now.AddDays(10));

        Assert.Equal(["Ada lives in Porto"], ZepRecallScene.Texts(await scene.AskAsync("Ada town")));
        Assert.Equal(["Ada lives in Lisbon"], ZepRecallScene.Texts(await scene.AskAsync("Ada town", request => request with { AsOf = now.AddDays(-20) })));
        Assert.Equal(["Ada lives in Porto", "Ada will live in Faro"], ZepRecallScene.Texts(await scene.AskAsync("Ada town", request => request with { AsOf = now.AddDays(20) })).Order());
    }

    [Fact]
    public async Task of_a_fact_of_ours_we_know_whether_it_holds()
    {
        await using var scene = await ZepRecallScene.StartAsync(database);
        var subject = scene.Host.Grains.GetGrain<IFactSubjectGrain>(FactSubjectKey.Of(new FactSubject(scene.Client, "user", "1")));
        var fact = await subject.CreateAsync(FactCalls.Fact("drinks tea", "drink"));
        // Zep holds it for ended, and does not know the new one.
        await scene.KnowsAsAsync(fact, "zorp: tea", invalidAt: scene.Time.GetUtcNow().AddMinutes(-1));
        Assert.Equal(["drinks tea"], ZepRecallScene.Texts(await scene.AskAsync("zorp")));

        scene.Time.Advance(TimeSpan.FromSeconds(1));
        await subject.ChangeAsync(fact.Id, "drinks coffee");
        scene.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Empty((await scene.AskAsync("zorp")).Hits);
    }

    [Fact]
    public async Task what_is_gone_here_or_over_is_not_shown_as_Zeps()
    {
        await using var scene = await ZepRecallScene.StartAsync(database);
        var gone = await scene.RememberAsync("Ada wants her kettle red");
        var over = await scene.Session.RememberAsync(new NewMemory("Ada wants a new kettle", Salience: 0.1, ExpiresAt: scene.Time.GetUtcNow().AddMinutes(1)));
        await scene.KnowsAsAsync(gone, "colour of fire engines");
        await scene.KnowsAsAsync(over, "colour of fire engines, new");
        await scene.Session.ForgetAsync(gone.Id, TestContext.Current.CancellationToken);
        scene.Time.Advance(TimeSpan.FromMinutes(1));

        var answer = await scene.AskAsync("colour fire");

        Assert.Equal(1, scene.Searches);
        Assert.Empty(answer.Hits);
        Assert.Empty(answer.Degraded);
    }

    [Fact]
    public async Task what_a_filter_asks_for_Zep_must_have_and_events_of_ours_are_looked_at_themselves()
    {
        await using var scene = await ZepRecallScene.StartAsync(database);
        var memory = await scene.Session.RememberAsync(new NewMemory("Ada wants her kettle red", Salience: 0.1, Speaker: "Ada"));
        await scene.KnowsAsAsync(memory, "colour of fire engines");
        scene.Knows("colour of the sea");

        Assert.Equal(2, (await scene.AskAsync("colour")).Hits.Length);
        Assert.Equal([memory], (await scene.AskAsync("colour", request => request with { Speaker = "ada" })).Hits.Select(hit => hit.Event));
        Assert.Empty((await scene.AskAsync("colour", request => request with { Speaker = "Jon" })).Hits);
        Assert.Equal(["colour of the sea"], ZepRecallScene.Texts(await scene.AskAsync("colour", request => request with { Kind = MemoryKind.Fact })));
        Assert.Equal(["colour of the sea"], ZepRecallScene.Texts(await scene.AskAsync("colour", request => request with { Scopes = [MemoryScope.User], From = scene.Time.GetUtcNow().AddDays(-1), Kind = MemoryKind.Fact })));
        Assert.Empty((await scene.AskAsync("colour", request => request with { Scopes = [MemoryScope.Run] })).Hits);
    }

    [Fact]
    public async Task a_text_that_Zep_has_twice_is_shown_once()
    {
        await using var scene = await ZepRecallScene.StartAsync(database);
        await scene.RememberAsync("The kettle is red");
        scene.Knows("the kettle is RED");
        scene.Knows("Ada moved to Lisbon");
        scene.Knows("Ada moved to Lisbon");

        Assert.Equal(["Ada moved to Lisbon", "The kettle is red"], ZepRecallScene.Texts(await scene.AskAsync("kettle Lisbon")).Order());
    }

    [Fact]
    public async Task a_memory_that_is_not_kept_hot_is_found_by_Zep()
    {
        await using var scene = await ZepRecallScene.StartAsync(database, settings: ("Sessions:MaxHotEvents", "1"));
        var old = await scene.RememberAsync("Ada wants her kettle red");
        await scene.RememberAsync("Jon has a boat");
        await scene.KnowsAsAsync(old, "colour of fire engines");

        var answer = await scene.AskAsync("colour fire");

        Assert.Equal(old, Assert.Single(answer.Hits).Event);
        Assert.Equal(["hot_index"], answer.Degraded);
    }

    [Fact]
    public async Task an_id_that_Zep_kept_is_recognised_though_nobody_wrote_down_that_it_was_sent()
    {
        await using var scene = await ZepRecallScene.StartAsync(database);
        var id = scene.Knows("colour of fire engines");
        await scene.PsqlAsync($"insert into events (id, client_id, content, salience_score) values ('{id}', '{scene.Client}', 'Ada wants her kettle red', 0.1)");

        Assert.Equal("Ada wants her kettle red", Assert.Single((await scene.AskAsync("colour fire")).Hits).Event!.Content);
    }

    [Fact]
    public async Task what_Zep_takes_in_is_found_once_it_has_been_processed_and_indexed()
    {
        await using var scene = await ZepRecallScene.StartAsync(database);
        (scene.Fake.Quirks.IngestionDelay, scene.Fake.Quirks.SearchLag) = (TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(5));
        scene.Knows("Ada moved to Lisbon");

        Assert.Empty((await scene.AskAsync("Lisbon")).Hits);
        scene.Time.Advance(TimeSpan.FromSeconds(25));
        Assert.Single((await scene.AskAsync("Lisbon", request => request with { K = 9 })).Hits);
    }
}
