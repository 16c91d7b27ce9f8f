using Actors.Facts;
using Actors.Grains.Tests.Facts;
using Actors.Hosting;
using Actors.Sessions;
using Actors.Storage;
using Actors.Support;

namespace Actors.Grains.Tests.Sessions;

/// <summary>A silo whose cluster has declared it dead, and which does not know of it: its grains go on, and Postgres refuses them.</summary>
public sealed class DeadSiloTests : IAsyncLifetime
{
    private static readonly HostIdentity Silo = new("c|10.0.0.1|11111|7");

    private TestDatabase _database = null!;
    private GrainHost _host = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await TestPostgres.CreateAsync();
        await _database.AddMemberAsync("c", "10.0.0.1", 11111, 7);
        _host = await GrainHost.StartAsync(_database, silo: Silo);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task it_writes_as_long_as_it_lives_and_then_nothing_more()
    {
        var session = _host.Grains.GetGrain<ISessionGrain>(SessionKey.Of("a"));
        var subject = _host.Grains.GetGrain<IFactSubjectGrain>(FactSubjectKey.Of(new FactSubject("a", "user", "1")));
        await session.RememberAsync("alive");
        await subject.CreateAsync(FactCalls.Fact("alive too"));

        await _database.PsqlAsync("update orleansmembershiptable set status = 6");

        var refusal = await Assert.ThrowsAsync<WritesSuspendedException>(() => session.RememberAsync("dead"));
        Assert.True(refusal.IsServedElsewhere);
        await Assert.ThrowsAsync<WritesSuspendedException>(() => subject.CreateAsync(FactCalls.Fact("dead too")));
        Assert.Equal("1|1", await _database.PsqlAsync("select (select count(*) from events), (select count(*) from facts)"));
    }

    [Fact]
    public async Task a_session_that_comes_up_elsewhere_waits_for_the_last_write_of_the_dead_even_the_first_of_a_client()
    {
        await using var dead = await PostgresConnections.Create(_database.ConnectionString, Silo).OpenConnectionAsync(Stop);
        await using var transaction = await dead.BeginTransactionAsync(Stop);
        await ExecuteAsync(dead, "select claim_session('b', 0)");
        await ExecuteAsync(dead, "insert into events (client_id, content) values ('b', 'last words')");

        var recall = _host.Grains.GetGrain<ISessionGrain>(SessionKey.Of("b")).RecallAsync("last words");
        await _database.LockAwaitedAsync();
        await transaction.CommitAsync(Stop);

        Assert.Equal(["last words"], await recall);
    }

    [Fact]
    public async Task an_operators_open_transaction_keeps_no_session_from_coming_up()
    {
        await _database.PsqlAsync("insert into events (client_id, content) values ('d', 'kettle')");
        await using var psql = await _database.DataSource.OpenConnectionAsync(Stop);
        await using var transaction = await psql.BeginTransactionAsync(Stop);
        await ExecuteAsync(psql, "update events set salience_score = 0.9 where client_id = 'd'");

        Assert.Equal(["kettle"], await _host.Grains.GetGrain<ISessionGrain>(SessionKey.Of("d")).RecallAsync("kettle"));
    }

    private static async Task ExecuteAsync(Npgsql.NpgsqlConnection connection, string sql)
    {
        await using var command = new Npgsql.NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Stop);
    }
}
