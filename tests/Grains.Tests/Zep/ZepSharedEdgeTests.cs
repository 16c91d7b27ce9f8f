namespace Actors.Grains.Tests.Zep;

/// <summary>What becomes of an edge that Zep has given to several facts.</summary>
public sealed class ZepSharedEdgeTests(ZepDatabase database) : IClassFixture<ZepDatabase>
{
    [Fact]
    public async Task an_edge_that_Zep_has_for_two_facts_goes_with_the_last_of_them()
    {
        await using var scene = await QueueScene.StartAsync(database);
        scene.Fake.Quirks.MergesEdges = true;
        var ids = new[] { Guid.CreateVersion7(), Guid.CreateVersion7() };
        foreach (var id in ids)
        {
            await scene.SqlAsync($"insert into facts (id, client_id, subject_type, subject_id, fact_type, content) values ('{id}', '{scene.Client}', 'user', 'Ada', 'drinks', 'tea')");
        }

        await scene.DrainAsync();
        Assert.Single(scene.Fake.Edges);

        await scene.SqlAsync($"delete from facts where id = '{ids[0]}'");
        Assert.True((await scene.DrainAsync()).IsDone);
        Assert.Single(scene.Fake.Edges);
        await scene.SqlAsync($"delete from facts where id = '{ids[1]}'");
        Assert.True((await scene.DrainAsync()).IsDone);
        Assert.Empty(scene.Fake.Edges);
    }

    [Fact]
    public async Task an_edge_that_Zep_has_for_two_facts_holds_as_long_as_any_of_them()
    {
        await using var scene = await QueueScene.StartAsync(database);
        scene.Fake.Quirks.MergesEdges = true;
        var (first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        foreach (var (id, from) in new[] { (first, "2026-03-01"), (second, "2026-06-01") })
        {
            await scene.SqlAsync(
                $"insert into facts (id, client_id, subject_type, subject_id, fact_type, content, valid_from) values ('{id}', '{scene.Client}', 'user', 'Ada', 'drinks', 'tea', '{from} 00:00:00+00')");
        }

        await scene.DrainAsync();
        Assert.Equal(("2026-03-01", null), await EndAsync(first, "2026-05-01"));
        Assert.Equal(("2026-03-01", "2026-08-01"), await EndAsync(second, "2026-08-01"));
        Assert.Equal(("2026-03-01", "2026-08-01"), await EndAsync(first, "2026-04-01"));
        await scene.SqlAsync($"update facts set valid_to = null where id = '{first}'");
        await scene.DrainAsync();
        Assert.Equal(("2026-03-01", null), TimesOf(scene));

        async Task<(string?, string?)> EndAsync(Guid id, string day)
        {
            await scene.SqlAsync($"update facts set valid_to = '{day} 00:00:00+00' where id = '{id}'");
            Assert.True((await scene.DrainAsync()).IsDone);
            return TimesOf(scene);
        }
    }

    private static (string? From, string? To) TimesOf(QueueScene scene) =>
        Assert.Single(scene.Fake.Edges) is var edge ? ($"{edge.ValidAt:yyyy-MM-dd}", edge.InvalidAt is { } to ? $"{to:yyyy-MM-dd}" : null) : default;
}
