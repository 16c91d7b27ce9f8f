using Actors.Facts;
using Actors.Grains.Tests.Sessions;
using Actors.Idempotency;
using static Actors.Grains.Tests.Facts.FactCalls;

namespace Actors.Grains.Tests.Facts;

public class FactSubjectGrainTests(SessionFixture fixture) : IClassFixture<SessionFixture>
{
    [Fact]
    public async Task a_fact_without_times_holds_from_when_it_is_recorded()
    {
        var fact = await fixture.Subject(fixture.NewClient()).CreateAsync(Fact("likes tea"));
        Assert.Equal(fact.RecordedAt, fact.ValidFrom);
        Assert.Equal(fact.RecordedAt, fact.CreatedAt);
        Assert.Null(fact.ValidTo);
        Assert.Equal(CreateFactRequest.DefaultSalience, fact.Salience);
    }

    [Fact]
    public async Task a_change_ends_the_fact_where_its_successor_begins()
    {
        var subject = fixture.Subject(fixture.NewClient());
        var tea = await subject.CreateAsync(Fact("likes tea", "drink") with { Category = "taste", Salience = 0.9 });
        var answer = await subject.ChangeAsync(tea.Id, "likes coffee");
        var coffee = answer.Fact;
        Assert.Equal((coffee.ValidFrom, coffee.Id), (answer.Replaced!.ValidTo!.Value, answer.Replaced.SupersededBy!.Value));
        Assert.Equal(("drink", "taste", 0.9), (coffee.FactKey, coffee.Category, coffee.Salience));
        Assert.Equal(coffee.RecordedAt, coffee.ValidFrom);
        Assert.True(coffee.RecordedAt > tea.RecordedAt);
    }

    [Fact]
    public async Task a_change_of_the_past_or_future_takes_effect_at_its_time()
    {
        var subject = fixture.Subject(fixture.NewClient());
        var now = TimeProvider.System.GetUtcNow();
        var tea = await subject.CreateAsync(Fact("likes tea", "drink") with { ValidFrom = now.AddDays(-10) });
        var coffee = await subject.ChangeAsync(tea.Id, "likes coffee", now.AddDays(-5));
        Assert.Equal(coffee.Fact.ValidFrom, coffee.Replaced!.ValidTo);
        var mate = await subject.ChangeAsync(coffee.Fact.Id, "likes mate", now.AddDays(5));
        Assert.True(mate.Fact.ValidFrom > TimeProvider.System.GetUtcNow());
        // Between now and the planned change: the plan stays.
        var water = await subject.ChangeAsync(coffee.Fact.Id, "likes water");
        Assert.Equal((mate.Fact.ValidFrom, mate.Fact.Id), (water.Fact.ValidTo!.Value, water.Fact.SupersededBy!.Value));
    }

    [Fact]
    public async Task a_change_that_leaves_nothing_of_the_fact_is_a_correction_and_refused()
    {
        var subject = fixture.Subject(fixture.NewClient());
        var tea = await subject.CreateAsync(Fact("likes tea"));
        foreach (var at in new[] { tea.ValidFrom, tea.ValidFrom.AddDays(-1) })
        {
            var refusal = await Assert.ThrowsAsync<FactRefusedException>(() => subject.ChangeAsync(tea.Id, "likes coffee", at));
            Assert.Equal("effective_at_not_after_valid_from", refusal.Code);
        }
    }

    [Fact]
    public async Task a_fact_that_was_changed_names_the_one_that_holds_now_after_a_restart_too()
    {
        var client = fixture.NewClient();
        var first = await fixture.Subject(client).CreateAsync(Fact("likes tea"));
        var second = (await fixture.Subject(client).ChangeAsync(first.Id, "likes coffee")).Fact;
        var third = (await fixture.Subject(client).ChangeAsync(second.Id, "likes mate")).Fact;
        var known = await Assert.ThrowsAsync<FactSupersededException>(() => fixture.Subject(client).ChangeAsync(first.Id, "x"));
        Assert.Equal(third.Id, known.CurrentFactId);
        await fixture.RestartAsync();
        var read = await Assert.ThrowsAsync<FactSupersededException>(() => fixture.Subject(client).ChangeAsync(first.Id, "x"));
        Assert.Equal(third.Id, read.CurrentFactId);
    }

    [Fact]
    public async Task a_retracted_fact_leads_to_what_its_chain_continues_with()
    {
        var subject = fixture.Subject(fixture.NewClient());
        var first = await subject.CreateAsync(Fact("likes tea"));
        var second = (await subject.ChangeAsync(first.Id, "likes coffee")).Fact;
        var third = (await subject.ChangeAsync(second.Id, "likes mate")).Fact;
        var retracted = (await subject.RetractAsync(second.Id)).Fact;
        Assert.NotNull(retracted.RetractedAt);
        Assert.Equal(third.Id, (await Assert.ThrowsAsync<FactSupersededException>(() => subject.ChangeAsync(second.Id, "x"))).CurrentFactId);
        Assert.Equal(third.Id, (await Assert.ThrowsAsync<FactSupersededException>(() => subject.ChangeAsync(first.Id, "x"))).CurrentFactId);
        Assert.Equal(third.Id, (await Assert.ThrowsAsync<FactSupersededException>(() => subject.RetractAsync(second.Id))).CurrentFactId);
        await subject.RetractAsync(third.Id);
        Assert.Null((await Assert.ThrowsAsync<FactSupersededException>(() => subject.CorrectAsync(third.Id, "x"))).CurrentFactId);
    }

    [Fact]
    public async Task a_taken_key_is_refused_or_changed_as_asked()
    {
        var subject = fixture.Subject(fixture.NewClient());
        var now = TimeProvider.System.GetUtcNow();
        var tea = await subject.CreateAsync(Fact("likes tea", "drink") with { ValidFrom = now.AddDays(-10) });
        var taken = await Assert.ThrowsAsync<FactKeyTakenException>(() => subject.CreateAsync(Fact("likes coffee", "drink")));
        Assert.Equal(tea.Id, taken.ConflictingFactId);

        var change = Fact("likes coffee", "drink") with { OnConflict = FactConflict.Change };
        var coffee = await subject.CreateAsync(change, TestContext.Current.CancellationToken);
        Assert.Equal((tea.Id, coffee.Fact.ValidFrom), (coffee.Replaced!.Id, coffee.Replaced.ValidTo!.Value));

        // Before all of them: up to where the first begins.
        var milk = await subject.CreateAsync(change with { Content = "likes milk", ValidFrom = now.AddDays(-20) });
        Assert.Equal(tea.ValidFrom, milk.ValidTo);
        var sameStart = change with { Content = "x", ValidFrom = now.AddDays(-10) };
        Assert.Equal(tea.Id, (await Assert.ThrowsAsync<FactKeyTakenException>(() => subject.CreateAsync(sameStart))).ConflictingFactId);
        var tooLong = change with { Content = "x", ValidFrom = now.AddDays(-30), ValidTo = now.AddDays(-5) };
        Assert.Equal(milk.Id, (await Assert.ThrowsAsync<FactKeyTakenException>(() => subject.CreateAsync(tooLong))).ConflictingFactId);
    }

    [Fact]
    public async Task facts_without_a_key_stand_side_by_side()
    {
        var client = fixture.NewClient();
        await fixture.Subject(client).CreateAsync(Fact("plays chess"));
        await fixture.Subject(client).CreateAsync(Fact("plays go"));
        Assert.Equal(["plays chess", "plays go"], (await fixture.Session(client).RecallFactsAsync("plays")).Order());
    }

    [Fact]
    public async Task a_correction_keeps_the_id_and_may_not_overlap_its_neighbours()
    {
        var subject = fixture.Subject(fixture.NewClient());
        var now = TimeProvider.System.GetUtcNow();
        var tea = await subject.CreateAsync(Fact("likes tea") with { ValidFrom = now.AddDays(-10) });
        var coffee = (await subject.ChangeAsync(tea.Id, "likes coffee", now.AddDays(-5))).Fact;
        var corrected = (await subject.CorrectAsync(tea.Id, "likes green tea", to: now.AddDays(-6))).Fact;
        Assert.Equal((tea.Id, "likes green tea", coffee.Id), (corrected.Id, corrected.Content, corrected.SupersededBy!.Value));
        Assert.Equal(coffee.Id, (await Assert.ThrowsAsync<FactKeyTakenException>(() => subject.CorrectAsync(tea.Id, isOpenEnded: true))).ConflictingFactId);
        Assert.Equal(tea.Id, (await Assert.ThrowsAsync<FactKeyTakenException>(() => subject.CorrectAsync(coffee.Id, from: now.AddDays(-9)))).ConflictingFactId);
        Assert.Equal(
            "valid_from_not_before_valid_to",
            (await Assert.ThrowsAsync<FactRefusedException>(() => subject.CorrectAsync(coffee.Id, to: now.AddDays(-5)))).Code);
        Assert.Equal(
            "correction_changes_nothing",
            (await Assert.ThrowsAsync<FactRefusedException>(() => subject.CorrectAsync(tea.Id, "likes green tea"))).Code);
    }

    [Fact]
    public async Task unknown_facts_are_not_found_and_unknown_sources_refused()
    {
        var subject = fixture.Subject(fixture.NewClient());
        await Assert.ThrowsAsync<FactNotFoundException>(() => subject.RetractAsync(Guid.NewGuid()));
        var refusal = await Assert.ThrowsAsync<FactRefusedException>(() => subject.CreateAsync(Fact("x") with { SourceEventIds = [Guid.NewGuid()] }));
        Assert.Equal("unknown_source", refusal.Code);
    }

    [Fact]
    public async Task what_sql_changed_meanwhile_is_decided_on_anew()
    {
        var subject = fixture.Subject(fixture.NewClient());
        var tea = await subject.CreateAsync(Fact("likes tea"));
        await fixture.Database.PsqlAsync($"update facts set content = 'likes black tea' where id = '{tea.Id}'");
        var coffee = await subject.ChangeAsync(tea.Id, "likes coffee");
        Assert.Equal("likes black tea", coffee.Replaced!.Content);
        await fixture.Database.PsqlAsync($"delete from facts where id = '{coffee.Fact.Id}'");
        await Assert.ThrowsAsync<FactSupersededException>(() => subject.ChangeAsync(coffee.Fact.Id, "likes mate"));
    }

    [Fact]
    public async Task relations_become_edges_that_live_with_their_fact()
    {
        var client = fixture.NewClient();
        var subject = fixture.Subject(client);
        var relation = """{"relations":[{"relation":"works_for","subject_type":"company","subject_id":"acme"}]}""";
        var fact = await subject.CreateAsync(Fact("works for Acme") with { MetadataJson = relation });
        await subject.ChangeAsync(fact.Id, "works for Acme, part time");
        var edges = $"select count(*), count(e.valid_to) from graph_edges e join graph_nodes n on n.id = e.to_node_id where e.client_id = '{client}' and n.subject_id = 'acme'";
        Assert.Equal("2|1", await fixture.Database.PsqlAsync(edges));
        await subject.RetractAsync(fact.Id);
        Assert.Equal("1|0", await fixture.Database.PsqlAsync(edges));
    }

    [Fact]
    public async Task the_answer_of_a_keyed_write_is_kept_with_it_and_a_second_one_refused()
    {
        var subject = fixture.Subject(fixture.NewClient());
        var key = new IdempotencyKey(Guid.NewGuid(), "/facts", "k1", [.. new byte[32]]);
        var request = Fact("likes tea") with { Author = new FactAuthor("tester", key) };
        var fact = await subject.CreateAsync(request);
        await Assert.ThrowsAsync<AlreadyAnsweredException>(() => subject.CreateAsync(request));
        var kept = await fixture.Host.Grains.GetGrain<IIdempotencyGrain>(IIdempotencyGrain.Key).FindAsync(key, TestContext.Current.CancellationToken);
        Assert.Equal(fact, KeptAnswerJson.Read(kept!, KeptAnswerJson.Default.FactAnswer).Fact);
    }
}
