using System.Net.Http.Json;
using Actors.Postgres;
using Actors.Support;
using Npgsql;

namespace Actors.Api.Tests.Ops;

/// <summary>Every row of docs/degradation.md, on the running service.</summary>
public sealed class DegradationTests : IDisposable
{
    private const int Rounds = 3;
    private static readonly DegradationTable Table = DegradationTable.Read();

    private readonly string _data = Directory.CreateTempSubdirectory("degradation-test-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public void every_row_has_a_test() => Assert.Equal(
        ["Postgres restarts", "Postgres hangs", "Postgres is read-only", "Postgres has no connection left", "its disk is full", "its log cannot be written either",
            "Valkey is down", "Valkey hangs", "Valkey is full", "Zep is down", "Zep is slow", "Zep says 429", "Zep is in penalty mode", "Zep refuses the key",
            "Zep's API is removed", "Zep's v2 is removed", "Zep takes long to take in"],
        Table.Failures);

    [Fact]
    public async Task postgres_restarts()
    {
        await using var server = await OwnServer.StartAsync();
        await HoldAsync(server, async scene =>
        {
            await server.KillAsync();
            await scene.AssertAsync(Table.While("Postgres restarts"), Rounds);
        });
    }

    [Fact]
    public async Task postgres_hangs()
    {
        await using var server = await OwnServer.StartAsync();
        await HoldAsync(server, async scene =>
        {
            await server.SuspendAsync();
            await scene.AssertAsync(Table.While("Postgres hangs"), 1);
            await server.ResumeAsync();
        });
    }

    [Fact]
    public async Task postgres_is_read_only()
    {
        await using var server = await OwnServer.StartAsync();
        await HoldAsync(server, async scene =>
        {
            await SetReadOnlyAsync(server, "on");
            await scene.AssertAsync(Table.While("Postgres is read-only"), Rounds);
            await SetReadOnlyAsync(server, "off");
        });
    }

    [Fact]
    public async Task postgres_has_no_connection_left()
    {
        await using var server = await OwnServer.StartAsync();
        await HoldAsync(server, async scene =>
        {
            var taken = new List<NpgsqlConnection>();
            await TakeAllConnectionsAsync(server.ConnectionString, taken);
            await scene.AssertAsync(Table.While("Postgres has no connection left"), Rounds);
            foreach (var connection in taken)
            {
                await connection.DisposeAsync();
            }
        });
    }

    [Fact]
    public async Task its_disk_is_full()
    {
        await using var disk = await SmallDisk.TryMountAsync(megabytes: 256);
        Assert.SkipUnless(disk is not null, "Only root may mount a small disk.");
        await using var server = await OwnServer.StartAsync(disk.Path);
        await HoldAsync(server, async scene =>
        {
            await disk.FillAsync();
            await scene.RememberUntilRefusedAsync();
            await scene.AssertAsync(Table.While("its disk is full"), Rounds);

            await WriteAheadUntilItFailsAsync(server.ConnectionString);
            await disk.FillAsync();
            await scene.AssertAsync(Table.While("its log cannot be written either"), Rounds);
            disk.Free();
        });
    }

    [Fact]
    public Task valkey_is_down() => HoldWithValkeyAsync("Valkey is down", valkey => valkey.KillAsync(), valkey => valkey.StartAgainAsync());

    [Fact]
    public Task valkey_hangs() => HoldWithValkeyAsync(
        "Valkey hangs",
        valkey =>
        {
            valkey.Pause();
            return Task.CompletedTask;
        },
        valkey =>
        {
            valkey.Resume();
            return Task.CompletedTask;
        });

    [Fact]
    public Task valkey_is_full() => HoldWithValkeyAsync("Valkey is full", valkey => valkey.FillAsync(), valkey => valkey.CommandAsync("flushall"));

    [Fact]
    public async Task zep_is_down()
    {
        FakeZep? again = null;
        await HoldWithZepAsync(
            "Zep is down",
            zep => zep.DisposeAsync().AsTask(),
            async zep => again = await FakeZep.StartAsync(port: new Uri(zep).Port));
        await again!.DisposeAsync();
    }

    [Fact]
    public Task zep_is_slow() => HoldWithZepAsync("Zep is slow", zep => zep.Quirks.Latency = TimeSpan.FromSeconds(5), zep => zep.Quirks.Latency = TimeSpan.Zero);

    [Fact]
    public Task zep_says_429() => HoldWithZepAsync(
        "Zep says 429",
        zep =>
        {
            zep.Quirks.RetryAfter = "20";
            zep.Mood = ZepMood.Throttled;
        },
        zep => zep.Mood = ZepMood.Well);

    [Fact]
    public Task zep_is_in_penalty_mode() => HoldWithZepAsync("Zep is in penalty mode", zep => zep.Quirks.Quota = 0, zep => zep.Quirks.Quota = null, isKnown: false);

    [Fact]
    public Task zep_refuses_the_key() => HoldWithZepAsync("Zep refuses the key", zep => zep.Mood = ZepMood.WrongKey, zep => zep.Mood = ZepMood.Well, isRestarted: true);

    [Fact]
    public Task the_api_of_zep_is_removed() =>
        HoldWithZepAsync("Zep's API is removed", zep => zep.Mood = ZepMood.Removed, zep => zep.Mood = ZepMood.Well, isRestarted: true);

    [Fact]
    public Task the_second_version_of_zep_is_removed() =>
        HoldWithZepAsync("Zep's v2 is removed", zep => zep.Quirks.HasSessions = false, zep => zep.Mood = ZepMood.Well, isKnown: false);

    [Fact]
    public Task zep_takes_long_to_take_in() => HoldWithZepAsync(
        "Zep takes long to take in",
        zep => (zep.Quirks.IngestionDelay, zep.Quirks.SearchLag) = (TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5)),
        zep => zep.Mood = ZepMood.Well,
        isKnown: false);

    private Task HoldWithZepAsync(string failure, Action<FakeZep> fail, Action<FakeZep> mend, bool isKnown = true, bool isRestarted = false)
    {
        FakeZep failing = null!;
        return HoldWithZepAsync(
            failure,
            zep =>
            {
                failing = zep;
                fail(zep);
                return Task.CompletedTask;
            },
            _ =>
            {
                mend(failing);
                return Task.FromResult(failing);
            },
            isKnown, isRestarted);
    }

    // Of a Zep that has ended the address is left. Whether recall always asks it is not at stake here, so it always does.
    private async Task HoldWithZepAsync(string failure, Func<FakeZep, Task> fail, Func<string, Task<FakeZep>> mend, bool isKnown = true, bool isRestarted = false)
    {
        await using var server = await OwnServer.StartAsync();
        await using var zep = await FakeZep.StartAsync();
        string[] arguments =
            ["--postgres", server.ConnectionString, "--Zep:BaseUrl", zep.BaseUrl, "--Zep:ApiKey", FakeZep.Key, "--Zep:GoodEnough", "1", "--Zep:PollInterval", "00:00:00.5"];
        var address = zep.BaseUrl;
        DegradationScene scene;
        FakeZep well;
        await using (var service = await ServiceProcess.StartAsync(_data, arguments))
        {
            scene = new DegradationScene(service, server.ConnectionString);
            await scene.SetUpAsync();
            await scene.HotIsThereAsync(zep);
            await fail(zep);
            if (isKnown)
            {
                await scene.KnownAsync("zep");
            }

            await scene.AssertAsync(Table.While(failure), Rounds);
            well = await mend(address);
            await scene.AssertRowsAsync();
            if (!isRestarted)
            {
                await scene.AssertArrivedAsync(well);
            }
        }

        if (isRestarted)
        {
            await using var again = await ServiceProcess.StartAsync(_data, arguments);
            await scene.AssertArrivedAsync(well);
        }
    }

    private async Task HoldWithValkeyAsync(string failure, Func<ValkeyServer, Task> fail, Func<ValkeyServer, Task> mend)
    {
        await using var server = await OwnServer.StartAsync();
        await using var valkey = await ValkeyServer.StartAsync("--maxmemory", "50mb", "--maxmemory-policy", "noeviction");
        await HoldAsync(
            server,
            async scene =>
            {
                await fail(valkey);
                await scene.KnownAsync("valkey");
                await scene.AssertAsync(Table.While(failure), Rounds);
                await mend(valkey);
            },
            "--valkey", valkey.Address);
    }

    private async Task HoldAsync(OwnServer server, Func<DegradationScene, Task> suffer, params string[] arguments)
    {
        await using var service = await ServiceProcess.StartAsync(_data, ["--postgres", server.ConnectionString, .. arguments]);
        var scene = new DegradationScene(service, server.ConnectionString);
        await scene.SetUpAsync();
        await suffer(scene);
        await scene.AssertRowsAsync();
    }

    private static async Task SetReadOnlyAsync(OwnServer server, string onOff)
    {
        await using var source = NpgsqlDataSource.Create(server.ConnectionString);
        await using (var set = source.CreateCommand($"alter system set default_transaction_read_only = {onOff}"))
        {
            await set.ExecuteNonQueryAsync();
        }

        await using var reload = source.CreateCommand("select pg_reload_conf()");
        await reload.ExecuteNonQueryAsync();
    }

    // Pages are full by now, but the log that is written ahead of them has room for some smaller writes.
    private static async Task WriteAheadUntilItFailsAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var write = source.CreateCommand("select pg_logical_emit_message(false, 'filler', repeat('x', 1000000))");
        await Assert.ThrowsAnyAsync<NpgsqlException>(async () =>
        {
            while (true)
            {
                await write.ExecuteNonQueryAsync();
            }
        });
    }

    // The service keeps the connection of its lock, and none of its pool: who is faster gets what a terminated one leaves.
    private static async Task TakeAllConnectionsAsync(string connectionString, List<NpgsqlConnection> taken)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, ApplicationName = "taker" };
        var first = await OpenAsync();
        while (true)
        {
            try
            {
                await OpenAsync();
            }
            catch (PostgresException full) when (full.SqlState == PostgresErrorCodes.TooManyConnections)
            {
                await using var free = new NpgsqlCommand(
                    "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'planner-memory'", first);
                if ((long)(await free.ExecuteScalarAsync())! == 0)
                {
                    return;
                }
            }
        }

        async Task<NpgsqlConnection> OpenAsync()
        {
            var connection = new NpgsqlConnection(settings.ConnectionString);
            await connection.OpenAsync();
            taken.Add(connection);
            return connection;
        }
    }
}
