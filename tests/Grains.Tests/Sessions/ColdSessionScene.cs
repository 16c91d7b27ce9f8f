using Actors.Sessions;
using Actors.Support;
using Npgsql;

namespace Actors.Grains.Tests.Sessions;

/// <summary>Sessions that are asked before their index is read, with a Valkey that other hosts have filled.</summary>
public abstract class ColdSessionScene : IAsyncLifetime
{
    protected TestDatabase Database { get; private set; } = null!;

    protected ValkeyServer Valkey { get; private set; } = null!;

    protected GrainHost Host { get; private set; } = null!;

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected bool IsLoaded => Host.HotMemories.Any(memory => memory.Bytes > 0);

    public async ValueTask InitializeAsync()
    {
        Database = await TestPostgres.CreateAsync();
        Valkey = await ValkeyServer.StartAsync();
        Host = await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Valkey.DisposeAsync();
        await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    // A memory of client 1 and the answer to one question, in Valkey; then a new host.
    protected async Task FillAsync(string question, params (string Key, string Value)[] settings)
    {
        await Session("1").RememberAsync("The kettle is red");
        await AskAsync("1", question);
        await Valkey.HoldsAsync("recall:1:*", 1);
        await RestartAsync(null, settings);
    }

    // A busy machine must not make Valkey slow.
    private Task<GrainHost> StartAsync(TimeProvider? time = null, params (string Key, string Value)[] settings) => GrainHost.StartAsync(
        Database, time, [("ConnectionStrings:Valkey", Valkey.Address), ("Valkey:Budget", "00:00:10"), .. settings]);

    protected async Task RestartAsync(TimeProvider? time = null, params (string Key, string Value)[] settings)
    {
        await Host.DisposeAsync();
        Host = await StartAsync(time, settings);
        Assert.False(IsLoaded);
    }

    protected ISessionGrain Session(string client) => Host.Grains.GetGrain<ISessionGrain>(SessionKey.Of(client));

    protected Task<RecallAnswer> AskAsync(string client, string question) => Session(client).RecallAsync(RecallRequest.For(question), Stop);

    protected static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Stop);
    }

    protected static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await holds())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
