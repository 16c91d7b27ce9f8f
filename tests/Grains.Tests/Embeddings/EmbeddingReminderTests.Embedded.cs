using Actors.Support;

namespace Actors.Grains.Tests.Embeddings;

/// <summary>The sweeper's reminder, where it can be seen: silos keep theirs in Orleans' own tables.</summary>
public class EmbeddingReminderTests(EmbeddingDatabase database) : IClassFixture<EmbeddingDatabase>
{
    private const string CountReminders = "select count(*) from embedded_reminders where grain_id like 'embedding-sweeper/%'";

    [Fact]
    public async Task it_is_registered_with_an_endpoint_and_goes_by_itself_once_there_is_none()
    {
        await using var fake = await FakeEmbeddings.StartAsync();
        await using (await GrainHost.StartAsync(database.Database, settings: [("Embeddings:Endpoint", fake.Endpoint), ("Embeddings:Model", "small")]))
        {
            Assert.Equal(1, await database.CountAsync(CountReminders));
        }

        var time = new ManualTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        await using var host = await GrainHost.StartAsync(database.Database, time);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await database.CountAsync(CountReminders) > 0)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
