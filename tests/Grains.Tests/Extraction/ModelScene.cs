using System.Collections.Immutable;
using Actors.Facts;
using Actors.Grains.Tests.Embeddings;
using Actors.Hosting;
using Actors.LanguageModels;
using Actors.Patterns;
using Actors.Secrets;
using Actors.Storage;
using Actors.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Actors.Extraction.Tests;

/// <summary>The database of one test class, for extractors that ask a language model.</summary>
public sealed class ModelDatabase : IAsyncLifetime
{
    private NpgsqlDataSource _source = null!;

    public TestDatabase Database { get; private set; } = null!;

    internal Database Service { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await TestPostgres.CreateAsync();
        _source = PostgresConnections.Create(Database.ConnectionString);
        Service = new Database(_source, new WriteGate());
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await Database.DisposeAsync();
    }
}

/// <summary>A fake model, and an extractor that asks it, on a clock of the test's own.</summary>
internal sealed class ModelScene : IAsyncDisposable
{
    private readonly Meters _meters = new();
    private readonly LanguageModel _model;
    private readonly TestDatabase _database;

    private ModelScene(ModelDatabase database, FakeLanguageModel fake, ExtractionOptions options, string? endpoint)
    {
        (Fake, _database) = (fake, database.Database);
        _model = new LanguageModel(Options.Create(new LanguageModelOptions { Endpoint = endpoint ?? fake.Endpoint, Model = "fake-1", ApiKey = "sk-secret" }), Time);
        var settings = Options.Create(options);
        Extractor = new ModelExtractor(
            _model, new PatternQueryStore(database.Service), new TokenBudget(database.Service, settings, Time),
            new SecretMask(Options.Create(new SecretsOptions()), new SecretMetrics(_meters)), new ExtractionMetrics(_meters), settings, Time, NullLogger<ModelExtractor>.Instance);
    }

    public FakeLanguageModel Fake { get; }

    public ModelExtractor Extractor { get; }

    public ManualTimeProvider Time { get; } = new();

    public string ClientId { get; } = $"c{Guid.NewGuid():N}";

    /// <param name="database">Where it counts tokens.</param>
    /// <param name="options">The settings; null: as they come.</param>
    /// <param name="endpoint">What is asked; null: the fake model.</param>
    public static async Task<ModelScene> StartAsync(ModelDatabase database, ExtractionOptions? options = null, string? endpoint = null) =>
        new(database, await FakeLanguageModel.StartAsync(), options ?? new ExtractionOptions(), endpoint);

    public async Task<Extraction> ExtractAsync(string content = "I like tea. Really.", params ImmutableArray<FactRecord> known)
    {
        var memory = Memories.Of(content, clientId: ClientId);
        // It waits to be promoted.
        await PsqlAsync($"insert into events (id, client_id, content, salience_score) values ('{memory.Id}', '{ClientId}', 'of the test', 0.8)");
        return await Extractor.ExtractAsync(memory, known, TestContext.Current.CancellationToken);
    }

    public async Task<ExtractionException> FailAsync(string content = "I like tea. Really.") => await Assert.ThrowsAsync<ExtractionException>(() => ExtractAsync(content));

    public MeasuredCounts Measure() => new(_meters);

    /// <summary>A known fact about the speaker.</summary>
    public FactRecord Known(string type, string content, string? clientId = null, string subjectType = "user", string subjectId = "Ana") =>
        ModelFactRulesTests.Fact(subjectType, subjectId, type, content, clientId: clientId ?? ClientId);

    public Task<string> PsqlAsync(string sql) => _database.PsqlAsync(sql);

    /// <summary>What the client has used: month, tokens and requests of each.</summary>
    public Task<string> UsageAsync() => _database.PsqlAsync($"select month, tokens, requests from llm_usage where client_id = '{ClientId}' order by month");

    public async ValueTask DisposeAsync()
    {
        _model.Dispose();
        _meters.Dispose();
        await Fake.DisposeAsync();
    }
}
