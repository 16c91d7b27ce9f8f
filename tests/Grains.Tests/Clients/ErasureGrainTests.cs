using Actors.Clients;
using Actors.Grains.Tests.Caching;
using Actors.Grains.Tests.Facts;
using Actors.Grains.Tests.Sessions;
using Actors.Sessions;

namespace Actors.Grains.Tests.Clients;

/// <summary>What an erasure leaves of a client in memory: nothing.</summary>
public sealed class ErasureGrainTests(SessionFixture fixture) : IClassFixture<SessionFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_hot_session_finds_nothing_of_what_went_now_or_at_any_time_and_goes_on()
    {
        var client = fixture.NewClient();
        var session = fixture.Session(client);
        var memory = await session.RememberAsync("The kettle is red");
        var subject = fixture.Subject(client);
        var fact = await subject.CreateAsync(FactCalls.Fact("likes tea"));
        await subject.CorrectAsync(fact.Id, "likes coffee");
        Assert.Equal(["likes tea"], await session.RecallFactsAsync("tea", knownAt: fact.RecordedAt));
        Assert.Equal(["The kettle is red"], await session.RecallAsync("kettle"));

        var receipt = await session.EraseAsync(Stop);

        Assert.Equal([new TableRows("change_log", 3), new("events", 1), new("fact_versions", 1), new("facts", 1), new("graph_nodes", 1)], receipt.Removed);
        Assert.Empty(await session.RecallAsync("kettle"));
        Assert.Empty(await session.RecallFactsAsync("tea coffee", knownAt: fact.RecordedAt));
        Assert.Null(await session.GetEventAsync(memory.Id, Stop));
        await Assert.ThrowsAsync<Actors.Facts.FactNotFoundException>(() => subject.ChangeAsync(fact.Id, "likes milk"));
        // Not taken for a repeat of what is gone.
        Assert.NotEqual(memory.Id, (await session.RememberAsync("The kettle is red")).Id);
        Assert.Equal(["The kettle is red"], await session.RecallAsync("kettle"));
        await fixture.RestartAsync();
        Assert.Equal(["The kettle is red"], await fixture.Session(client).RecallAsync("kettle"));
    }

    [Fact]
    public async Task a_session_that_was_erased_behind_its_back_notices_with_its_next_write()
    {
        var client = fixture.NewClient();
        var session = fixture.Session(client);
        await session.RememberAsync("The kettle is red");
        await EraseElsewhereAsync(client);

        await session.RememberAsync("The lid is blue");

        Assert.Equal(["The lid is blue"], await session.RecallAsync("kettle lid"));
    }

    [Fact]
    public async Task a_session_that_was_erased_by_another_process_hears_of_it()
    {
        var client = fixture.NewClient();
        var session = fixture.Session(client);
        await session.RememberAsync("The kettle is red");
        var fact = await fixture.Subject(client).CreateAsync(FactCalls.Fact("likes tea"));

        await EraseElsewhereAsync(client);

        await session.RecallsAsync("kettle tea");
        await Assert.ThrowsAsync<Actors.Facts.FactNotFoundException>(() => fixture.Subject(client).ChangeAsync(fact.Id, "likes milk"));
    }

    [Fact]
    public async Task parallel_erasures_and_writes_end_with_what_the_table_has()
    {
        var client = fixture.NewClient();
        var session = fixture.Session(client);
        await session.RememberAsync("pan 0");
        var writes = Enumerable.Range(1, 200).Select(n => session.RememberAsync($"pan {n}")).ToList();
        var erasures = Enumerable.Range(0, 5).Select(_ => session.EraseAsync(Stop)).ToArray();
        await Task.WhenAll(erasures);
        writes.AddRange(Enumerable.Range(201, 20).Select(n => session.RememberAsync($"pan {n}")));
        await Task.WhenAll(writes);

        var stored = (await fixture.Database.PsqlAsync($"select content from events where client_id = '{client}' order by 1")).Split('\n');

        Assert.Equal(stored, (await session.RecallAsync("pan")).Concat(stored.Length > 100 ? stored : []).Distinct().Order(StringComparer.Ordinal));
        var receipts = await fixture.Host.Grains.GetGrain<IErasureQueryGrain>(IErasureQueryGrain.Key).ListAsync(client, Stop);
        Assert.Equal(5, receipts.Length);
        Assert.Equal(221, stored.Length + receipts.Sum(receipt => receipt.Removed.Where(table => table.Table == "events").Sum(table => table.Rows)));
    }

    [Fact]
    public async Task what_processes_keep_of_a_client_beside_its_session_goes_when_another_process_erases_it()
    {
        var client = fixture.NewClient();
        var memory = await fixture.Session(client).RememberAsync("The kettle is red");
        // A session of before may have been in any process.
        foreach (var cache in fixture.Host.Caches)
        {
            cache.Keep(CachedMemories.Events, client, $"{memory.Id}", CacheScene.Event(client, memory.Id));
        }

        await EraseElsewhereAsync(client);

        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await KeptAsync(client, memory.Id))
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    [Fact]
    public async Task a_memory_that_was_erased_as_soon_as_it_was_stored_is_not_kept_afterwards()
    {
        for (var round = 0; round < 40; round++)
        {
            var client = fixture.NewClient();
            var session = fixture.Session(client);
            await session.RememberAsync("pan 0");
            var writes = Enumerable.Range(1, 20).Select(n => session.RememberAsync($"pan {n}")).ToList();
            await session.EraseAsync(Stop);
            var memories = await Task.WhenAll(writes);
            var stored = (await fixture.Database.PsqlAsync($"select id from events where client_id = '{client}'")).Split('\n');

            foreach (var gone in memories.Where(memory => !stored.Contains($"{memory.Id}")))
            {
                Assert.False(await KeptAsync(client, gone.Id));
            }
        }
    }

    private async Task<bool> KeptAsync(string client, Guid id)
    {
        foreach (var cache in fixture.Host.Caches)
        {
            if (await cache.FindAsync(CachedMemories.Events, client, $"{id}", Stop) is not null)
            {
                return true;
            }
        }

        return false;
    }

    // As another silo does it.
    private async Task EraseElsewhereAsync(string client)
    {
        var settings = new Npgsql.NpgsqlConnectionStringBuilder(fixture.Database.ConnectionString) { Options = "-c actors.writer=grain" };
        await using var elsewhere = Npgsql.NpgsqlDataSource.Create(settings);
        await using var erase = elsewhere.CreateCommand($"select erase_client('{client}', now())");
        await erase.ExecuteNonQueryAsync(Stop);
    }

    [Fact]
    public async Task the_house_and_who_is_unknown_cannot_be_erased()
    {
        await Assert.ThrowsAsync<ClientNotFoundException>(() => fixture.Host.Grains.GetGrain<ISessionGrain>(SessionKey.House).EraseAsync(Stop));
        await Assert.ThrowsAsync<ClientNotFoundException>(() => fixture.Session("nobody").EraseAsync(Stop));
    }

    [Fact]
    public async Task an_erasure_waits_for_who_holds_its_rows_and_gives_up_in_time()
    {
        var client = fixture.NewClient();
        var session = fixture.Session(client);
        await session.RememberAsync("The kettle is red");
        await using var connection = await fixture.Database.DataSource.OpenConnectionAsync(Stop);
        await using (var open = await connection.BeginTransactionAsync(Stop))
        {
            await using var hold = new Npgsql.NpgsqlCommand($"update events set speaker = 'Ada' where client_id = '{client}'", connection);
            await hold.ExecuteNonQueryAsync(Stop);

            await Assert.ThrowsAsync<Actors.Storage.StorageUnavailableException>(() => session.EraseAsync(Stop));

            Assert.Equal("1", await fixture.Database.PsqlAsync($"select count(*) from events where client_id = '{client}'"));
            await open.RollbackAsync(Stop);
        }

        Assert.Equal(1, (await session.EraseAsync(Stop)).Removed.Single(table => table.Table == "events").Rows);
    }
}
