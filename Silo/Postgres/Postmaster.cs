using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Actors.Postgres;

/// <summary>One running server process, child of the service but in a session of its own.</summary>
internal sealed class Postmaster : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(5);

    // The server's account opens the log, so that the service as root never follows a link of that account's.
    private const string Script = """log=$1; shift; umask 077; [ ! -f "$log" -a ! -L "$log" ] || mv -f "$log" "$log.1"; exec "$@" </dev/null >"$log" 2>&1""";

    private readonly Process _process;
    private readonly ClusterFolder _cluster;

    private Postmaster(Process process, ClusterFolder cluster, int port)
    {
        _process = process;
        _cluster = cluster;
        Port = port;
        Pid = process.Id;
    }

    public int Port { get; }

    public int Pid { get; }

    public int ExitCode => _process.ExitCode;

    /// <summary>Starts the server and waits until it answers.</summary>
    /// <exception cref="PostgresStartException">It ended, or did not answer within the limit.</exception>
    public static async Task<Postmaster> StartAsync(ServerStart start, int port, ILogger logger, CancellationToken ct)
    {
        // In its own session Ctrl-C in the terminal does not reach it before the service has ended in order. Each program replaces the one before: one process id.
        IReadOnlyList<string> line =
            ["sh", "-c", Script, "sh", start.Cluster.Log, start.Binaries.Postgres, .. ServerSettings.Arguments(start.Cluster, port, start.Options.Durable)];
        var process = Command.Start(["setsid", .. start.User.Wrap(line)]);
        var server = new Postmaster(process, start.Cluster, port);
        try
        {
            await server.ReadyAsync(start.Options.StartLimit, logger, ct);
            return server;
        }
        catch
        {
            await server.StopAsync(start.Options.StopLimit);
            server.Dispose();
            throw;
        }
    }

    public Task ExitAsync(CancellationToken ct) => _process.WaitForExitAsync(ct);

    /// <summary>Fast shutdown within the limit, then immediate shutdown, then SIGKILL. On the way from setsid to postgres any of them ends it.</summary>
    public async Task StopAsync(TimeSpan limit)
    {
        // A child needs no recognition by its folder: its number is its own until its end was seen.
        foreach (var step in LeftoverServer.Steps(limit))
        {
            if (_process.HasExited)
            {
                return;
            }

            ServerProcesses.Signal(Pid, step.Signal);
            try
            {
                await _process.WaitForExitAsync().WaitAsync(step.Limit);
                return;
            }
            catch (TimeoutException)
            {
                // The next signal is harder.
            }
        }

        throw new PostgresDataFolderException($"Server process {Pid} on {_cluster.Data} does not end, not even on SIGKILL.");
    }

    public void Dispose() => _process.Dispose();

    private async Task ReadyAsync(TimeSpan limit, ILogger logger, CancellationToken ct)
    {
        var probe = new NpgsqlConnectionStringBuilder(ServerSettings.ConnectionString(Port, _cluster.ReadPassword(), "postgres")) { Pooling = false, Timeout = 5 };
        var started = Stopwatch.GetTimestamp();
        var nextProgress = ProgressEvery;
        while (!await AnswersAsync(probe.ConnectionString, ct))
        {
            var elapsed = Stopwatch.GetElapsedTime(started);
            if (_process.HasExited)
            {
                throw await EndedAsync(ct);
            }

            if (elapsed > limit)
            {
                throw new PostgresStartException($"Postgres was not ready after {limit}. End of {_cluster.Log}:\n{_cluster.LogTail()}");
            }

            if (elapsed > nextProgress)
            {
                var lastLine = _cluster.LogTail(1);
                PostgresLog.StillStarting(logger, elapsed.TotalMilliseconds, lastLine);
                nextProgress = elapsed + ProgressEvery;
            }

            await Task.Delay(Poll, ct);
        }
    }

    private async Task<bool> AnswersAsync(string connectionString, CancellationToken ct)
    {
        try
        {
            await using var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync(ct);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.CannotConnectNow || !_cluster.IsReady(Pid))
        {
            // Starting up; or another server answers on the port, and this one is about to end because of that.
            return false;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.TooManyConnections)
        {
            // After a restart the service's own pools may be faster; it does answer.
            return true;
        }
        catch (PostgresException e)
        {
            throw new PrivatePostgresException($"The private server refuses the service: {e.MessageText}", e);
        }
        catch (NpgsqlException)
        {
            // Not listening yet.
            return false;
        }
    }

    private async Task<PostgresStartException> EndedAsync(CancellationToken ct)
    {
        // Whatever went wrong before the log was open stands on the pipe.
        var early = await _process.StandardError.ReadToEndAsync(ct);
        var tail = _cluster.LogTail();
        return new PostgresStartException($"Postgres ended at start with exit code {_process.ExitCode}. {early}End of {_cluster.Log}:\n{tail}")
        {
            AddressInUse = tail.Contains("could not create any TCP/IP sockets", StringComparison.Ordinal),
        };
    }
}

/// <summary>What every start of one private server has in common.</summary>
internal sealed record ServerStart(ClusterFolder Cluster, PostgresBinaries Binaries, ServerUser User, PrivatePostgresOptions Options);
