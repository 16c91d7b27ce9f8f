using Actors.Clients;
using Actors.Storage;
using Actors.Support;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Actors.Grains.Tests.Storage;

/// <summary>
/// Two transactions wait for each other, and Postgres ends that of the service: only that one looks for deadlocks, as soon as it waits, and it is the
/// second to wait.
/// </summary>
public sealed class DeadlockTests : IAsyncLifetime
{
    private const string Waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and application_name = $1";

    private TestDatabase _database = null!;
    private NpgsqlDataSource _service = null!;
    private NpgsqlDataSource _others = null!;
    private Database _way = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await TestPostgres.CreateAsync();
        _service = PostgresConnections.Create(Of("service", "-c deadlock_timeout=1ms -c lock_timeout=0"));
        _others = NpgsqlDataSource.Create(Of("other", "-c deadlock_timeout=1h"));
        _way = new Database(_service, new WriteGate());
        await _database.PsqlAsync("create table pairs (id int primary key, value int not null); insert into pairs values (1, 0), (2, 0)");
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _others.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task a_write_that_postgres_ends_in_a_deadlock_is_made_again()
    {
        await using var other = await BeginAsync("update pairs set value = value + 10 where id = 2");
        var attempts = 0;
        var ended = Task.CompletedTask;

        var answer = await _way.WriteTransactionAsync(
            async connection =>
            {
                await connection.ExecuteAsync("update pairs set value = value + 1 where id = 1");
                if (++attempts == 1)
                {
                    ended = EndAsync(other, "update pairs set value = value + 10 where id = 1");
                    await WaitingAsync("other");
                }

                await connection.ExecuteAsync("update pairs set value = value + 1 where id = 2");
                return attempts;
            },
            _ => null);

        await ended;
        Assert.Equal(2, answer);
        // Both of them, once.
        Assert.Equal("1|11\n2|11", await _database.PsqlAsync("select id, value from pairs order by id"));
    }

    [Fact]
    public async Task a_write_that_ends_in_a_deadlock_each_time_is_put_off_in_the_end()
    {
        var attempts = 0;
        var ended = new List<Task>();

        var failure = await Assert.ThrowsAsync<StorageUnavailableException>(() => _way.WriteTransactionAsync(
            async connection =>
            {
                attempts++;
                var other = await BeginAsync("update pairs set value = value + 10 where id = 2");
                await connection.ExecuteAsync("update pairs set value = value + 1 where id = 1");
                ended.Add(EndAsync(other, "update pairs set value = value + 10 where id = 1"));
                await WaitingAsync("other");
                return await connection.ExecuteAsync("update pairs set value = value + 1 where id = 2");
            },
            _ => null));

        await Task.WhenAll(ended);
        Assert.Equal(PostgresErrorCodes.DeadlockDetected, Assert.IsType<PostgresException>(failure.InnerException).SqlState);
        Assert.Equal(5, attempts);
        Assert.Equal("1|50\n2|50", await _database.PsqlAsync("select id, value from pairs order by id"));
    }

    [Fact]
    public async Task an_import_that_postgres_ends_in_a_deadlock_begins_again()
    {
        await _database.PsqlAsync("insert into clients (id) values ('a'); insert into session_heads (client_id) values ('a')");
        var store = new ImportStore(_way, Options.Create(new TransferOptions()));
        // The import takes the client's head, then looks into events, then into facts.
        await using var gate = await BeginAsync("lock table events in access exclusive mode");
        await using var other = await BeginAsync("lock table facts in access exclusive mode");
        var beginning = store.BeginAsync("a", Stop);
        await WaitingAsync("service");
        var ended = EndAsync(other, "update session_heads set version = version + 10 where client_id = 'a'");
        await WaitingAsync("other");

        await EndAsync(gate, "select");
        await using (await beginning)
        {
            await ended;
            Assert.Equal("10", await _database.PsqlAsync("select version from session_heads where client_id = 'a'"));
            // It holds the client, as it should.
            var refusal = await Assert.ThrowsAsync<PsqlException>(() => _database.PsqlAsync("select from session_heads where client_id = 'a' for update nowait"));
            Assert.Contains("could not obtain lock", refusal.Message, StringComparison.Ordinal);
        }
    }

    private string Of(string name, string options) =>
        new NpgsqlConnectionStringBuilder(_database.ConnectionString) { ApplicationName = name, Options = options, Pooling = false }.ConnectionString;

    private async Task<NpgsqlTransaction> BeginAsync(string sql)
    {
        var connection = await _others.OpenConnectionAsync(Stop);
        var transaction = await connection.BeginTransactionAsync(Stop);
        await connection.ExecuteAsync(sql);
        return transaction;
    }

    private static async Task EndAsync(NpgsqlTransaction transaction, string sql)
    {
        await using var connection = transaction.Connection!;
        await connection.ExecuteAsync(sql);
        await transaction.CommitAsync(Stop);
    }

    private async Task WaitingAsync(string name)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await using var count = _database.DataSource.CreateCommand(Waiting);
        count.Parameters.AddWithValue(name);
        while ((long)(await count.ExecuteScalarAsync(limit.Token))! == 0)
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
