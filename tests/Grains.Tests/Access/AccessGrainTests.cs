using System.Collections.Immutable;
using System.Security.Cryptography;
using Actors.Access;
using Actors.Support;

namespace Actors.Grains.Tests.Access;

public sealed class AccessGrainTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private TestDatabase _database = null!;
    private GrainHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IAccessGrain Writer => _host.Grains.GetGrain<IAccessGrain>(IAccessGrain.Key);

    private IAccessQueryGrain Reader => _host.Grains.GetGrain<IAccessQueryGrain>(IAccessQueryGrain.Key);

    public async ValueTask InitializeAsync()
    {
        _database = await TestPostgres.CreateAsync();
        _host = await GrainHost.StartAsync(_database);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task every_change_of_a_key_moves_the_version_whoever_makes_it()
    {
        var version = await VersionAsync();
        var key = await Writer.CreateAsync(NewKey(1), Cancel);
        await Writer.ChangeAsync(key.Id, new KeyChange(Name: "b"), Cancel);
        await Writer.DeleteAsync(key.Id, Cancel);
        Assert.Equal(version + 3, await VersionAsync());
        string[] statements =
        [
            "insert into api_keys (name, key_hash) values ('a', sha256('a')), ('b', sha256('b'))",
            "update api_keys set disabled_at = clock_timestamp()",
            "update api_keys set key_hash = sha256('c') where name = 'b'",
            "delete from api_keys where name = 'b'",
            "truncate api_keys",
        ];
        foreach (var (moves, statement) in statements.Index())
        {
            await _database.PsqlAsync(statement);
            Assert.Equal((statement, version + 4 + moves), (statement, await VersionAsync()));
        }
    }

    [Fact]
    public async Task noted_uses_and_changes_that_were_rolled_back_move_nothing()
    {
        var key = await Writer.CreateAsync(NewKey(1), Cancel);
        var version = await VersionAsync();
        await Writer.NoteUsesAsync([new KeyUse(key.Id, Noon)], Cancel);
        await _database.PsqlAsync("begin; update api_keys set name = 'b'; rollback");
        Assert.Equal(version, await VersionAsync());
        Assert.Null(await Reader.ReadIfChangedAsync(version, Cancel));
    }

    [Fact]
    public async Task the_keys_are_read_with_their_hashes_when_the_version_is_another_one()
    {
        var key = await Writer.CreateAsync(NewKey(1), Cancel);
        var first = (await Reader.ReadIfChangedAsync(null, Cancel))!;
        Assert.Equal(NewKey(1).Hash.AsSpan(), first.Keys.Single().Hash.AsSpan());
        Assert.Equal(key.Id, first.Keys.Single().Key.Id);

        await Writer.ChangeAsync(key.Id, new KeyChange(IsDisabled: true), Cancel);
        var second = (await Reader.ReadIfChangedAsync(first.Version, Cancel))!;
        Assert.True(second.Version > first.Version);
        Assert.NotNull(second.Keys.Single().Key.DisabledAt);
        // A restored database may have an older version.
        Assert.NotNull(await Reader.ReadIfChangedAsync(second.Version + 1, Cancel));
    }

    [Fact]
    public async Task without_its_row_the_version_starts_anew()
    {
        await Writer.CreateAsync(NewKey(1), Cancel);
        await _database.PsqlAsync("delete from access_head");
        Assert.Single((await Reader.ReadIfChangedAsync(1, Cancel))!.Keys);
        await Writer.CreateAsync(NewKey(2), Cancel);
        Assert.Equal(2, (await Reader.ReadIfChangedAsync(0, Cancel))!.Keys.Length);
    }

    [Fact]
    public async Task the_latest_use_stays_and_keys_that_are_gone_are_passed_over()
    {
        var keys = new[] { await Writer.CreateAsync(NewKey(1), Cancel), await Writer.CreateAsync(NewKey(2), Cancel) };
        await Writer.NoteUsesAsync([new KeyUse(keys[0].Id, Noon), new KeyUse(Guid.NewGuid(), Noon)], Cancel);
        await Writer.NoteUsesAsync([new KeyUse(keys[0].Id, Noon.AddSeconds(-1)), new KeyUse(keys[1].Id, Noon.AddSeconds(1))], Cancel);
        Assert.Equal(Noon, (await Reader.FindAsync(keys[0].Id, Cancel))!.LastUsedAt);
        Assert.Equal(Noon.AddSeconds(1), (await Reader.FindAsync(keys[1].Id, Cancel))!.LastUsedAt);
    }

    [Fact]
    public async Task there_are_at_most_ten_thousand_keys()
    {
        await _database.PsqlAsync("insert into api_keys (name, key_hash) select 'a', sha256(n::text::bytea) from generate_series(1, 9999) n");
        var last = await Writer.CreateAsync(NewKey(1), Cancel);
        var refusal = await Assert.ThrowsAsync<KeyRefusedException>(() => Writer.CreateAsync(NewKey(2), Cancel));
        Assert.Equal("too_many_keys", refusal.Code);
        await Writer.DeleteAsync(last.Id, Cancel);
        await Writer.CreateAsync(NewKey(2), Cancel);
        Assert.Equal(10_000, (await Reader.ReadIfChangedAsync(null, Cancel))!.Keys.Length);
    }

    [Fact]
    public async Task what_the_schema_refuses_is_a_refusal_by_the_name_of_its_rule()
    {
        var key = await Writer.CreateAsync(NewKey(1), Cancel);
        var refusal = await Assert.ThrowsAsync<KeyRefusedException>(() => Writer.ChangeAsync(key.Id, new KeyChange(ClientIds: ["a b"]), Cancel));
        Assert.Equal("api_keys_client_ids_have_a_safe_form", refusal.Code);
        Assert.Empty((await Reader.FindAsync(key.Id, Cancel))!.ClientIds);
    }

    [Fact]
    public async Task a_key_that_would_be_born_expired_is_refused()
    {
        var clock = new ManualTimeProvider();
        await using var database = await TestPostgres.CreateAsync();
        await using var host = await GrainHost.StartAsync(database, clock);
        var writer = host.Grains.GetGrain<IAccessGrain>(IAccessGrain.Key);
        var refusal = await Assert.ThrowsAsync<KeyRefusedException>(
            () => writer.CreateAsync(NewKey(1) with { ExpiresAt = clock.GetUtcNow() }, Cancel));
        Assert.Equal("expires_in_the_past", refusal.Code);
        await writer.CreateAsync(NewKey(1) with { ExpiresAt = clock.GetUtcNow().AddTicks(10) }, Cancel);
    }

    private async Task<long> VersionAsync() => (await Reader.ReadIfChangedAsync(null, Cancel))!.Version;

    private static NewKey NewKey(byte seed) =>
        new($"key {seed}", CallerRole.Agent, [], null, null, [.. SHA256.HashData([seed])], $"pm_{seed}");
}
