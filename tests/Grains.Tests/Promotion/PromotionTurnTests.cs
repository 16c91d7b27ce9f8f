using System.Diagnostics.Metrics;
using Actors.Promotion;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Actors.Grains.Tests.Promotion;

/// <summary>In which order events have their turn.</summary>
public class PromotionTurnTests(PromotionStage stage) : IClassFixture<PromotionStage>
{
    private readonly List<string> _read = [];

    [Fact]
    public async Task a_client_with_very_many_events_keeps_none_of_the_others_waiting()
    {
        var (many, others) = (stage.NewClient(), Enumerable.Range(0, 6).Select(_ => stage.NewClient()).ToArray());
        await stage.Database.PsqlAsync(
            $"insert into events (client_id, content, salience_score) select '{many}', 'user Ada note: Note ' || n, 0.8 from generate_series(1, 6000) n");
        foreach (var other in others)
        {
            await stage.RememberAsync(other, "user Ada note: Hello.");
        }

        var due = await stage.Store.FindDueAsync("", TestContext.Current.CancellationToken);

        Assert.Equal([10, 1, 1, 1, 1, 1, 1], due.GroupBy(job => job.ClientId).Select(jobs => jobs.Count()));
        await stage.Database.PsqlAsync("delete from promotion_jobs");
    }

    [Fact]
    public async Task events_that_wait_for_later_are_not_read_to_find_those_that_are_due()
    {
        var (patient, late) = (stage.NewClient(), stage.Clock.GetUtcNow().AddDays(20));
        await stage.Database.PsqlAsync(
            $"""
            insert into events (client_id, content, salience_score) select '{patient}', 'user Ada note: Note ' || n, 0.8 from generate_series(1, 3000) n;
            update promotion_jobs set next_attempt_at = '{late:O}' where client_id = '{patient}';
            """);
        var newest = await stage.RememberAsync(patient, "user Ada note: Hello.");
        await stage.Database.PsqlAsync("vacuum analyze promotion_jobs");

        Assert.Equal([newest.Id], (await stage.Store.FindDueAsync("", TestContext.Current.CancellationToken)).Select(job => job.EventId));
        foreach (var select in new[] { PromotionStore.SelectDue, PromotionStore.SelectOldest })
        {
            var plan = await stage.Database.PsqlAsync(
                $"prepare due (timestamptz, text) as {select}; explain (analyze, costs off, timing off, summary off) execute due ('{stage.Clock.GetUtcNow():O}', '')");
            Assert.Contains("promotion_jobs_next", plan, StringComparison.Ordinal);
            Assert.DoesNotMatch(@"(rows=|Rows Removed by Filter: )\d{3}", plan);
        }

        stage.Clock.Advance(TimeSpan.FromDays(20));
        Assert.Equal(10, (await stage.Store.FindDueAsync("", TestContext.Current.CancellationToken)).Length);
        await stage.Database.PsqlAsync("delete from promotion_jobs");
    }

    [Fact]
    public async Task when_one_event_takes_as_long_as_a_run_may_every_client_has_its_turn_before_the_first_has_its_second()
    {
        var clients = Enumerable.Range(0, 9).Select(_ => stage.NewClient()).ToArray();
        foreach (var client in clients)
        {
            for (var place = 0; place < 3; place++)
            {
                await stage.RememberAsync(client, $"user Ada note: Note {place}.");
            }
        }

        stage.Extractor.Meanwhile = memory =>
        {
            _read.Add(memory.ClientId);
            stage.Clock.Advance(TimeSpan.FromMilliseconds(1));
            return Task.CompletedTask;
        };
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var (metrics, options) = (new PromotionMetrics(services.GetRequiredService<IMeterFactory>(), stage.Clock), new PromotionOptions { ClientsAtOnce = 1 });
        var promotion = new EventPromotion(
            stage.Store, new EventExtraction(stage.Store, stage.Extractor, options), stage.Grains, metrics, options, stage.Clock, NullLogger.Instance);
        var sweep = new PromotionSweep(stage.Store, promotion, metrics, options, stage.Clock);

        while (!await sweep.RunAsync(TimeSpan.Zero, TestContext.Current.CancellationToken))
        {
        }

        stage.Extractor.Meanwhile = _ => Task.CompletedTask;
        Assert.Equal(27, _read.Count);
        Assert.Equal(clients.Order(), _read.Take(9).Order());
        Assert.Equal(clients.Order(), _read.Skip(9).Take(9).Order());
    }
}
