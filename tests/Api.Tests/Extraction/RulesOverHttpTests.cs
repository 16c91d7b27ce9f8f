using System.Text.Json.Nodes;

namespace Actors.Api.Tests.Extraction;

/// <summary>From what somebody says to the fact, with nothing configured.</summary>
[Collection(ServiceTests.Name)]
public class RulesOverHttpTests(ServiceFixture service)
{
    private readonly string _client = service.NewClient();

    [Fact]
    public async Task what_people_say_becomes_facts_and_what_they_say_later_takes_its_place()
    {
        await PromotedAsync("Hi! I work 9 to 5. I prefer trains to planes.", "2026-03-01T09:00:00Z");
        await PromotedAsync("I work from 10 to 6.", "2026-04-01T09:00:00Z");
        await PromotedAsync("Maybe I work 8 to 4?", "2026-05-01T09:00:00Z");

        Assert.Equal(
            "Prefers trains to planes|f|I prefer trains to planes\nWorks 09:00 to 17:00|t|I work 9 to 5\nWorks 10:00 to 18:00|f|I work from 10 to 6",
            await service.Database.PsqlAsync(
                $"""
                select f.content, f.valid_to is not null, substr(e.content, s.span_start + 1, s.span_end - s.span_start)
                from facts f join fact_sources s on s.fact_id = f.id join events e on e.id = s.event_id
                where f.client_id = '{_client}' and (f.subject_type, f.subject_id, s.extractor) = ('user', 'Ana', 'rules') order by f.content
                """));
        var (_, recall) = await service.GetAsync($"/api/v1/memory/recall?client_id={_client}&query=working%20hours%20trains");
        Assert.Contains("Works 10:00 to 18:00", recall!.ToJsonString(), StringComparison.Ordinal);
    }

    // The sweeper looks at once when a promotion is to be tried again.
    private async Task PromotedAsync(string content, string occurredAt)
    {
        var id = (string)(await service.RememberAsync(new { client_id = _client, content, speaker = "Ana", salience_score = 0.8, occurred_at = occurredAt }))["memory_id"]!;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            var (_, page) = await service.GetAsync($"/api/v1/memory/promotions?client_id={_client}");
            if ((string?)page!["items"]!.AsArray().Single(item => (string?)item!["memory_id"] == id)!["state"] == "done")
            {
                return;
            }

            await service.PostAsync($"/api/v1/memory/promotions/{id}/retry", new { });
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
