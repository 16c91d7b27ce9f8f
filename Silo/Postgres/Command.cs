using System.ComponentModel;
using System.Diagnostics;

namespace Actors.Postgres;

/// <summary>Runs a short-lived program and keeps what it printed.</summary>
internal static class Command
{
    private const int NotFound = 127;
    private const int NoSuchFile = 2;

    private static readonly string[] Inherited = ["PATH", "LD_LIBRARY_PATH", "LANG", "TMPDIR", "TZ"];

    /// <summary>Runs the command line to its end. A program that does not exist gives exit code 127, as in a shell. Cancellation kills it.</summary>
    public static async Task<CommandResult> RunAsync(IReadOnlyList<string> line, CancellationToken ct, string input = "")
    {
        Process process;
        try
        {
            process = Start(line);
        }
        catch (Win32Exception e)
        {
            return new CommandResult(NotFound, "", e.Message);
        }

        using (process)
        {
            try
            {
                var output = process.StandardOutput.ReadToEndAsync(ct);
                var error = process.StandardError.ReadToEndAsync(ct);
                try
                {
                    await process.StandardInput.WriteAsync(input.AsMemory(), ct);
                    process.StandardInput.Close();
                }
                catch (IOException)
                {
                    // The program ended without reading its input; its exit code says why.
                }

                await process.WaitForExitAsync(ct);
                return new CommandResult(process.ExitCode, await output, await error);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }
        }
    }

    // Process.Start would look beside the service's program and in the current folder first, where anybody's file may lie.
    private static string Locate(string program) =>
        program.Contains('/')
            ? program
            : (Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin").Split(':')
                .Where(Path.IsPathRooted).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
                ?? throw new Win32Exception(NoSuchFile);

    /// <summary>Starts the command line with pipes for its three streams, and of the environment only what programs need to run.</summary>
    public static Process Start(IReadOnlyList<string> line)
    {
        var info = new ProcessStartInfo(Locate(line[0]), line.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // The service's own folder may be closed to the server's user.
            WorkingDirectory = "/",
        };
        // The service's secrets are no business of other accounts' processes; PGDATA, PGPORT, PGOPTIONS and so on are meant for another server.
        foreach (var name in info.Environment.Keys.Except(Inherited).ToList())
        {
            info.Environment.Remove(name);
        }

        info.Environment["LC_ALL"] = "C";
        return Process.Start(info)!;
    }
}

internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    public bool Succeeded => ExitCode == 0;
}
