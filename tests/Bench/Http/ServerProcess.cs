using System.Diagnostics;
using System.Net;
using System.Text;
using Actors.Postgres;

namespace Actors.Bench.Http;

/// <summary>
/// An HTTP server to be measured, as a process of its own with the service's runtime settings. Its log is written, but to
/// nowhere: reading it would cost the processors more than writing it.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    private ServerProcess(string program, string[] arguments, string dataFolder, string connectionString, int port)
    {
        Address = new IPEndPoint(IPAddress.Loopback, port);
        var settings = Path.Combine(AppContext.BaseDirectory, "Actors.Api.runtimeconfig.json");
        // The shell becomes the server: only it can send the log away unread. In a session of its own, as services are: Linux may
        // share the processors out by sessions, and Postgres' backends have theirs.
        _process = new Process
        {
            StartInfo = new ProcessStartInfo("setsid",
                [
                    "sh", "-c", "exec \"$@\" >/dev/null", "sh", "dotnet", "exec", "--runtimeconfig", settings,
                    Path.Combine(AppContext.BaseDirectory, program), .. arguments, "--port", $"{port}", "--data", dataFolder,
                ])
            {
                RedirectStandardError = true,
                Environment = { ["ConnectionStrings__Postgres"] = connectionString },
            },
        };
        _process.ErrorDataReceived += (_, line) => _errors.AppendLine(line.Data);
    }

    public IPEndPoint Address { get; }

    public int ProcessId => _process.Id;

    /// <summary>Starts a program and waits until it serves.</summary>
    /// <param name="program">File name of the assembly, which lies beside this one.</param>
    /// <param name="arguments">What it takes before the service's own arguments.</param>
    /// <param name="dataFolder">Its data folder.</param>
    /// <param name="connectionString">Its database.</param>
    /// <exception cref="InvalidOperationException">It ended instead; the message holds what it wrote.</exception>
    /// <exception cref="TimeoutException">It did not serve within two minutes.</exception>
    public static async Task<ServerProcess> StartAsync(string program, string[] arguments, string dataFolder, string connectionString)
    {
        var server = new ServerProcess(program, arguments, dataFolder, connectionString, FreePort.Choose());
        server._process.Start();
        server._process.BeginErrorReadLine();
        using var client = new HttpClient();
        var started = Stopwatch.GetTimestamp();
        while (!await server.IsReadyAsync(client))
        {
            if (server._process.HasExited)
            {
                throw new InvalidOperationException($"{program} ended with exit code {server._process.ExitCode}:\n{server._errors}");
            }

            if (Stopwatch.GetElapsedTime(started) > StartLimit)
            {
                await server.DisposeAsync();
                throw new TimeoutException($"{program} does not serve.");
            }

            await Task.Delay(BetweenLooks);
        }

        return server;
    }

    // Nothing it holds is needed any more.
    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<bool> IsReadyAsync(HttpClient client)
    {
        try
        {
            using var answer = await client.GetAsync($"http://{Address}/health/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
