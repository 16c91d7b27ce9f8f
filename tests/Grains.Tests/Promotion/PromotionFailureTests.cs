using Actors.Extraction;
using Actors.Promotion;
using Actors.Sessions;

namespace Actors.Grains.Tests.Promotion;

/// <summary>What becomes of an event whose promotion fails.</summary>
public class PromotionFailureTests(PromotionStage stage) : IClassFixture<PromotionStage>
{
    private readonly string _client = stage.NewClient();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task what_fails_is_tried_again_ever_later_then_given_up_and_can_be_tried_again()
    {
        var memory = await stage.RememberAsync(_client, "user Ada preference: Prefers tea.");
        Fails(memory, new ExtractionException("llm_garbage", "The answer was not what was asked for.", isTransient: false));

        for (var attempt = 1; attempt <= 5; attempt++)
        {
            await stage.SweepAsync();
            var job = await stage.JobAsync(memory.Id);
            Assert.Equal((attempt, "llm_garbage: The answer was not what was asked for."), (job.Attempts, job.LastError!));
            Assert.Equal(attempt < 5 ? PromotionState.Waiting : PromotionState.Failed, job.State);
            if (attempt < 5)
            {
                var delay = job.NextAttemptAt!.Value - stage.Clock.GetUtcNow();
                Assert.InRange(delay / TimeSpan.FromSeconds(30 * Math.Pow(2, attempt - 1)), 0.79, 1.21);
                stage.Clock.Advance(delay);
            }
        }

        stage.Clock.Advance(TimeSpan.FromDays(1));
        await stage.SweepAsync();
        Assert.Equal([memory.Id], await FailedAsync());

        stage.Extractor.Fails = _ => null;
        Assert.Equal((PromotionState.Waiting, 0), await RetryAsync(memory.Id));
        await stage.SweepAsync();

        Assert.Equal("Prefers tea.|Prefers tea.|test|7|small|0|t", await stage.SourcesAsync(_client));
        Assert.Empty(await FailedAsync());
        Assert.Equal("promotion_done", (await Assert.ThrowsAsync<PromotionRefusedException>(() => stage.Sweeper.RetryAsync(memory.Id, TimeSpan.Zero, null, Stop))).Code);
        Assert.Null(await stage.Sweeper.RetryAsync(Guid.NewGuid(), TimeSpan.Zero, null, Stop));
    }

    [Fact]
    public async Task what_passes_by_itself_costs_no_attempt_and_waits_as_long_as_it_is_told()
    {
        var memory = await stage.RememberAsync(_client, "user Ada preference: Prefers tea.");
        Fails(memory, new ExtractionException("over_budget", "The month's tokens are used up.", isTransient: true, TimeSpan.FromDays(3)));

        for (var attempt = 0; attempt < 7; attempt++)
        {
            await stage.SweepAsync();
            var job = await stage.JobAsync(memory.Id);
            Assert.Equal((PromotionState.Waiting, 0), (job.State, job.Attempts));
            Assert.Equal(stage.Clock.GetUtcNow().AddDays(3), job.NextAttemptAt!.Value, TimeSpan.FromMilliseconds(1));
            stage.Clock.Advance(TimeSpan.FromDays(3));
        }

        stage.Extractor.Fails = _ => null;
        await stage.SweepAsync();
        Assert.Single((await stage.JobAsync(memory.Id)).FactIds);
    }

    [Fact]
    public async Task an_event_on_which_the_extractor_breaks_down_keeps_no_other_waiting()
    {
        var memory = await stage.RememberAsync(_client, "user Ada preference: Prefers tea.");
        var next = await stage.RememberAsync(_client, "user Ada home: Lives in Rome.");
        Fails(memory, new InvalidOperationException("Prefers tea."));

        await stage.SweepAsync();

        Assert.Equal((1, "extractor_failed: The extractor failed on this memory."), ((await stage.JobAsync(memory.Id)).Attempts, (await stage.JobAsync(memory.Id)).LastError!));
        Assert.Single((await stage.JobAsync(next.Id)).FactIds);
        stage.Extractor.Fails = _ => null;
    }

    [Fact]
    public async Task a_delay_that_is_asked_for_is_waited_for()
    {
        var memory = await stage.RememberAsync(_client, "user Ada preference: Prefers tea.");
        await stage.Sweeper.RetryAsync(memory.Id, TimeSpan.FromMinutes(10), null, Stop);

        await stage.SweepAsync();
        Assert.Equal(PromotionState.Waiting, (await stage.JobAsync(memory.Id)).State);
        stage.Clock.Advance(TimeSpan.FromMinutes(10));
        await stage.SweepAsync();

        Assert.Equal(PromotionState.Done, (await stage.JobAsync(memory.Id)).State);
    }

    [Fact]
    public async Task what_was_found_is_not_looked_for_again()
    {
        var memory = await stage.RememberAsync(_client, "user Ada preference: Prefers tea.");
        await stage.Database.PsqlAsync(
            $$"""
            update promotion_jobs set state = 'failed', extractor = 'test', extractor_version = '6', attempts = 5, result = jsonb_build_object(
                'content_hash', md5('user Ada preference: Prefers tea.')::uuid, 'facts', '[{"subject_type": "user", "subject_id": "Ada", "fact_type": "preference",
                 "content": "Prefers what was stored.", "fact_key": null, "category": null, "salience": 0.7, "span_start": 21, "span_end": 33, "retires": null}]'::jsonb)
            where event_id = '{{memory.Id}}'
            """);
        var calls = stage.Extractor.Calls;

        Assert.Equal((PromotionState.Extracted, 0), await RetryAsync(memory.Id));
        await stage.SweepAsync();

        Assert.Equal(calls, stage.Extractor.Calls);
        Assert.Equal("Prefers what was stored.|Prefers tea.|test|6||0|t", await stage.SourcesAsync(_client));
    }

    [Fact]
    public async Task a_stored_result_that_cannot_be_read_is_looked_for_anew()
    {
        var memory = await stage.RememberAsync(_client, "user Ada preference: Prefers tea.");
        await stage.Database.PsqlAsync(
            $$"""update promotion_jobs set state = 'extracted', extractor = 'test', extractor_version = '6', result = '{"facts": [{"subject_type": null}]}' where event_id = '{{memory.Id}}'""");

        await stage.SweepAsync();
        Assert.Equal("result_unreadable: What was stored of this memory cannot be read.", (await stage.JobAsync(memory.Id)).LastError);
        stage.Clock.Advance(TimeSpan.FromMinutes(1));
        await stage.SweepAsync();

        Assert.Equal("Prefers tea.|Prefers tea.|test|7|small|0|t", await stage.SourcesAsync(_client));
    }

    [Theory]
    [InlineData("'extracted'", """{"content_hash": "01a2087e-98d2-7a10-9c1f-3f2f3c9a6d11", "facts": [null]}""")]
    [InlineData("'waiting'", """{"content_hash": "01a2087e-98d2-7a10-9c1f-3f2f3c9a6d11", "facts": []}""")]
    public async Task a_result_that_an_import_brought_takes_nobody_along(string state, string result)
    {
        var bad = await stage.RememberAsync(_client, "user Ada preference: Prefers tea.");
        var next = await stage.RememberAsync(_client, "user Ada home: Lives in Rome.");
        var other = await stage.RememberAsync(stage.NewClient(), "user Ada home: Lives in Rome.");
        await stage.Database.PsqlAsync(
            $"update promotion_jobs set state = {state}, extractor = 'test', extractor_version = '6', result = '{result}' where event_id = '{bad.Id}'");

        await stage.SweepAsync();
        stage.Clock.Advance(TimeSpan.FromMinutes(1));
        await stage.SweepAsync();

        foreach (var memory in new[] { bad, next, other })
        {
            Assert.Single((await stage.JobAsync(memory.Id)).FactIds);
        }
    }

    [Fact]
    public async Task what_facts_were_found_in_is_not_looked_through_again_when_it_comes_back_from_the_house()
    {
        var memory = await stage.RememberAsync(_client, "user Ada preference: Prefers tea.");
        await stage.SweepAsync();
        var calls = stage.Extractor.Calls;

        await stage.Database.PsqlAsync($"update events set client_id = null where id = '{memory.Id}'");
        await stage.Database.PsqlAsync($"update events set client_id = '{_client}' where id = '{memory.Id}'");
        await stage.SweepAsync();

        Assert.Equal(calls, stage.Extractor.Calls);
        Assert.Equal("1", await stage.Database.PsqlAsync($"select count(*) from facts where client_id = '{_client}'"));
    }

    [Fact]
    public async Task metadata_of_any_depth_is_read_for_who_speaks()
    {
        var deep = $"{string.Concat(Enumerable.Repeat("""{"a":""", 100))}1{new string('}', 100)}";
        var memory = await stage.RememberAsync(_client, "user Ada preference: Prefers tea.");
        await stage.Database.PsqlAsync($$"""update events set metadata = '{"role":"user","deep":{{deep}}}' where id = '{{memory.Id}}'""");

        await stage.SweepAsync();

        Assert.Equal(PromotionState.Done, (await stage.JobAsync(memory.Id)).State);
    }

    [Fact]
    public async Task counts_that_an_import_brought_are_counted_on()
    {
        var memory = await stage.RememberAsync(_client, "user Ada preference: Prefers tea.");
        Fails(memory, new ExtractionException("llm_garbage", "The answer was not what was asked for.", isTransient: false));
        await stage.Database.PsqlAsync($"update promotion_jobs set attempts = 2147483647, failures = 2147483647 where event_id = '{memory.Id}'");

        await stage.SweepAsync();

        Assert.Equal(PromotionState.Failed, (await stage.JobAsync(memory.Id)).State);
        stage.Extractor.Fails = _ => null;
    }

    [Fact]
    public async Task whatever_else_is_wrong_with_one_event_costs_it_attempts_and_takes_nobody_along()
    {
        var bad = await stage.RememberAsync(_client, "user Ada preference: Prefers tea.");
        var next = await stage.RememberAsync(_client, "user Ada home: Lives in Rome.");
        var other = await stage.RememberAsync(stage.NewClient(), "user Ada home: Lives in Rome.");
        await stage.Database.PsqlAsync(
            $$"""
            create function refuse() returns trigger language plpgsql as $f$ begin raise exception 'no' using errcode = 'P0001'; end $f$;
            create trigger refuse before update on promotion_jobs for each row when (new.event_id = '{{bad.Id}}' and new.state = 'extracted') execute function refuse();
            """);
        try
        {
            await stage.SweepAsync();
        }
        finally
        {
            await stage.Database.PsqlAsync("drop trigger refuse on promotion_jobs; drop function refuse()");
        }

        var failed = await stage.JobAsync(bad.Id);
        Assert.Equal((PromotionState.Waiting, 1), (failed.State, failed.Attempts));
        Assert.Equal("promotion_failed: What was found in this memory could not be recorded.", failed.LastError);
        Assert.Single((await stage.JobAsync(next.Id)).FactIds);
        Assert.Single((await stage.JobAsync(other.Id)).FactIds);
    }

    private void Fails(EventRecord memory, Exception failure) => stage.Extractor.Fails = read => read.Id == memory.Id ? failure : null;

    private async Task<(PromotionState, int)> RetryAsync(Guid memory) =>
        await stage.Sweeper.RetryAsync(memory, TimeSpan.Zero, null, Stop) is { } revived ? (revived.State, revived.Attempts) : throw new InvalidOperationException("There is no such promotion.");

    private async Task<Guid[]> FailedAsync()
    {
        var page = await stage.Grains.GetGrain<IPromotionQueryGrain>(IPromotionQueryGrain.Key).ListAsync(
            new PromotionListRequest(new([_client]), PromotionState.Failed, 10, null), Stop);
        return [.. page.Promotions.Select(promotion => promotion.EventId)];
    }
}
