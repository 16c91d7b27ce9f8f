using Actors.Facts;
using Actors.Promotion;

namespace Actors.Grains.Tests.Promotion;

/// <summary>Important events become facts, each once, with where they were found.</summary>
public class PromotionTests(PromotionStage stage) : IClassFixture<PromotionStage>
{
    private readonly string _client = stage.NewClient();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task an_event_becomes_a_fact_with_its_span_and_names_it_at_once()
    {
        var memory = await stage.RememberAsync(_client, "So. user Ada preference: Prefers tea 🍵 to coffee.");
        Assert.Equal("waiting|0", await stage.Database.PsqlAsync($"select state, attempts from promotion_jobs where event_id = '{memory.Id}'"));

        await stage.SweepAsync();

        Assert.Equal("Prefers tea 🍵 to coffee.|Prefers tea 🍵 to coffee.|test|7|small|0|t", await stage.SourcesAsync(_client));
        var job = await stage.JobAsync(memory.Id);
        Assert.Equal((PromotionState.Done, "test", "7", "small"), (job.State, job.Extractor!, job.ExtractorVersion!, job.Model!));
        var after = await stage.Session(_client).GetEventAsync(memory.Id, Stop);
        Assert.Equal(Assert.Single(job.FactIds), after!.PromotedToFactId);
        var fact = await stage.Grains.GetGrain<IFactQueryGrain>(IFactQueryGrain.Key).FindAsync(job.FactIds[0], new(default), null, Stop);
        Assert.Equal((_client, "user", "Ada", "preference", memory.OccurredAt), (fact!.Subject.ClientId!, fact.Subject.Type, fact.Subject.Id, fact.FactType, fact.ValidFrom));
        // Both by the same version of the session, and in the same transaction.
        Assert.Equal("1|t", await stage.Database.PsqlAsync(
            $"select count(distinct transaction_id), count(distinct head_version) = 1 from change_log where client_id = '{_client}' and (operation = 'update' or table_name = 'facts')"));
    }
}
