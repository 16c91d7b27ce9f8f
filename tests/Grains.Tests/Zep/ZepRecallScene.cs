using System.Collections.Immutable;
using Actors.Facts;
using Actors.Grains.Tests.Sessions;
using Actors.Sessions;
using Actors.Support;

namespace Actors.Grains.Tests.Zep;

/// <summary>
/// Grains beside a fake Zep, both on a clock of the test's own. Nothing is sent to Zep by itself, since what tests remember is of no importance;
/// what Zep has, tests give it.
/// </summary>
internal sealed class ZepRecallScene : IAsyncDisposable
{
    private readonly TestDatabase _database;

    private ZepRecallScene(TestDatabase database, FakeZep fake, ManualTimeProvider time, GrainHost host) => (_database, Fake, Time, Host) = (database, fake, time, host);

    public FakeZep Fake { get; }

    public ManualTimeProvider Time { get; }

    public GrainHost Host { get; }

    /// <summary>Whose memory is asked.</summary>
    public string Client { get; private init; } = "";

    public ISessionGrain Session => Host.Grains.GetGrain<ISessionGrain>(SessionKey.Of(Client));

    /// <summary>How often Zep was searched.</summary>
    public int Searches => Fake.Calls.Count(call => call.Path == "graph/search");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <param name="database">Where the rows are.</param>
    /// <param name="isKnown">Whether Zep was sent something of the client.</param>
    /// <param name="settings">Configuration beside Zep's.</param>
    public static async Task<ZepRecallScene> StartAsync(ZepDatabase database, bool isKnown = true, params (string Key, string Value)[] settings)
    {
        var time = new ManualTimeProvider(TimeProvider.System.GetUtcNow());
        var fake = await FakeZep.StartAsync(time);
        await database.ResetBudgetAsync();
        var host = await GrainHost.StartAsync(database.Database, time, [.. Settings(fake), .. settings]);
        var scene = new ZepRecallScene(database.Database, fake, time, host) { Client = database.NewClient() };
        await database.PsqlAsync($"insert into clients (id) values ('{scene.Client}') on conflict do nothing");
        if (isKnown)
        {
            await database.PsqlAsync($"insert into zep_clients (client_id, ensured_at) values ('{scene.Client}', now())");
        }

        return scene;
    }

    /// <summary>What a host is configured with to ask a fake.</summary>
    public static (string Key, string Value)[] Settings(FakeZep fake) => [("Zep:BaseUrl", fake.BaseUrl), ("Zep:ApiKey", FakeZep.Key), ("Zep:MonthlyCalls", "0")];

    public Task<EventRecord> RememberAsync(string content) => Session.RememberAsync(new NewMemory(content, Salience: 0.1));

    /// <summary>Gives Zep a fact, as this one of the client's memories.</summary>
    public async Task<string> KnowsAsAsync(IMemory memory, string fact, DateTimeOffset? validAt = null, DateTimeOffset? invalidAt = null)
    {
        var id = Knows(fact, validAt, invalidAt);
        await _database.PsqlAsync(
            $"""
            insert into zep_items (client_id, table_name, row_id, part, zep_id, sent_hash)
            select '{Client}', '{(memory is FactRecord ? "facts" : "events")}', '{memory.Id}', count(*), '{id}', '{Guid.Empty}' from zep_items where row_id = '{memory.Id}'
            """);
        return id;
    }

    /// <summary>Gives Zep a fact that is nobody's here.</summary>
    public string Knows(string fact, DateTimeOffset? validAt = null, DateTimeOffset? invalidAt = null) => Fake.AddForeignFact(SessionKey.Of(Client), fact, validAt, invalidAt);

    public Task<RecallAnswer> AskAsync(string question, Func<RecallRequest, RecallRequest>? with = null) =>
        Session.RecallAsync((with ?? (request => request))(RecallRequest.For(question)), Stop);

    /// <summary>Asks, and lets the time for Zep pass once it is asked.</summary>
    public async Task<RecallAnswer> AskInVainAsync(string question)
    {
        var asked = AskAsync(question);
        await Fake.NextCallAsync("graph/search");
        Time.Advance(TimeSpan.FromMilliseconds(500));
        return await asked;
    }

    public Task<string> PsqlAsync(string sql) => _database.PsqlAsync(sql);

    public static ImmutableArray<string> Texts(RecallAnswer answer) => [.. answer.Hits.Select(hit => hit.Memory.Content)];

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Fake.DisposeAsync();
    }
}
