using Actors.Access;
using Actors.Extraction;
using Actors.Facts;
using Actors.Promotion;
using Actors.Sessions;
using Actors.Storage;
using Actors.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Actors.Grains.Tests.Promotion;

/// <summary>Grains with a test's extractor, on a fresh database and a clock of their own, shared by the tests of one class; each test uses a client of its own.</summary>
public sealed class PromotionStage : IAsyncLifetime
{
    // Days on this clock are not to be filled with looks for what is not there.
    private static readonly (string, string)[] Quiet = [("SharedFacts:RefreshInterval", "01:00:00"), ("Embeddings:PollInterval", "01:00:00")];

    private NpgsqlDataSource _source = null!;
    private int _clients;

    /// <summary>Whether promotions that are due when the clock has moved are done by themselves.</summary>
    public bool SweepsByItself { get; init; } = true;

    public TestDatabase Database { get; private set; } = null!;

    public ManualTimeProvider Clock { get; } = new();

    public GrainHost Host { get; private set; } = null!;

    internal TestExtractor Extractor { get; } = new();

    internal PromotionStore Store { get; private set; } = null!;

    public IGrainFactory Grains => Host.Grains;

    public IPromotionSweeperGrain Sweeper => Grains.GetGrain<IPromotionSweeperGrain>(IPromotionSweeperGrain.Key);

    public IFactQueryGrain Queries => Grains.GetGrain<IFactQueryGrain>(IFactQueryGrain.Key);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Database = await TestPostgres.CreateAsync();
        _source = PostgresConnections.Create(Database.ConnectionString);
        Store = new PromotionStore(new Database(_source, new WriteGate()), Clock);
        Host = await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await _source.DisposeAsync();
        await Database.DisposeAsync();
    }

    public string NewClient() => $"c{Interlocked.Increment(ref _clients):0000}";

    public ISessionGrain Session(string client) => Grains.GetGrain<ISessionGrain>(SessionKey.Of(client));

    public IFactSubjectGrain Subject(string? client, string id) => Grains.GetGrain<IFactSubjectGrain>(FactSubjectKey.Of(new FactSubject(client, "user", id)));

    /// <summary>Ends the host and starts another one: every activation is rebuilt.</summary>
    public async Task RestartAsync()
    {
        await Host.DisposeAsync();
        Host = await StartAsync();
    }

    /// <summary>Stores an event that is important enough.</summary>
    public async Task<EventRecord> RememberAsync(string client, string content, DateTimeOffset? occurredAt = null, double salience = 0.8, string? speaker = null) =>
        (await Session(client).RememberAsync(new RememberRequest([new NewMemory(content, Salience: salience, OccurredAt: occurredAt, Speaker: speaker)]), Stop)).Memories[0];

    /// <summary>Looks until nothing is due.</summary>
    public async Task SweepAsync()
    {
        while (!(await Sweeper.SweepAsync(Stop)).IsDone)
        {
        }
    }

    public async Task<PromotionRecord> JobAsync(Guid eventId) =>
        await Grains.GetGrain<IPromotionQueryGrain>(IPromotionQueryGrain.Key).FindAsync(eventId, new ClientVisibility(default), Stop)
        ?? throw new InvalidOperationException("The event has no promotion.");

    /// <summary>A client's facts as they hold on the valid-time axis: content and span, by start.</summary>
    public Task<string> FactsAsync(string client) => Database.PsqlAsync(
        $"select content, valid_from::date, coalesce(valid_to::date::text, '') from facts where client_id = '{client}' order by valid_from, content");

    /// <summary>Where a client's facts were found.</summary>
    public Task<string> SourcesAsync(string client) => Database.PsqlAsync(
        $"""
        select f.content, substr(e.content, s.span_start + 1, s.span_end - s.span_start), s.extractor, s.extractor_version, s.model, s.ordinal, e.promoted_to_fact_id = f.id
        from fact_sources s join facts f on f.id = s.fact_id join events e on e.id = s.event_id where f.client_id = '{client}' order by s.created_at, s.ordinal
        """);

    private Task<GrainHost> StartAsync() =>
        GrainHost.StartAsync(Database, services => services.AddSingleton<IFactExtractor>(Extractor), Clock, [.. Quiet, ("Promotion:Enabled", SweepsByItself ? "true" : "false")]);
}
