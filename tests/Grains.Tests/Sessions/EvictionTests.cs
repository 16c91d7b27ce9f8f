using Actors.Sessions;
using Actors.Support;
using Npgsql;

namespace Actors.Grains.Tests.Sessions;

/// <summary>More sessions than memory has room for.</summary>
public sealed class EvictionTests : IAsyncLifetime
{
    // Of three sessions of these tests, and not of four.
    private const long MaxHotBytes = 1024 * 1024;

    private TestDatabase _database = null!;
    private GrainHost _host = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await TestPostgres.CreateAsync();
        var patient = new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Options = "-c lock_timeout=0" };
        _host = await GrainHost.StartAsync(
            _database, null, ("ConnectionStrings:Postgres", patient.ConnectionString), ("Sessions:MaxHotBytes", $"{MaxHotBytes}"));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task sessions_leave_when_all_hold_too_much_and_answer_as_before()
    {
        const int Clients = 12;
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(i => Session($"c{i}").RememberAsync(Large($"kettle{i}"))));
        await RoomAsync();

        for (var round = 0; round < 3; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(i => Session($"c{i}").RecallAsync($"kettle{i}")));
            Assert.All(answers, (found, i) => Assert.Equal([Large($"kettle{i}")], found));
        }

        await RoomAsync();
    }

    [Fact]
    public async Task a_write_under_way_is_stored_though_its_session_leaves()
    {
        await Session("a").RememberAsync(Large("kettle"));
        await using var blocker = await _database.DataSource.OpenConnectionAsync(Stop);
        await using var transaction = await blocker.BeginTransactionAsync(Stop);
        await using (var hold = new NpgsqlCommand("select 1 from session_heads where client_id = 'a' for update", blocker))
        {
            await hold.ExecuteNonQueryAsync(Stop);
        }

        var underWay = Session("a").RememberAsync("The lid is blue");
        await _database.LockAwaitedAsync();
        // Enough that wherever the session is, it is the one to leave.
        await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Session($"other{i}").RememberAsync(Large("pot"))));
        var next = Session("a").RememberAsync("The lid is clean");
        await transaction.RollbackAsync(Stop);

        await Task.WhenAll(underWay, next);
        await RoomAsync();
        Assert.Equal(["The lid is blue", "The lid is clean"], (await Session("a").RecallAsync("lid")).Order());
        Assert.Equal("3", await _database.PsqlAsync("select count(*) from events where client_id = 'a'"));
    }

    // Leaving takes the turns it takes.
    private async Task RoomAsync()
    {
        while (_host.HotMemories.Any(memory => memory.Bytes > MaxHotBytes))
        {
            await Session("somebody").RecallAsync("anything");
        }
    }

    private ISessionGrain Session(string client) => _host.Grains.GetGrain<ISessionGrain>(SessionKey.Of(client));

    private static string Large(string word) => $"{word} {new string('x', 150_000)}";
}
