using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace Actors.Support;

/// <summary>
/// Stands between the service and Postgres, and swallows what the server answers once the service has sent a certain text:
/// what was sent is done, and nobody hears of it.
/// </summary>
public sealed class SilencingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly NpgsqlConnectionStringBuilder _server;
    private readonly byte[] _mark;
    private readonly Task _accepting;

    /// <param name="connectionString">The server.</param>
    /// <param name="mark">The text, as a statement's first use carries it.</param>
    public SilencingProxy(string connectionString, string mark)
    {
        _server = new NpgsqlConnectionStringBuilder(connectionString);
        _mark = Encoding.UTF8.GetBytes(mark);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The way to the server through this proxy.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder(_server.ConnectionString)
    {
        Host = "127.0.0.1",
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
    }.ConnectionString;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await Task.WhenAny(_accepting);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            var server = new TcpClient();
            await server.ConnectAsync(_server.Host!, _server.Port, _stop.Token);
            _ = ForwardAsync(client, server);
        }
    }

    private async Task ForwardAsync(TcpClient client, TcpClient server)
    {
        using (client)
        using (server)
        {
            var isSilent = false;
            var there = CopyAsync(client.GetStream(), server.GetStream(), chunk =>
            {
                isSilent |= chunk.IndexOf(_mark) >= 0;
                return true;
            });
            var back = CopyAsync(server.GetStream(), client.GetStream(), _ => !isSilent);
            await Task.WhenAny(there, back);
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, Func<ReadOnlySpan<byte>, bool> passes)
    {
        var buffer = new byte[1024 * 1024];
        for (var read = await from.ReadAsync(buffer, _stop.Token); read > 0; read = await from.ReadAsync(buffer, _stop.Token))
        {
            if (passes(buffer.AsSpan(0, read)))
            {
                await to.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
            }
        }
    }
}
