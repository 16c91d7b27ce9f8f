using Actors.Support;

namespace Actors.Grains.Tests.Embeddings;

public class EmbeddingMetricsTests(EmbeddingDatabase database) : IClassFixture<EmbeddingDatabase>
{
    [Fact]
    public async Task what_happens_is_counted()
    {
        await using var scene = await EndpointScene.StartAsync(options => options.Model = "counted");
        using var counts = scene.Measure();
        var sweep = scene.SweepOf(database.Store);
        var client = database.NewClient();
        scene.Fake.RefusedWord = "poison";
        await database.AddEventAsync(client, "poison");
        while (await sweep.StepAsync(TestContext.Current.CancellationToken))
        {
        }

        scene.Fake.Mood = EmbeddingsMood.Broken;
        await database.AddEventAsync(client, "red apple");
        Assert.False(await sweep.StepAsync(TestContext.Current.CancellationToken));
        await scene.EmbedAsync("red");

        Assert.Contains("passed_over=1", counts.Read(), StringComparison.Ordinal);
        Assert.Contains("questions{paused}=1", counts.Read(), StringComparison.Ordinal);
        Assert.Contains("requests{server_error}=1", counts.Read(), StringComparison.Ordinal);
        Assert.Contains("waiting=1", counts.Read(), StringComparison.Ordinal);

        scene.Fake.Mood = EmbeddingsMood.Well;
        scene.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await sweep.StepAsync(TestContext.Current.CancellationToken));
        await scene.EmbedAsync("red");
        await scene.EmbedAsync("red");

        Assert.Contains("waiting=0", counts.Read(), StringComparison.Ordinal);
        Assert.Contains($"embedded={await database.CountAsync("select count(*) from embeddings where model = 'counted'")} ", counts.Read(), StringComparison.Ordinal);
        Assert.Contains("questions{cached}=1 questions{embedded}=1", counts.Read(), StringComparison.Ordinal);
    }
}
