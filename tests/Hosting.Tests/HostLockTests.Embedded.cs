using Actors.Hosting.Tests.Grains;
using Actors.Migrations;
using Actors.Storage;
using Actors.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Actors.Hosting.Tests;

public sealed class HostLockTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private ActorHostFixture _host = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestPostgres.CreateAsync();
        _host = await StartHostAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task a_second_host_on_the_same_database_refuses_to_start_and_says_why()
    {
        var refusal = await Assert.ThrowsAsync<HostLockHeldException>(StartHostAsync);

        var holder = Assert.Single(refusal.Holders);
        Assert.Equal(await HolderPidAsync(), holder.Pid);
        Assert.Contains($"process {Environment.ProcessId}", holder.ApplicationName, StringComparison.Ordinal);
        Assert.Contains("Another host already serves this database", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(holder.ToString(), refusal.Message, StringComparison.Ordinal);
        Assert.Contains("single process (Embedded)", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("-p:ActorHost=Orleans", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(refusal.Message, refusal.ToString());
    }

    [Fact]
    public async Task the_next_host_may_start_when_the_first_has_stopped()
    {
        await _host.StopAsync(TestContext.Current.CancellationToken);

        await using var next = await StartHostAsync();

        next.WriteGate.EnsureOpen();
    }

    [Fact]
    public async Task silos_share_the_lock_with_each_other_but_not_with_a_single_process_host()
    {
        await Assert.ThrowsAsync<HostLockHeldException>(
            () => HostLockSession.TakeAsync(_database.ConnectionString, HostLockMode.Shared, TestContext.Current.CancellationToken));
        await _host.StopAsync(TestContext.Current.CancellationToken);

        await using var first = await HostLockSession.TakeAsync(_database.ConnectionString, HostLockMode.Shared, TestContext.Current.CancellationToken);
        await using var second = await HostLockSession.TakeAsync(_database.ConnectionString, HostLockMode.Shared, TestContext.Current.CancellationToken);

        var refusal = await Assert.ThrowsAsync<HostLockHeldException>(StartHostAsync);
        Assert.Equal(2, refusal.Holders.Count);
    }

    [Fact]
    public async Task hosts_of_different_databases_do_not_hinder_each_other()
    {
        await using var otherDatabase = await TestPostgres.CreateAsync();

        await using var other = await ActorHostFixture.StartAsync(new ActorHostSettings { Database = otherDatabase });

        other.WriteGate.EnsureOpen();
    }

    [Fact]
    public async Task losing_the_connection_of_the_lock_stops_writes_until_it_is_back()
    {
        var grain = _host.Grains.GetGrain<IStateGrain>(Stage.NewKey());
        await grain.SetAsync("before");

        // Another session queues for the lock, so that it has it the moment ours is gone. The server tells it that it waits.
        await using var usurper = new NpgsqlConnection(_database.ConnectionString);
        await usurper.OpenAsync(TestContext.Current.CancellationToken);
        var pid = await HolderPidAsync();
        var queued = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        usurper.Notice += (_, _) => queued.TrySetResult();
        await ExecuteAsync(usurper, "set deadlock_timeout = '1ms'; set log_lock_waits = on; set client_min_messages = log");
        var takeover = ExecuteAsync(usurper, $"select pg_advisory_lock({HostLockSession.Key})");
        await queued.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        await ExecuteAsync($"select pg_terminate_backend({pid})");
        await takeover;

        await _host.WhenLoggedAsync("LogNotTaken");
        Assert.Throws<WritesSuspendedException>(_host.WriteGate.EnsureOpen);
        await Assert.ThrowsAsync<WritesSuspendedException>(() => grain.SetAsync("meanwhile"));
        Assert.Equal("nothing then meanwhile, stored True", await grain.GetAsync());

        await usurper.CloseAsync();
        NpgsqlConnection.ClearPool(usurper);
        await _host.PassAsync(TimeSpan.FromSeconds(1));
        await _host.WhenLoggedAsync("LogTakenAgain");
        await grain.SetAsync("after");
        await Assert.ThrowsAsync<HostLockHeldException>(StartHostAsync);
    }

    [Fact]
    public async Task a_server_that_is_killed_and_comes_back_gives_the_lock_again()
    {
        await using var server = await OwnServer.StartAsync();
        var (gate, clock, logs) = (new WriteGate(), new ManualTimeProvider(), new LogSignals());
        using var loggers = LoggerFactory.Create(builder => builder.AddProvider(logs));
        using var hostLock = new HostLock(server.ConnectionString, HostLockMode.Exclusive, gate, clock, loggers.CreateLogger<HostLock>());
        await hostLock.StartAsync(TestContext.Current.CancellationToken);
        gate.EnsureOpen();

        await server.KillAsync();
        await logs.Stage.WhenAsync("LogNotTaken");
        Assert.Throws<WritesSuspendedException>(gate.EnsureOpen);

        // Each try that fails sets a timer before it says so; how many there are depends on how soon the server is back.
        var taken = logs.Stage.WhenAsync("LogTakenAgain");
        for (var tries = 1; !taken.IsCompleted; tries++)
        {
            clock.Advance(TimeSpan.FromSeconds(2));
            await Task.WhenAny(taken, logs.Stage.WhenAsync("LogNotTaken", tries + 1));
        }

        await taken;
        gate.EnsureOpen();
        await hostLock.StopAsync(TestContext.Current.CancellationToken);
        Assert.Throws<WritesSuspendedException>(gate.EnsureOpen);
    }

    [Fact]
    public async Task the_process_that_holds_the_lock_is_told_however_long_the_name_of_the_application()
    {
        await using var other = await TestPostgres.CreateAsync();
        var settings = new NpgsqlConnectionStringBuilder(other.ConnectionString) { ApplicationName = new string('x', 100) };

        await using var session = await HostLockSession.TakeAsync(settings.ConnectionString, HostLockMode.Exclusive, TestContext.Current.CancellationToken);

        Assert.Equal("1", await other.PsqlAsync(
            $"select count(*) from pg_stat_activity where application_name like 'process {Environment.ProcessId} on %, host of x%'"));
    }

    [Fact]
    public async Task the_whole_host_starts_on_an_empty_database_and_serves_our_grains()
    {
        await using var empty = await TestPostgres.CreateAsync(migrate: false);
        using (var host = BuildHost(empty))
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
            Assert.NotNull(host.Services.GetRequiredService<IGrainFactory>().GetGrain<Sessions.ISessionGrain>("client_1"));
            using var second = BuildHost(empty);
            await Assert.ThrowsAsync<HostLockHeldException>(() => second.StartAsync(TestContext.Current.CancellationToken));
            await host.StopAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(
            $"{MigrationScript.LoadFrom(typeof(MigrationScript).Assembly).Count}",
            await empty.PsqlAsync("select count(*) from schema_migrations"));
    }

    [Fact]
    public async Task a_host_without_a_server_says_that_postgres_cannot_be_reached()
    {
        await Assert.ThrowsAsync<StorageUnavailableException>(() => HostLockSession.TakeAsync(
            "Host=127.0.0.1;Port=1;Username=nobody;Password=none;Timeout=2", HostLockMode.Exclusive, TestContext.Current.CancellationToken));
    }

    private static IHost BuildHost(TestDatabase database)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration["ConnectionStrings:Postgres"] = database.ConnectionString;
        builder.AddActorHost();
        return builder.Build();
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private Task<ActorHostFixture> StartHostAsync() => ActorHostFixture.StartAsync(new ActorHostSettings { Database = _database });

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await _database.DataSource.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await ExecuteAsync(connection, sql);
    }

    private async Task<int> HolderPidAsync() => int.Parse(await _database.PsqlAsync("""
        select pid from pg_locks
        where locktype = 'advisory' and granted and objsubid = 1 and database = (select oid from pg_database where datname = current_database())
        """), System.Globalization.CultureInfo.InvariantCulture);
}
