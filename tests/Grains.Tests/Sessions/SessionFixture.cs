using Actors.Sessions;
using Actors.Support;

namespace Actors.Grains.Tests.Sessions;

/// <summary>Grains on a fresh database, shared by the tests of one class; each test uses a client of its own.</summary>
public sealed class SessionFixture : IAsyncLifetime
{
    private int _clients;

    public TestDatabase Database { get; private set; } = null!;

    public GrainHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await TestPostgres.CreateAsync();
        Host = await GrainHost.StartAsync(Database);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Database.DisposeAsync();
    }

    /// <summary>The order of clients is that of their names.</summary>
    public string NewClient() => $"c{Interlocked.Increment(ref _clients):0000}";

    public ISessionGrain Session(string client) => Host.Grains.GetGrain<ISessionGrain>(SessionKey.Of(client));

    /// <summary>Ends the host and starts a new one on the same database: every activation is rebuilt.</summary>
    public async Task RestartAsync()
    {
        await Host.DisposeAsync();
        Host = await GrainHost.StartAsync(Database);
    }
}

/// <summary>Short forms for tests.</summary>
internal static class SessionCalls
{
    public static async Task<EventRecord> RememberAsync(this ISessionGrain session, string content) =>
        await session.RememberAsync(new NewMemory(content));

    public static async Task<EventRecord> RememberAsync(this ISessionGrain session, NewMemory memory) =>
        (await session.RememberAsync(new RememberRequest([memory]), TestContext.Current.CancellationToken)).Memories[0];

    public static async Task<string[]> RecallAsync(this ISessionGrain session, string question, int k = 100) =>
        [.. (await session.RecallAsync(RecallRequest.For(question, k), TestContext.Current.CancellationToken)).Hits.Select(h => h.Memory.Content)];
}
