using Actors.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Actors.Migrations;

/// <summary>
/// Notices that the database was restored, here or from elsewhere: cursors of the change feed then mean nothing any more, and are
/// refused from now on. At each start, after the migrations and under their lock.
/// </summary>
internal sealed partial class ChangeFeedEpoch(NpgsqlDataSource dataSource, ILogger<ChangeFeedEpoch> logger)
{
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached, or the connection was lost.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var isNew = await SchemaTurn.RunAsync(
            dataSource, SchemaLock.Migrations,
            async connection =>
            {
                await using var begin = new NpgsqlCommand("select begin_change_feed_epoch()", connection) { CommandTimeout = 0 };
                return (bool)(await begin.ExecuteScalarAsync(cancellationToken))!;
            },
            cancellationToken);
        if (isNew)
        {
            LogNew();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database is another one than before, or an earlier one: cursors of its change feed are no longer valid")]
    private partial void LogNew();
}
