using System.Diagnostics;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Actors.Support;

/// <summary>
/// The real service, or one of its programs, as a process of its own, on a free port. The test project references Api, so that
/// its programs lie beside the tests.
/// </summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    /// <summary>The service itself.</summary>
    public const string Api = "Actors.Api.dll";

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private const string ListeningMark = "Now listening on: ";

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly List<(string Text, TaskCompletionSource Seen)> _awaited = [];
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServiceProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Exited += (_, _) => _listening.TrySetException(
            new InvalidOperationException($"The service ended with exit code {_process.ExitCode}:\n{Output}"));
    }

    /// <summary>Speaks to the service with its admin key.</summary>
    public HttpClient Client { get; private set; } = new();

    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Everything the service wrote so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Starts the whole service, grains included, and waits until it serves.</summary>
    /// <param name="dataFolder">Its data folder.</param>
    /// <param name="arguments">More arguments, such as <c>--postgres</c>.</param>
    /// <exception cref="InvalidOperationException">It ended instead; the message holds what it wrote.</exception>
    public static async Task<ServiceProcess> StartAsync(string dataFolder, params string[] arguments)
    {
        var service = await StartProgramAsync(Api, [.. HostArguments.All(), .. arguments, "--data", dataFolder]);
        var key = await File.ReadAllTextAsync(Path.Combine(dataFolder, "admin.key"));
        service.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Trim());
        return service;
    }

    /// <summary>Starts one of the programs and waits until it serves HTTP. Its client has no key yet.</summary>
    /// <param name="program">File name of the program.</param>
    /// <param name="arguments">All of its arguments but the HTTP port.</param>
    /// <param name="environment">Variables beside those of the tests.</param>
    /// <exception cref="InvalidOperationException">It ended instead; the message holds what it wrote.</exception>
    public static async Task<ServiceProcess> StartProgramAsync(
        string program, string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = StartInfo(program, [.. arguments, "--port", "0"]);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var service = new ServiceProcess(start);
        service._process.Start();
        service._process.BeginOutputReadLine();
        service._process.BeginErrorReadLine();
        var address = await service._listening.Task.WaitAsync(StartLimit);
        service.Client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(100) };
        return service;
    }

    /// <summary>Runs the service's program until it ends by itself.</summary>
    /// <returns>Its exit code and what it wrote.</returns>
    public static Task<(int ExitCode, string Output)> RunToEndAsync(params string[] arguments) => RunProgramToEndAsync(Api, [.. HostArguments.All(), .. arguments]);

    /// <summary>Runs one of the programs until it ends by itself.</summary>
    /// <returns>Its exit code and what it wrote.</returns>
    public static async Task<(int ExitCode, string Output)> RunProgramToEndAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(StartInfo(program, arguments))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(StartLimit);
        return (process.ExitCode, await output + await error);
    }

    /// <summary>Waits until the service has written a line with this text.</summary>
    public async Task WaitForOutputAsync(string text)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_output)
        {
            if (Output.Contains(text, StringComparison.Ordinal))
            {
                return;
            }

            _awaited.Add((text, seen));
        }

        await seen.Task.WaitAsync(StartLimit);
    }

    /// <summary>Ends when the process has ended by itself.</summary>
    public Task EndedAsync() => _process.WaitForExitAsync().WaitAsync(StartLimit);

    /// <summary>SIGKILL. Returns when the process is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP: the process does nothing any more, and does not know of it. Its connections stay open.</summary>
    public void Suspend() => Send(SigStop);

    /// <summary>SIGCONT: it goes on.</summary>
    public void Resume()
    {
        if (!_process.HasExited)
        {
            Send(SigCont);
        }
    }

    /// <summary>SIGTERM, as systemd and Docker send it.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        if (!_process.HasExited)
        {
            Send(SigTerm);
            await _process.WaitForExitAsync().WaitAsync(StartLimit);
        }

        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Client.Dispose();
        _process.Dispose();
    }

    private const int SigTerm = 15;
    private const int SigCont = 18;
    private const int SigStop = 19;

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Signal(int processId, int signal);

    private void Send(int signal) => Marshal.ThrowExceptionForHR(Signal(_process.Id, signal) == 0 ? 0 : Marshal.GetHRForLastWin32Error());

    private static ProcessStartInfo StartInfo(string program, string[] arguments) =>
        new("dotnet", [Path.Combine(AppContext.BaseDirectory, program), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_output)
        {
            _output.AppendLine(line);
            foreach (var (_, seen) in _awaited.Where(a => line.Contains(a.Text, StringComparison.Ordinal)))
            {
                seen.TrySetResult();
            }
        }

        if (line.Contains(ListeningMark, StringComparison.Ordinal))
        {
            using var log = JsonDocument.Parse(line);
            var message = log.RootElement.GetProperty("Message").GetString()!;
            _listening.TrySetResult(new Uri(message[(message.IndexOf(ListeningMark, StringComparison.Ordinal) + ListeningMark.Length)..]));
        }
    }
}
