using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Actors.Support;

/// <summary>A Valkey on a free port of this machine, as Debian's redis-server, which speaks the same protocol. It may be killed, paused and started again.</summary>
public sealed class ValkeyServer : IAsyncDisposable
{
    private const int SigCont = 18;
    private const int SigStop = 19;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string[] _settings;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("planner-valkey-");
    private readonly int _port;
    private Process? _process;
    private bool _isPaused;

    private ValkeyServer(int port, string[] settings) => (_port, _settings) = (port, settings);

    /// <summary>What to configure as <c>ConnectionStrings:Valkey</c>.</summary>
    public string Address => $"127.0.0.1:{_port}";

    /// <summary>Whether it runs, and was not paused.</summary>
    public bool IsAnswering => _process is not null && !_isPaused;

    /// <param name="settings">More of its arguments, such as <c>--maxmemory</c> and <c>50mb</c>.</param>
    /// <exception cref="InvalidOperationException">It is not installed.</exception>
    public static async Task<ValkeyServer> StartAsync(params string[] settings)
    {
        var server = new ValkeyServer(FreePort(), settings);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Starts it on the same port, empty, after <see cref="KillAsync"/>.</summary>
    public async Task StartAgainAsync()
    {
        var start = new ProcessStartInfo("redis-server", ["--port", $"{_port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", _folder.FullName, .. _settings])
        {
            RedirectStandardOutput = true,
        };
        try
        {
            _process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            throw new InvalidOperationException("redis-server was not found. Install it: apt-get install redis-server.", failure);
        }

        using var limit = new CancellationTokenSource(Patience);
        while (await _process.StandardOutput.ReadLineAsync(limit.Token) is { } line && !line.Contains("Ready to accept connections", StringComparison.Ordinal))
        {
        }

        // Else it would wait for somebody to read what it says.
        _ = _process.StandardOutput.ReadToEndAsync(CancellationToken.None);
    }

    /// <summary>SIGKILL. Returns when it is gone.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        (_process, _isPaused) = (null, false);
    }

    /// <summary>SIGSTOP: it answers nothing, and its connections stay open.</summary>
    public void Pause()
    {
        _isPaused = true;
        Send(SigStop);
    }

    /// <summary>SIGCONT: it goes on, with what was sent to it meanwhile.</summary>
    public void Resume()
    {
        Send(SigCont);
        _isPaused = false;
    }

    /// <summary>Has redis-cli carry out a command.</summary>
    /// <returns>What it answered, one line for each item.</returns>
    public async Task<string[]> CommandAsync(params string[] command)
    {
        using var cli = Process.Start(new ProcessStartInfo("redis-cli", ["-p", $"{_port}", .. command]) { RedirectStandardOutput = true })!;
        var output = await cli.StandardOutput.ReadToEndAsync();
        await cli.WaitForExitAsync();
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Stores other keys until it has no room, or 100 MB.</summary>
    public Task FillAsync() => CommandAsync("eval", "for i = 1, 100000 do redis.call('set', 'fill' .. i, string.rep('x', 1000)) end", "0");

    /// <summary>How many keys there are of a pattern.</summary>
    public async Task<int> CountAsync(string pattern) => (await CommandAsync("--raw", "keys", pattern)).Length;

    /// <summary>Ends when there are so many keys of a pattern. Fails after 30 s.</summary>
    public async Task HoldsAsync(string pattern, int keys)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var limit = new CancellationTokenSource(Patience);
        while (await CountAsync(pattern) != keys)
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }

        _folder.Delete(recursive: true);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Signal(int processId, int signal);

    private void Send(int signal) => Marshal.ThrowExceptionForHR(Signal(_process!.Id, signal) == 0 ? 0 : Marshal.GetHRForLastWin32Error());

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
