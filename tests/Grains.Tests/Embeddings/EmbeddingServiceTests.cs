using Actors.Embeddings;
using Actors.Grains.Tests.Sessions;
using Actors.Sessions;
using Actors.Support;

namespace Actors.Grains.Tests.Embeddings;

/// <summary>The service by itself: nobody tells the sweeper to look.</summary>
public class EmbeddingServiceTests(EmbeddingDatabase database) : IClassFixture<EmbeddingDatabase>
{
    [Fact]
    public async Task memories_get_their_vectors_soon_after_their_commit_and_each_once()
    {
        await using var fake = await FakeEmbeddings.StartAsync();
        await using var host = await StartAsync(fake);
        var client = database.NewClient();
        var session = host.Grains.GetGrain<ISessionGrain>(SessionKey.Of(client));

        await session.RememberAsync($"red apple of {client}");
        await database.VectorsAwaitedAsync(client, 1);
        await session.RememberAsync($"green pear of {client}");
        await database.AddEventAsync(client, $"blue plum of {client}");
        await database.VectorsAwaitedAsync(client, 3);

        var sent = fake.Requests.SelectMany(request => request.Input).Where(text => text.EndsWith(client, StringComparison.Ordinal));
        Assert.Equal([$"blue plum of {client}", $"green pear of {client}", $"red apple of {client}"], sent.Order());
    }

    [Fact]
    public async Task without_an_endpoint_nothing_is_sent_and_nothing_waits()
    {
        await using var host = await GrainHost.StartAsync(database.Database);
        var client = database.NewClient();
        await host.Grains.GetGrain<ISessionGrain>(SessionKey.Of(client)).RememberAsync("red apple");

        var progress = await host.Grains.GetGrain<IEmbeddingSweeperGrain>(IEmbeddingSweeperGrain.Key).SweepAsync(TestContext.Current.CancellationToken);

        Assert.Equal(new EmbeddingProgress(0, 0, null), progress);
        Assert.Equal(0, await database.CountAsync($"select count(*) from embeddings where client_id = '{client}'"));
    }

    private Task<GrainHost> StartAsync(FakeEmbeddings fake) => GrainHost.StartAsync(
        database.Database, settings:
        [("Embeddings:Endpoint", fake.Endpoint), ("Embeddings:Model", EmbeddingDatabase.Model), ("Embeddings:PollInterval", "00:00:00.05")]);
}
