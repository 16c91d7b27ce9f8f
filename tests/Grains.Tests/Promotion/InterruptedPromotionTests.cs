using System.Globalization;
using Actors.Promotion;

namespace Actors.Grains.Tests.Promotion;

/// <summary>What was interrupted between two steps goes on where it was, and nothing is recorded twice.</summary>
public class InterruptedPromotionTests(PromotionStage stage) : IClassFixture<PromotionStage>
{
    private readonly string _client = stage.NewClient();

    [Fact]
    public async Task what_was_interrupted_between_two_facts_goes_on_with_the_second()
    {
        await stage.Database.PsqlAsync(
            $$"""
            create function stumble() returns trigger language plpgsql as $f$
            begin
                raise exception 'no' using errcode = 'lock_not_available';
            end $f$;
            create trigger stumble before insert on fact_sources for each row when (new.ordinal = 1) execute function stumble();
            """);
        var memory = await stage.RememberAsync(_client, "user Ada a: One and only.\nuser Bob b: Two of them.\nuser Cid c: Three of them.");
        await stage.SweepAsync();
        Assert.Equal("One and only.|One and only.|test|7|small|0|t", await stage.SourcesAsync(_client));
        var job = await stage.JobAsync(memory.Id);
        Assert.Equal((PromotionState.Extracted, 0), (job.State, job.Attempts));
        Assert.StartsWith("not_now: ", job.LastError, StringComparison.Ordinal);
        await stage.Database.PsqlAsync("drop trigger stumble on fact_sources; drop function stumble()");
        // Another version finds other things, and in another order.
        stage.Extractor.Version = "8";

        stage.Clock.Advance(job.NextAttemptAt!.Value - stage.Clock.GetUtcNow());
        await stage.SweepAsync();

        stage.Extractor.Version = "7";
        Assert.Equal(
            """
            One and only.|One and only.|test|7|small|0|t
            Two of them.|Two of them.|test|7|small|1|f
            Three of them.|Three of them.|test|7|small|2|f
            """, await stage.SourcesAsync(_client));
    }

    [Theory]
    [InlineData("update events set content = 'user Dee d: Four of them.\nuser Eve e: Five of them.' where id = '{0}'", "7")]
    [InlineData("update events set content = 'user Dee d: Four of them.\nuser Eve e: Five of them.' where id = '{0}'", "8")]
    [InlineData("update promotion_jobs set result = '[]' where event_id = '{0}'", "8")]
    public async Task of_what_was_interrupted_between_two_facts_nothing_is_found_anew_when_it_cannot_go_on(string change, string version)
    {
        await stage.Database.PsqlAsync(
            """
            create function stumble() returns trigger language plpgsql as $f$
            begin
                raise exception 'no' using errcode = 'lock_not_available';
            end $f$;
            create trigger stumble before insert on fact_sources for each row when (new.ordinal = 1) execute function stumble();
            """);
        var memory = await stage.RememberAsync(_client, "user Ada a: One and only.\nuser Bob b: Two of them.\nuser Cid c: Three of them.");
        await stage.SweepAsync();
        await stage.Database.PsqlAsync("drop trigger stumble on fact_sources; drop function stumble()");
        await stage.Database.PsqlAsync(string.Format(CultureInfo.InvariantCulture, change, memory.Id));
        stage.Extractor.Version = version;

        stage.Clock.Advance(TimeSpan.FromHours(2));
        await stage.SweepAsync();

        stage.Extractor.Version = "7";
        Assert.StartsWith("One and only.|", await stage.SourcesAsync(_client), StringComparison.Ordinal);
        Assert.Single((await stage.JobAsync(memory.Id)).FactIds);
        Assert.Equal(PromotionState.Done, (await stage.JobAsync(memory.Id)).State);
    }

    [Fact]
    public async Task what_was_applied_and_not_ended_is_not_applied_again_whatever_became_of_it()
    {
        await stage.Database.PsqlAsync(
            """
            create table kept (event_id uuid, result jsonb);
            create function keep() returns trigger language plpgsql as $f$ begin insert into kept values (new.event_id, new.result); return null; end $f$;
            create trigger keep after update on promotion_jobs for each row when (new.state = 'extracted') execute function keep();
            """);
        var memory = await stage.RememberAsync(_client, "user Ada a: One and only.\nuser Ada b: Two of them.\nuser Ada b: Really two of them.");
        await stage.SweepAsync();
        var facts = (await stage.JobAsync(memory.Id)).FactIds;
        await stage.Subject(_client, "Ada").RetractAsync(new(facts[0], "never true", new("tester")), TestContext.Current.CancellationToken);
        await stage.Database.PsqlAsync(
            $"drop trigger keep on promotion_jobs; update promotion_jobs j set state = 'extracted', result = k.result from kept k where k.event_id = j.event_id and j.event_id = '{memory.Id}'");

        await stage.SweepAsync();

        Assert.StartsWith("Two of them.|", await stage.FactsAsync(_client), StringComparison.Ordinal);
        Assert.Equal("3|2", await stage.Database.PsqlAsync($"select count(*), count(distinct fact_id) from fact_sources where event_id = '{memory.Id}'"));
        Assert.Equal(PromotionState.Done, (await stage.JobAsync(memory.Id)).State);
    }

    [Fact]
    public async Task two_facts_of_one_span_that_are_one_fact_are_both_known_to_be_recorded()
    {
        var memory = await stage.RememberAsync(_client, "user Ada a: One and only.\nuser Ada a: Really one and only.");
        stage.Extractor.Bends = (_, fact) => fact with { SpanStart = 12, SpanEnd = 25 };
        await stage.SweepAsync();
        stage.Extractor.Bends = (_, fact) => fact;

        Assert.Equal("0|1", await stage.Database.PsqlAsync($"select min(ordinal), max(ordinal) from fact_sources where event_id = '{memory.Id}'"));
        var fact = Assert.Single((await stage.JobAsync(memory.Id)).FactIds);
        Assert.Equal(1, (await stage.Queries.FindKnownAsync(fact, new(default), null, TestContext.Current.CancellationToken))!.ProofCount);
    }
}
