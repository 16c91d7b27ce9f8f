using Actors.Embeddings;

namespace Actors.Grains.Tests.Embeddings;

/// <summary>Vectors belong to the content they were made of, whatever happens to it meanwhile.</summary>
public class EmbeddingStoreTests(EmbeddingDatabase database) : IClassFixture<EmbeddingDatabase>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task vectors_come_back_as_they_were_stored()
    {
        var client = database.NewClient();
        var memory = await database.AddEventAsync(client, "red apple");
        var fact = await database.AddFactAsync(client, "likes pears");

        Assert.Equal(2, await database.EmbedAsync(memory, fact));

        var loaded = await database.LoadAsync(client);
        Assert.Equal(2, loaded.Count);
        Assert.Equal(EmbeddingDatabase.VectorOf("red apple").Values.ToArray(), loaded[memory].Values.ToArray());
        Assert.Equal(EmbeddingDatabase.VectorOf("likes pears").Scale, loaded[fact].Scale);
        Assert.Empty(await database.LoadAsync(client, "other"));
        Assert.Empty(await database.ContentsAsync(memory, fact));
    }

    [Fact]
    public async Task facts_of_the_house_have_vectors_and_its_events_have_none()
    {
        var fact = await database.AddFactAsync(null, "tea is served at four");
        var memory = Guid.Parse((await database.Database.PsqlAsync("insert into events (content) values ('nobody recalls it') returning id")).Split('\n')[0]);

        Assert.Equal(1, await database.EmbedAsync(fact, memory));

        Assert.Equal([fact], (await database.LoadAsync("-")).Keys);
    }

    [Fact]
    public async Task a_vector_goes_with_its_memory()
    {
        var client = database.NewClient();
        var (memory, fact) = (await database.AddEventAsync(client, "red apple"), await database.AddFactAsync(client, "likes pears"));
        await database.EmbedAsync(memory, fact);

        await database.Database.PsqlAsync($"delete from events where id = '{memory}'; delete from facts where id = '{fact}'");

        Assert.Empty(await database.LoadAsync(client));
    }

    [Theory]
    [InlineData("content = 'green apple'", false)]
    [InlineData("client_id = 'somebody-else'", false)]
    [InlineData("content = content, salience_score = 0.9", true)]
    public async Task a_vector_goes_with_its_content(string change, bool stays)
    {
        var client = database.NewClient();
        var (memory, fact) = (await database.AddEventAsync(client, "red apple"), await database.AddFactAsync(client, "likes pears"));
        await database.EmbedAsync(memory, fact);

        await database.Database.PsqlAsync($"update events set {change} where id = '{memory}'; update facts set {change} where id = '{fact}'");

        Assert.Equal(stays ? 2 : 0, await database.CountAsync($"select count(*) from embeddings where memory_id in ('{memory}', '{fact}')"));
    }

    [Fact]
    public async Task a_content_that_changed_while_it_was_embedded_gets_no_vector()
    {
        var client = database.NewClient();
        var (changed, deleted) = (await database.AddEventAsync(client, "red apple"), await database.AddEventAsync(client, "old pear"));
        var contents = await database.ContentsAsync(changed, deleted);
        await database.Database.PsqlAsync($"update events set content = 'green apple' where id = '{changed}'; delete from events where id = '{deleted}'");

        Assert.Equal(0, await database.Store.StoreAsync(EmbeddingDatabase.Model, [.. contents.Select(memory => (memory, EmbeddingDatabase.VectorOf(memory.Text)))]));
        Assert.Equal(["green apple"], (await database.ContentsAsync(changed, deleted)).Select(memory => memory.Text));
    }

    [Fact]
    public async Task a_row_that_an_operator_is_changing_is_left_out_and_not_waited_for()
    {
        var client = database.NewClient();
        var (locked, free) = (await database.AddEventAsync(client, "red apple"), await database.AddEventAsync(client, "old pear"));
        await using var connection = await database.Database.DataSource.OpenConnectionAsync(Stop);
        await using var transaction = await connection.BeginTransactionAsync(Stop);
        await using var update = new Npgsql.NpgsqlCommand($"update events set content = 'green apple' where id = '{locked}'", connection);
        await update.ExecuteNonQueryAsync(Stop);

        Assert.Equal(1, await database.EmbedAsync(locked, free));
        await transaction.CommitAsync(Stop);

        Assert.Equal([free], (await database.LoadAsync(client)).Keys);
    }

    [Fact]
    public async Task who_changes_a_content_while_its_vector_is_stored_takes_the_vector_away()
    {
        var client = database.NewClient();
        var memory = await database.AddEventAsync(client, "red apple");
        var content = (await database.ContentsAsync(memory))[0];
        await using var connection = await database.Database.DataSource.OpenConnectionAsync(Stop);
        await using var transaction = await connection.BeginTransactionAsync(Stop);
        await using var insert = new Npgsql.NpgsqlCommand(
            $"""
            select from events where id = '{memory}' for share;
            insert into embeddings (memory_id, client_id, table_name, model, dimensions, content_hash, vector, scale)
            values ('{memory}', '{client}', 'events', 'small', 1, '{content.ContentHash}', '\x01', 1)
            """, connection);
        await insert.ExecuteNonQueryAsync(Stop);

        var change = database.Database.PsqlAsync($"update events set content = 'green apple' where id = '{memory}'");
        await database.Database.LockAwaitedAsync();
        await transaction.CommitAsync(Stop);
        await change;

        Assert.Empty(await database.LoadAsync(client));
    }

    [Fact]
    public async Task storing_vectors_is_no_change_of_the_session()
    {
        var client = database.NewClient();
        var (memory, fact) = (await database.AddEventAsync(client, "red apple"), await database.AddFactAsync(client, "likes pears"));
        var head = $"select version, last_recorded_at, (select count(*) from change_log where client_id = '{client}') from session_heads where client_id = '{client}'";
        var before = await database.Database.PsqlAsync(head);

        await database.EmbedAsync(memory, fact);

        Assert.Equal(before, await database.Database.PsqlAsync(head));
    }

    [Fact]
    public async Task another_models_vector_takes_the_place_of_the_old()
    {
        var client = database.NewClient();
        var memory = await database.AddEventAsync(client, "red apple");
        await database.EmbedAsync(memory);
        var content = Assert.Single(await database.Store.ReadContentsAsync("large", [memory], 3, Stop));

        Assert.Equal("red", content.Text);
        await database.Store.StoreAsync("large", [(content, QuantizedVector.Of([1, 2, 3])!)]);

        Assert.Empty(await database.LoadAsync(client));
        Assert.Equal(3, (await database.LoadAsync(client, "large"))[memory].Dimensions);
    }
}
