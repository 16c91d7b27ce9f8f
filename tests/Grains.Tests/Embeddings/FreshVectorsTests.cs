using Actors.Embeddings;
using Microsoft.Extensions.Options;

namespace Actors.Grains.Tests.Embeddings;

public class FreshVectorsTests(EmbeddingDatabase database) : IClassFixture<EmbeddingDatabase>
{
    private readonly FreshVectors _vectors = new(database.Vectors, Options.Create(new EmbeddingsOptions { Model = EmbeddingDatabase.Model }));

    [Fact]
    public async Task new_vectors_come_to_who_watches_their_client()
    {
        var (client, other) = (database.NewClient(), database.NewClient());
        await RefreshAsync();
        using var inbox = _vectors.Watch(client);
        using var house = _vectors.Watch("-");
        Assert.Null(inbox.Take());

        var (memory, fact) = (await database.AddEventAsync(client, "red apple"), await database.AddFactAsync(null, "tea at four"));
        await database.EmbedAsync(memory, fact, await database.AddEventAsync(other, "not mine"));
        await RefreshAsync();

        var (id, vector) = Assert.Single(inbox.Take()!.Vectors);
        Assert.Equal((memory, EmbeddingDatabase.VectorOf("red apple").Scale), (id, vector.Scale));
        Assert.Equal(fact, Assert.Single(house.Take()!.Vectors).MemoryId);
        Assert.Null(inbox.Take());
        await RefreshAsync();
        Assert.Null(inbox.Take());
    }

    [Fact]
    public async Task of_two_contents_the_later_ones_vector_comes_last()
    {
        var client = database.NewClient();
        await RefreshAsync();
        using var inbox = _vectors.Watch(client);

        var memory = await database.AddEventAsync(client, "red apple");
        await database.EmbedAsync(memory);
        await RefreshAsync();
        await database.Database.PsqlAsync($"update events set content = 'green apple' where id = '{memory}'");
        await database.EmbedAsync(memory);
        await RefreshAsync();

        var delivery = inbox.Take()!;
        Assert.True(delivery.IsComplete);
        Assert.Equal(
            new[] { "red apple", "green apple" }.Select(text => EmbeddingDatabase.VectorOf(text).Values.ToArray()),
            delivery.Vectors.Select(entry => entry.Vector.Values.ToArray()));
    }

    [Fact]
    public async Task who_watched_before_the_first_look_gets_what_was_stored_before_it()
    {
        var client = database.NewClient();
        using var inbox = _vectors.Watch(client);
        await database.EmbedAsync(await database.AddEventAsync(client, "red apple"));

        await RefreshAsync();

        Assert.Single(inbox.Take()!.Vectors);
    }

    [Fact]
    public async Task all_pages_come_and_an_inbox_that_is_full_says_so()
    {
        var client = database.NewClient();
        await RefreshAsync();
        using var inbox = _vectors.Watch(client);
        await database.Database.PsqlAsync(
            $"""
            insert into events (client_id, content) select '{client}', 'note ' || n from generate_series(1, 1500) n;
            insert into embeddings (memory_id, client_id, table_name, model, dimensions, content_hash, vector, scale)
            select id, client_id, 'events', 'small', 1, md5(content)::uuid, '\x01', 1 from events where client_id = '{client}';
            """);
        await RefreshAsync();
        Assert.Equal((1_500, true), (inbox.Take() is { } all ? (all.Vectors.Length, all.IsComplete) : default));

        await database.Database.PsqlAsync($"update embeddings set seq = default where client_id = '{client}'");
        await RefreshAsync();
        await database.Database.PsqlAsync($"update embeddings set seq = default where client_id = '{client}'");
        await RefreshAsync();
        Assert.False(inbox.Take()!.IsComplete);
        Assert.Null(inbox.Take());
    }

    [Fact]
    public async Task nothing_comes_any_more_to_who_has_gone_and_the_other_activation_gets_it()
    {
        var client = database.NewClient();
        await RefreshAsync();
        var gone = _vectors.Watch(client);
        using var present = _vectors.Watch(client);
        gone.Dispose();

        await database.EmbedAsync(await database.AddEventAsync(client, "red apple"));
        await RefreshAsync();

        Assert.Null(gone.Take());
        Assert.Single(present.Take()!.Vectors);
    }

    private Task RefreshAsync() => _vectors.RefreshAsync(TestContext.Current.CancellationToken);
}
