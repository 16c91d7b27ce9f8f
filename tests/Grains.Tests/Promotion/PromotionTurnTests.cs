using System.Diagnostics.Metrics;
using Actors.Promotion;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Actors.Grains.Tests.Promotion;

/// <summary>In which order events have their turn, where nobody else takes them.</summary>
public sealed class PromotionTurnTests : IAsyncLifetime
{
    private readonly PromotionStage _stage = new() { SweepsByItself = false };
    private readonly List<string> _read = [];

    public ValueTask InitializeAsync() => _stage.InitializeAsync();

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task a_client_with_very_many_events_keeps_none_of_the_others_waiting()
    {
        var (many, others) = (_stage.NewClient(), Enumerable.Range(0, 6).Select(_ => _stage.NewClient()).ToArray());
        await _stage.Database.PsqlAsync(
            $"insert into events (client_id, content, salience_score) select '{many}', 'user Ada note: Note ' || n, 0.8 from generate_series(1, 6000) n");
        foreach (var other in others)
        {
            await _stage.RememberAsync(other, "user Ada note: Hello.");
        }

        var due = await _stage.Store.FindDueAsync("", TestContext.Current.CancellationToken);

        Assert.Equal([10, 1, 1, 1, 1, 1, 1], due.GroupBy(job => job.ClientId).Select(jobs => jobs.Count()));
    }

    [Fact]
    public async Task events_that_wait_for_later_are_not_read_to_find_those_that_are_due()
    {
        var (patient, late) = (_stage.NewClient(), _stage.Clock.GetUtcNow().AddDays(20));
        await _stage.Database.PsqlAsync(
            $"""
            insert into events (client_id, content, salience_score) select '{patient}', 'user Ada note: Note ' || n, 0.8 from generate_series(1, 3000) n;
            update promotion_jobs set next_attempt_at = '{late:O}' where client_id = '{patient}';
            """);
        var newest = await _stage.RememberAsync(patient, "user Ada note: Hello.");
        await _stage.Database.PsqlAsync("vacuum analyze promotion_jobs");

        Assert.Equal([newest.Id], (await _stage.Store.FindDueAsync("", TestContext.Current.CancellationToken)).Select(job => job.EventId));
        foreach (var select in new[] { PromotionStore.SelectDue, PromotionStore.SelectOldest })
        {
            var plan = await _stage.Database.PsqlAsync(
                $"prepare due (timestamptz, text) as {select}; explain (analyze, costs off, timing off, summary off) execute due ('{_stage.Clock.GetUtcNow():O}', '')");
            Assert.Contains("promotion_jobs_next", plan, StringComparison.Ordinal);
            Assert.DoesNotMatch(@"(rows=|Rows Removed by Filter: )\d{3}", plan);
        }

        _stage.Clock.Advance(TimeSpan.FromDays(20));
        Assert.Equal(10, (await _stage.Store.FindDueAsync("", TestContext.Current.CancellationToken)).Length);
    }

    [Fact]
    public async Task when_one_event_takes_as_long_as_a_run_may_every_client_has_its_turn_before_the_first_has_its_second()
    {
        var clients = Enumerable.Range(0, 9).Select(_ => _stage.NewClient()).ToArray();
        foreach (var client in clients)
        {
            for (var place = 0; place < 3; place++)
            {
                await _stage.RememberAsync(client, $"user Ada note: Note {place}.");
            }
        }

        _stage.Extractor.Meanwhile = memory =>
        {
            _read.Add(memory.ClientId);
            _stage.Clock.Advance(TimeSpan.FromMilliseconds(1));
            return Task.CompletedTask;
        };
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var (metrics, options) = (new PromotionMetrics(services.GetRequiredService<IMeterFactory>(), _stage.Clock), new PromotionOptions { ClientsAtOnce = 1 });
        var promotion = new EventPromotion(
            _stage.Store, new EventExtraction(_stage.Store, _stage.Extractor, options), _stage.Grains, metrics, options, _stage.Clock, NullLogger.Instance);
        var sweep = new PromotionSweep(_stage.Store, promotion, metrics, options, _stage.Clock);

        while (!await sweep.RunAsync(TimeSpan.Zero, TestContext.Current.CancellationToken))
        {
        }

        Assert.Equal(27, _read.Count);
        Assert.Equal(clients.Order(), _read.Take(9).Order());
        Assert.Equal(clients.Order(), _read.Skip(9).Take(9).Order());
    }
}
