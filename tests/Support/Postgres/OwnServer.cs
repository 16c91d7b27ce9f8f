using System.Diagnostics;
using Actors.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

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

    public static async Task<OwnServer> StartAsync()
    {
        var folder = TestFolder.Create();
        return new(await PrivatePostgres.StartAsync(new PrivatePostgresOptions { DataFolder = folder.Path }, NullLogger.Instance, CancellationToken.None), folder);
    }

    /// <summary>SIGKILL to the server's main process. Returns when it is gone.</summary>
    /// <exception cref="InvalidOperationException">The server is down already.</exception>
    public async Task KillAsync()
    {
        using var process = Process.GetProcessById(ProcessId);
        process.Kill();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _folder.DisposeAsync();
    }
}
