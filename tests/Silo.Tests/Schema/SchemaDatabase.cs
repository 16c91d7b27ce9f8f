using Actors.Support;
using Npgsql;

namespace Actors.Schema;

/// <summary>A migrated database for one test class or one test, and the two kinds of connections to it.</summary>
public sealed class SchemaDatabase : IAsyncLifetime
{
    private TestDatabase? _database;
    private NpgsqlDataSource? _grains;
    private NpgsqlDataSource? _foreign;

    private TestDatabase Database => _database ?? throw new InvalidOperationException("Not initialised.");

    /// <summary>Connections like those of the service.</summary>
    public NpgsqlDataSource Grains => _grains ?? throw new InvalidOperationException("Not initialised.");

    /// <summary>Connections like those of any other program.</summary>
    public NpgsqlDataSource Foreign => _foreign ?? throw new InvalidOperationException("Not initialised.");

    public static async Task<SchemaDatabase> CreateAsync()
    {
        var database = new SchemaDatabase();
        await database.InitializeAsync();
        return database;
    }

    public async ValueTask InitializeAsync()
    {
        _database = await TestPostgres.CreateAsync();
        // Without this Npgsql hides DETAIL, where PM001 has the actual version.
        var target = new NpgsqlConnectionStringBuilder(_database.ConnectionString) { IncludeErrorDetail = true };
        _foreign = NpgsqlDataSource.Create(target);
        _grains = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(target.ConnectionString) { Options = "-c actors.writer=grain" });
    }

    public Task<string> PsqlAsync(string sql) => Database.PsqlAsync(sql);

    /// <inheritdoc cref="TestDatabase.LockAwaitedAsync"/>
    public Task LockAwaitedAsync() => Database.LockAwaitedAsync();

    public async Task<PostgresException> RefusedAsync(string sql)
    {
        await using var command = Foreign.CreateCommand(sql);
        return await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
    }

    public static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Grains.DisposeAsync();
        await Foreign.DisposeAsync();
        await Database.DisposeAsync();
    }
}
