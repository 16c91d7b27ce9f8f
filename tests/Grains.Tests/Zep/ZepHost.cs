using Actors.Facts;
using Actors.Grains.Tests.Sessions;
using Actors.Sessions;
using Actors.Support;
using Actors.Zep;

namespace Actors.Grains.Tests.Zep;

/// <summary>Grains on a fresh database with a fake Zep, which looks for something to send only when told; for one test.</summary>
internal sealed class ZepHost : IAsyncDisposable
{
    private static readonly FactAuthor Tester = new("tester");

    private ZepHost(TestDatabase database, FakeZep fake, GrainHost host) => (Database, Fake, Host) = (database, fake, host);

    public TestDatabase Database { get; }

    public FakeZep Fake { get; }

    public GrainHost Host { get; private set; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<ZepHost> StartAsync(params (string Key, string Value)[] settings)
    {
        var database = await TestPostgres.CreateAsync();
        var fake = await FakeZep.StartAsync();
        return new ZepHost(database, fake, await GrainHost.StartAsync(database, settings: Settings(fake, settings)));
    }

    /// <summary>Ends the host and starts another.</summary>
    public async Task RestartAsync(params (string Key, string Value)[] settings)
    {
        await Host.DisposeAsync();
        Host = await GrainHost.StartAsync(Database, settings: Settings(Fake, settings));
    }

    public ISessionGrain Session(string client) => Host.Grains.GetGrain<ISessionGrain>(SessionKey.Of(client));

    public async Task<FactRecord> CreateFactAsync(string client, string content) =>
        (await Subject(client).CreateAsync(new CreateFactRequest("preference", content, null, null, null, null, null, "{}", [], FactConflict.Refuse, Tester), Stop)).Fact;

    public IFactSubjectGrain Subject(string client) => Host.Grains.GetGrain<IFactSubjectGrain>(FactSubjectKey.Of(new FactSubject(client, "user", "1")));

    /// <summary>Stores memories of importance 0.9.</summary>
    public Task<RememberAnswer> RememberAsync(string client, params string[] contents) =>
        Session(client).RememberAsync(new RememberRequest([.. contents.Select(content => new NewMemory(content, Salience: 0.9))]), Stop);

    public Task<bool> SweepAsync() => Host.Grains.GetGrain<IZepSweeperGrain>(IZepSweeperGrain.Key).SweepAsync(Stop);

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Fake.DisposeAsync();
        await Database.DisposeAsync();
    }

    private static (string, string)[] Settings(FakeZep fake, (string Key, string Value)[] settings) =>
        [("Zep:BaseUrl", fake.BaseUrl), ("Zep:ApiKey", FakeZep.Key), ("Zep:PollInterval", "01:00:00"), ("Zep:RememberBudget", "00:00:10"), .. settings];
}
