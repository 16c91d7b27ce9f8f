using Actors.Facts;
using Actors.Grains.Tests.Sessions;
using Actors.Sessions;
using static Actors.Grains.Tests.Facts.FactCalls;

namespace Actors.Grains.Tests.Facts;

public class FactRecallTests(SessionFixture fixture) : IClassFixture<SessionFixture>
{
    [Fact]
    public async Task facts_and_events_are_recalled_together_also_after_a_restart()
    {
        var client = fixture.NewClient();
        await fixture.Session(client).RememberAsync("we talked about tea");
        await fixture.Subject(client).CreateAsync(Fact("likes tea"));
        Assert.Equal(2, (await fixture.Session(client).RecallAsync("tea")).Length);
        await fixture.RestartAsync();
        Assert.Equal(2, (await fixture.Session(client).RecallAsync("tea")).Length);
    }

    [Fact]
    public async Task both_time_axes_choose_which_beliefs_are_recalled()
    {
        var client = fixture.NewClient();
        var (subject, session) = (fixture.Subject(client), fixture.Session(client));
        var now = TimeProvider.System.GetUtcNow();
        var tea = await subject.CreateAsync(Fact("drinks tea") with { ValidFrom = now.AddDays(-10) });
        var coffee = (await subject.ChangeAsync(tea.Id, "drinks coffee", now.AddDays(-5))).Fact;
        var mate = (await subject.CorrectAsync(coffee.Id, "drinks mate")).Fact;
        var retracted = (await subject.RetractAsync(mate.Id)).Fact;

        async Task CheckAsync()
        {
            Assert.Empty(await session.RecallFactsAsync("drinks"));
            Assert.Equal(["drinks tea"], await session.RecallFactsAsync("drinks", now.AddDays(-7)));
            Assert.Equal(["drinks tea"], await session.RecallFactsAsync("drinks", null, tea.RecordedAt));
            Assert.Equal(["drinks coffee"], await session.RecallFactsAsync("drinks", null, coffee.RecordedAt));
            Assert.Equal(["drinks tea"], await session.RecallFactsAsync("drinks", now.AddDays(-4), coffee.RecordedAt.AddMicroseconds(-1)));
            Assert.Equal(["drinks mate"], await session.RecallFactsAsync("drinks", null, mate.RecordedAt));
            Assert.Equal(["drinks mate"], await session.RecallFactsAsync("drinks", null, retracted.RetractedAt!.Value.AddMicroseconds(-1)));
            Assert.Empty(await session.RecallFactsAsync("drinks", null, retracted.RetractedAt));
            Assert.Empty(await session.RecallFactsAsync("drinks", null, tea.RecordedAt.AddMicroseconds(-1)));
        }

        await CheckAsync();
        await fixture.RestartAsync();
        session = fixture.Session(client);
        await CheckAsync();
    }

    [Fact]
    public async Task shared_facts_are_recalled_for_every_client_and_only_under_global_scope()
    {
        var (some, other) = (fixture.NewClient(), fixture.NewClient());
        var fact = await fixture.Subject(null, "house").CreateAsync(Fact("zeppelin hangar opens at nine"));
        await fixture.Host.RefreshSharedFactsAsync();
        Assert.Equal([fact.Content], await fixture.Session(some).RecallFactsAsync("zeppelin"));
        Assert.Equal([fact.Content], await fixture.Session(other).RecallFactsAsync("zeppelin"));
        var scoped = await fixture.Session(some).RecallAsync(
            RecallRequest.For("zeppelin") with { Scopes = [MemoryScope.User] }, TestContext.Current.CancellationToken);
        Assert.Empty(scoped.Hits);
        // The kept answer follows the shared facts.
        await fixture.Subject(null, "house").RetractAsync(fact.Id);
        await fixture.Host.RefreshSharedFactsAsync();
        Assert.Empty(await fixture.Session(some).RecallFactsAsync("zeppelin"));
        Assert.Equal([fact.Content], await fixture.Session(some).RecallFactsAsync("zeppelin", null, fact.RecordedAt));
    }

    [Fact]
    public async Task a_planned_fact_is_recalled_from_its_start_and_an_answer_kept_before_is_not_repeated()
    {
        var time = new Support.ManualTimeProvider(TimeProvider.System.GetUtcNow());
        await using var database = await Support.TestPostgres.CreateAsync();
        await using var host = await Support.GrainHost.StartAsync(database, time);
        var subject = host.Grains.GetGrain<IFactSubjectGrain>(FactSubjectKey.Of(new FactSubject("1", "user", "1")));
        var session = host.Grains.GetGrain<ISessionGrain>(SessionKey.Of("1"));
        var start = time.GetUtcNow();
        await subject.CreateAsync(Fact("rate is 100") with { ValidFrom = start.AddHours(1), ValidTo = start.AddHours(2) });
        Assert.Empty(await session.RecallFactsAsync("rate"));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(["rate is 100"], await session.RecallFactsAsync("rate"));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Empty(await session.RecallFactsAsync("rate"));
    }

    [Fact]
    public async Task remembers_and_facts_of_one_client_share_commits_and_nothing_is_lost()
    {
        var client = fixture.NewClient();
        var session = fixture.Session(client);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
        {
            if (i % 2 == 0)
            {
                await session.RememberAsync($"common event{i}");
            }
            else
            {
                await fixture.Subject(client, $"s{i}").CreateAsync(Fact($"common fact{i}"));
            }
        }));
        Assert.Equal(40, (await session.RecallAsync("common")).Length);
        await fixture.RestartAsync();
        Assert.Equal(40, (await fixture.Session(client).RecallAsync("common")).Length);
    }
}
