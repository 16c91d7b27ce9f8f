using System.Globalization;
using Actors.Embeddings;
using Actors.Storage;
using Actors.Support;
using Npgsql;

namespace Actors.Grains.Tests.Embeddings;

/// <summary>A database of one test class, and the stores of vectors on it, on connections like those of the service.</summary>
public sealed class EmbeddingDatabase : IAsyncLifetime
{
    internal const string Model = "small";

    private NpgsqlDataSource _source = null!;
    private int _clients;

    public TestDatabase Database { get; private set; } = null!;

    internal EmbeddingStore Store { get; private set; } = null!;

    internal VectorStore Vectors { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await TestPostgres.CreateAsync();
        _source = PostgresConnections.Create(Database.ConnectionString);
        var database = new Database(_source, new WriteGate());
        (Store, Vectors) = (new EmbeddingStore(database), new VectorStore(database));
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await Database.DisposeAsync();
    }

    public string NewClient() => $"c{Interlocked.Increment(ref _clients):0000}";

    /// <summary>Inserts an event by psql.</summary>
    public async Task<Guid> AddEventAsync(string client, string content) =>
        Guid.Parse((await Database.PsqlAsync($"insert into events (client_id, content) values ('{client}', '{content}') returning id")).Split('\n')[0]);

    /// <summary>Inserts a fact by psql.</summary>
    /// <param name="client">Null: the house.</param>
    /// <param name="content">What it says.</param>
    public async Task<Guid> AddFactAsync(string? client, string content) =>
        Guid.Parse((await Database.PsqlAsync(
            $"insert into facts (client_id, subject_type, subject_id, fact_type, content) values ({(client is null ? "null" : $"'{client}'")}, 'user', '1', 'likes', '{content}') returning id")).Split('\n')[0]);

    public async Task<long> CountAsync(string sql) => long.Parse(await Database.PsqlAsync(sql), CultureInfo.InvariantCulture);

    /// <summary>Ends when a client's memories have so many vectors. Fails after 30 s.</summary>
    public async Task VectorsAwaitedAsync(string client, int count)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await using var select = Database.DataSource.CreateCommand($"select count(*) from embeddings where client_id = '{client}'");
        while ((long)(await select.ExecuteScalarAsync(limit.Token))! != count)
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>Stores the vectors of memories as they are now.</summary>
    internal async Task<int> EmbedAsync(params Guid[] ids) =>
        await Store.StoreAsync(Model, [.. (await ContentsAsync(ids)).Select(memory => (memory, VectorOf(memory.Text)))]);

    internal async Task<MemoryContent[]> ContentsAsync(params Guid[] ids) =>
        [.. await Store.ReadContentsAsync(Model, ids, 8_000, TestContext.Current.CancellationToken)];

    internal async Task<Dictionary<Guid, QuantizedVector>> LoadAsync(string client, string model = Model)
    {
        var loaded = new Dictionary<Guid, QuantizedVector>();
        await Vectors.LoadVectorsAsync(client, model, (id, vector) => loaded[id] = vector, TestContext.Current.CancellationToken);
        return loaded;
    }

    internal static QuantizedVector VectorOf(string text) => QuantizedVector.Of(FakeEmbeddings.VectorOf(text))!;
}
