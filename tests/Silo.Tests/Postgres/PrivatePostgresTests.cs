using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Actors.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Actors.Postgres;

public sealed class PrivatePostgresTests
{
    [Fact]
    public async Task a_second_start_finds_what_the_first_one_stored()
    {
        await using var folder = TestFolder.Create();
        await using (var first = await Scene.StartAsync(folder))
        {
            await Scene.AskAsync(first.ConnectionString, "create table kept (a text); insert into kept values ('still here')");
        }

        Assert.Empty(ServerProcesses.Of(Scene.ClusterOf(folder)));
        await using var second = await Scene.StartAsync(folder);

        Assert.Equal("still here", await Scene.AskAsync(second.ConnectionString, "select a from kept"));
        Assert.Equal("planner_memory", await Scene.AskAsync(second.ConnectionString, "select current_database()"));
    }

    [Fact]
    public async Task commits_are_durable_and_text_is_utf8_by_default()
    {
        await using var folder = TestFolder.Create();
        await using var server = await Scene.StartAsync(folder, durable: true);

        foreach (var (setting, value) in new[] { ("fsync", "on"), ("synchronous_commit", "on"), ("full_page_writes", "on"), ("server_encoding", "UTF8"), ("timezone", "UTC") })
        {
            Assert.Equal(value, await Scene.AskAsync(server.ConnectionString, $"select current_setting('{setting}')"));
        }
    }

    [Fact]
    public async Task only_loopback_is_listened_on_and_no_unix_socket()
    {
        await using var folder = TestFolder.Create();
        await using var server = await Scene.StartAsync(folder);

        // Columns of /proc/net/tcp: slot, local address:port in hex, remote, state (0A: listening).
        var port = new NpgsqlConnectionStringBuilder(server.ConnectionString).Port.ToString("X4", CultureInfo.InvariantCulture);
        var listening = new[] { "/proc/net/tcp", "/proc/net/tcp6" }.SelectMany(File.ReadLines)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(columns => columns[3] == "0A" && columns[1].EndsWith(":" + port, StringComparison.Ordinal))
            .Select(columns => columns[1].Split(':')[0]);
        Assert.Equal(["0100007F"], listening);
        Assert.Equal("", await Scene.AskAsync(server.ConnectionString, "select current_setting('unix_socket_directories')"));
    }

    [Fact]
    public async Task a_wrong_password_is_refused_and_stored_passwords_are_scram()
    {
        await using var folder = TestFolder.Create();
        await using var server = await Scene.StartAsync(folder);
        var wrong = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Password = "guess" }.ConnectionString;

        var error = await Assert.ThrowsAsync<PostgresException>(() => Scene.AskAsync(wrong, "select 1"));

        Assert.Equal(PostgresErrorCodes.InvalidPassword, error.SqlState);
        Assert.StartsWith("SCRAM-SHA-256$", await Scene.AskAsync(server.ConnectionString, "select rolpassword from pg_authid where rolname = current_user"), StringComparison.Ordinal);
        Assert.Equal("scram-sha-256", await Scene.AskAsync(server.ConnectionString, "select string_agg(distinct auth_method, ',') from pg_hba_file_rules"));
    }

    [Fact]
    public async Task the_password_file_is_readable_by_its_owner_only()
    {
        await using var folder = TestFolder.Create();
        await using var server = await Scene.StartAsync(folder);

        Assert.Equal("600", await Scene.OutputAsync("stat", "-c", "%a", new ClusterFolder(folder.Path).PasswordFile));
        Assert.Equal("700", await Scene.OutputAsync("stat", "-c", "%a", new ClusterFolder(folder.Path).Home));
    }

    [Fact]
    public async Task a_service_that_is_root_runs_the_server_as_somebody_else()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
        await using var folder = TestFolder.Create();
        await using var server = await Scene.StartAsync(folder);

        var user = await Scene.OutputAsync("stat", "-c", "%U", $"/proc/{server.ServerPid}");

        Assert.Contains(user, (string[])["postgres", "nobody"]);
        Assert.Equal(user, await Scene.OutputAsync("stat", "-c", "%U", Scene.ClusterOf(folder)));
    }

    [Fact]
    public async Task the_server_has_a_session_of_its_own_so_that_ctrl_c_does_not_reach_it()
    {
        await using var folder = TestFolder.Create();
        await using var server = await Scene.StartAsync(folder);

        // Fields of /proc/PID/stat after the bracketed name: state, parent, process group, session.
        var stat = await File.ReadAllTextAsync($"/proc/{server.ServerPid}/stat", TestContext.Current.CancellationToken);
        Assert.Equal($"{server.ServerPid}", stat[stat.LastIndexOf(')')..].Split(' ')[4]);
    }

    [Fact]
    public async Task a_port_that_another_program_took_meanwhile_is_given_up_for_another()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await AssertGivesUpAsync(((IPEndPoint)taken.LocalEndpoint).Port);
    }

    [Fact]
    public async Task a_port_on_which_another_postgres_answers_is_given_up_for_another()
    {
        await using var otherFolder = TestFolder.Create();
        await using var other = await Scene.StartAsync(otherFolder);
        await AssertGivesUpAsync(new NpgsqlConnectionStringBuilder(other.ConnectionString).Port);
    }

    private static async Task AssertGivesUpAsync(int taken)
    {
        var ports = new Queue<int>([taken, FreePort.Choose()]);
        var second = ports.Last();
        await using var folder = TestFolder.Create();

        await using var server = await PrivatePostgres.StartAsync(
            new PrivatePostgresOptions { DataFolder = folder.Path, Durable = false, ChoosePort = ports.Dequeue }, NullLogger.Instance, TestContext.Current.CancellationToken);

        Assert.Equal(second, new NpgsqlConnectionStringBuilder(server.ConnectionString).Port);
    }

    [Fact]
    public async Task disposal_stops_the_server_in_order()
    {
        await using var folder = TestFolder.Create();
        await (await Scene.StartAsync(folder)).DisposeAsync();

        var log = new ClusterFolder(folder.Path).LogTail();
        Assert.Contains("received fast shutdown request", log, StringComparison.Ordinal);
        Assert.Contains("database system is shut down", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task the_server_does_not_inherit_the_environment_of_the_service()
    {
        Environment.SetEnvironmentVariable("SECRET_OF_THE_SERVICE", "secret");

        var names = (await Scene.OutputAsync("env")).Split('\n').Select(line => line.Split('=')[0]).ToList();

        Assert.Contains("PATH", names);
        Assert.Contains("LC_ALL", names);
        Assert.Empty(names.Except(["PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TMPDIR", "TZ"]));
    }

    [Fact]
    public async Task a_second_service_on_the_folder_is_refused_and_does_not_disturb_the_first()
    {
        await using var folder = TestFolder.Create();
        await using var first = await Scene.StartAsync(folder);
        var pid = first.ServerPid;

        var error = await Assert.ThrowsAsync<PostgresDataFolderException>(() => Scene.StartAsync(folder));

        Assert.Contains("Another service runs on the data folder", error.Message, StringComparison.Ordinal);
        Assert.Equal(pid, first.ServerPid);
        Assert.Equal("1", await Scene.AskAsync(first.ConnectionString, "select 1"));
    }
}
