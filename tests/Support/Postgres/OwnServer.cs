using System.Diagnostics;
using System.Globalization;
using Actors.Migrations;
using Actors.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Actors.Support;

/// <summary>A durable private server for one test, which may kill it. Its supervisor starts it again on the same port.</summary>
public sealed class OwnServer : IAsyncDisposable
{
    private readonly PrivatePostgres _server;
    private readonly TestFolder _folder;

    private OwnServer(PrivatePostgres server, TestFolder folder) => (_server, _folder) = (server, folder);

    public string ConnectionString => _server.ConnectionString;

    public string DataFolder => _server.DataFolder;

    /// <summary>Process id of the server's main process.</summary>
    /// <exception cref="InvalidOperationException">The server is down.</exception>
    public int ProcessId => _server.ServerPid ?? throw new InvalidOperationException("The server is down.");

    /// <param name="parent">Where its data folder is made; null: among temporary files.</param>
    public static async Task<OwnServer> StartAsync(string? parent = null)
    {
        var folder = TestFolder.Create(parent);
        return new(await PrivatePostgres.StartAsync(new PrivatePostgresOptions { DataFolder = folder.Path }, NullLogger.Instance, CancellationToken.None), folder);
    }

    /// <summary>Makes the schema in its database, as a service does when it starts.</summary>
    public async Task MigrateAsync()
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await new MigrationRunner(source, NullLogger<MigrationRunner>.Instance).ApplyAsync(CancellationToken.None);
    }

    /// <summary>SIGKILL to the server's main process. Returns when it is gone.</summary>
    /// <exception cref="InvalidOperationException">The server is down already.</exception>
    public async Task KillAsync()
    {
        using var process = Process.GetProcessById(ProcessId);
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP to all of its processes: connections stay open, and nobody answers.</summary>
    public Task SuspendAsync() => SignalAllAsync("STOP");

    /// <summary>SIGCONT: they go on.</summary>
    public Task ResumeAsync() => SignalAllAsync("CONT");

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _folder.DisposeAsync();
    }

    private async Task SignalAllAsync(string signal)
    {
        var processes = ServerProcesses.Of(new ClusterFolder(DataFolder).Data);
        using var kill = Process.Start("kill", ["-" + signal, .. processes.Select(id => id.ToString(CultureInfo.InvariantCulture))]);
        await kill.WaitForExitAsync();
    }
}
