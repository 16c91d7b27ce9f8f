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
            "Valkey is down", "Valkey hangs", "Valkey is full",
            "the language model is down", "the language model hangs", "the language model answers garbage", "a client's tokens are used up"],
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
    public async Task the_language_model_is_down()
    {
        await using var model = await FakeLanguageModel.StartAsync();
        var endpoint = model.Endpoint;
        FakeLanguageModel? again = null;
        await HoldWithModelAsync(
            model, "the language model is down", "waiting", "llm_unreachable",
            async () => await model.DisposeAsync(),
            async () => again = await FakeLanguageModel.StartAsync(endpoint));
        await again!.DisposeAsync();
    }

    [Fact]
    public async Task the_language_model_hangs()
    {
        await using var model = await FakeLanguageModel.StartAsync();
        await HoldWithModelAsync(model, "the language model hangs", "waiting", "llm_timeout", () => SetAsync(model, LanguageModelMood.Slow), () => SetAsync(model, LanguageModelMood.Well));
    }

    [Fact]
    public async Task the_language_model_answers_garbage()
    {
        await using var model = await FakeLanguageModel.StartAsync();
        await HoldWithModelAsync(model, "the language model answers garbage", "failed", "llm_garbage", () => SetAsync(model, LanguageModelMood.Garbage), () => SetAsync(model, LanguageModelMood.Well));
    }

    [Fact]
    public async Task a_clients_tokens_are_used_up()
    {
        await using var model = await FakeLanguageModel.StartAsync();
        await HoldWithModelAsync(model, "a client's tokens are used up", "waiting", "over_budget", () => Task.CompletedTask, mend: null, "--Extraction:MonthlyTokens", "1000");
        Assert.Empty(model.Requests);
    }

    private static Task SetAsync(FakeLanguageModel model, LanguageModelMood mood)
    {
        model.Mood = mood;
        return Task.CompletedTask;
    }

    // Facts of a memory wait for the model, or are given up until somebody asks for them again; nothing else notices.
    private async Task HoldWithModelAsync(FakeLanguageModel model, string failure, string state, string error, Func<Task> fail, Func<Task>? mend, params string[] arguments)
    {
        var endpoint = model.Endpoint;
        await using var server = await OwnServer.StartAsync();
        await HoldAsync(
            server,
            async scene =>
            {
                await fail();
                var memory = await scene.RememberSalientAsync("I like tea. Really.");
                await scene.PromotionAsync(memory, state, error);
                await scene.AssertAsync(Table.While(failure), Rounds);
                await scene.PromotionAsync(memory, state, error);
                if (mend is not null)
                {
                    await mend();
                    await scene.PromotionAsync(memory, "done", error: null);
                }
            },
            ["--Llm:Endpoint", endpoint, "--Llm:Model", "fake-1", "--Extraction:Extractor", "llm", "--Extraction:Timeout", "00:00:01", "--Promotion:MaxAttempts", "1", "--Promotion:FirstDelay", "00:00:01", .. arguments]);
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
