using Microsoft.Extensions.Logging;

namespace Actors.Postgres;

internal static partial class PostgresLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Creating a PostgreSQL {Major} cluster in {Folder}")]
    public static partial void CreatingCluster(ILogger logger, int major, string folder);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The service runs as root and its database server as user id {Uid}, which cannot reach {Usual}; the data folder is {Chosen}. Choose another with --data")]
    public static partial void DataFolderMoved(ILogger logger, int? uid, string usual, string chosen);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Remains of an interrupted initdb in {Folder} could not be removed: {Reason}")]
    public static partial void RemainsKept(ILogger logger, string folder, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Stopping server process {Pid}, left running on {Folder} by a service that was killed")]
    public static partial void StoppingOrphan(ILogger logger, int pid, string folder);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Ending {Count} processes on {Folder} that outlived their server")]
    public static partial void StoppingChildren(ILogger logger, int count, string folder);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Removing {File}: its process {Pid} is not a server of this folder")]
    public static partial void RemovingPidFile(ILogger logger, string file, int pid);

    [LoggerMessage(Level = LogLevel.Information, Message = "Private Postgres {Major} is ready: 127.0.0.1:{Port}, process {Pid}, data in {Folder}, after {ElapsedMs:0} ms")]
    public static partial void Ready(ILogger logger, int major, int port, int pid, string folder, double elapsedMs);

    [LoggerMessage(Level = LogLevel.Information, Message = "Postgres is starting for {ElapsedMs:0} ms now, recovering from a crash perhaps: {LastLine}")]
    public static partial void StillStarting(ILogger logger, double elapsedMs, string lastLine);

    [LoggerMessage(Level = LogLevel.Information, Message = "Port {Port} was taken by another program, trying another")]
    public static partial void PortTaken(ILogger logger, int port);

    [LoggerMessage(Level = LogLevel.Error, Message = "Postgres (process {Pid}) ended with exit code {ExitCode} although nobody stopped it; starting it again. End of its log: {LogTail}")]
    public static partial void Died(ILogger logger, int pid, int exitCode, string logTail);

    [LoggerMessage(Level = LogLevel.Error, Message = "Postgres could not be started again; next try in {DelayMs:0} ms")]
    public static partial void RestartFailed(ILogger logger, Exception error, double delayMs);

    [LoggerMessage(Level = LogLevel.Information, Message = "Private Postgres on {Folder} stopped after {ElapsedMs:0} ms")]
    public static partial void Stopped(ILogger logger, string folder, double elapsedMs);
}
