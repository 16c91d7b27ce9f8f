using Actors.Storage;
using Actors.Support;
using Actors.Zep;
using Npgsql;

namespace Actors.Grains.Tests.Zep;

/// <summary>A database of one test class, and connections to it like those of the service.</summary>
public sealed class ZepDatabase : IAsyncLifetime
{
    private NpgsqlDataSource _source = null!;
    private int _clients;

    public TestDatabase Database { get; private set; } = null!;

    internal Database Storage { get; private set; } = null!;

    internal WriteGate Writes { get; } = new();

    public async ValueTask InitializeAsync()
    {
        Database = await TestPostgres.CreateAsync();
        _source = PostgresConnections.Create(Database.ConnectionString);
        Storage = new Database(_source, Writes);
        await Database.PsqlAsync("update outside_services set is_on = true");
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await Database.DisposeAsync();
    }

    public string NewClient() => $"c{Interlocked.Increment(ref _clients):0000}";

    public Task<string> PsqlAsync(string sql) => Database.PsqlAsync(sql);

    public Task ResetBudgetAsync() => PsqlAsync("delete from zep_budget; insert into zep_budget default values");
}
