using Actors.Embedded;
using Actors.Storage;
using Npgsql;

namespace Actors.Hosting;

/// <summary>Reminders in the table <c>embedded_reminders</c>. Times keep microseconds.</summary>
internal sealed class PostgresReminderTable(NpgsqlDataSource dataSource, WriteGate gate) : IReminderTable
{
    private const string Columns = "grain_id, name, first_tick_at, period, next_due_at, etag";

    private const string Upsert = $"""
        insert into embedded_reminders ({Columns}) values ($1, $2, $3, $4, $5, $6)
        on conflict (grain_id, name) do update
        set first_tick_at = excluded.first_tick_at, period = excluded.period, next_due_at = excluded.next_due_at, etag = excluded.etag
        """;

    private const string SelectOne = $"select {Columns} from embedded_reminders where grain_id = $1 and name = $2";
    private const string SelectOfGrain = $"select {Columns} from embedded_reminders where grain_id = $1 order by name";
    private const string SelectDue = $"select {Columns} from embedded_reminders where next_due_at <= $1 order by next_due_at limit $2";
    private const string SelectNextDue = "select min(next_due_at) from embedded_reminders";
    private const string Move = "update embedded_reminders set next_due_at = $1 where grain_id = $2 and name = $3 and etag = $4 and next_due_at = $5";
    private const string Delete = "delete from embedded_reminders where grain_id = $1 and name = $2 and etag = $3";

    public async Task UpsertAsync(ReminderRow row, CancellationToken cancellationToken)
    {
        gate.EnsureOpen();
        await using var command = Command(Upsert, row.GrainId, row.Name, Utc(row.FirstTick), row.Period, Utc(row.NextDue), row.Etag);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<ReminderRow?> ReadAsync(string grainId, string name, CancellationToken cancellationToken)
    {
        var rows = await ReadRowsAsync(Command(SelectOne, grainId, name), cancellationToken);
        return rows.SingleOrDefault();
    }

    public Task<IReadOnlyList<ReminderRow>> ReadAllAsync(string grainId, CancellationToken cancellationToken) =>
        ReadRowsAsync(Command(SelectOfGrain, grainId), cancellationToken);

    public Task<IReadOnlyList<ReminderRow>> ReadDueAsync(DateTimeOffset until, int limit, CancellationToken cancellationToken) =>
        ReadRowsAsync(Command(SelectDue, Utc(until), limit), cancellationToken);

    public async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken)
    {
        await using var command = Command(SelectNextDue);
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime next ? next : null;
    }

    public async Task<bool> MoveAsync(ReminderRow row, DateTimeOffset nextDue, CancellationToken cancellationToken)
    {
        gate.EnsureOpen();
        await using var command = Command(Move, Utc(nextDue), row.GrainId, row.Name, row.Etag, Utc(row.NextDue));
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    public async Task<bool> RemoveAsync(string grainId, string name, string etag, CancellationToken cancellationToken)
    {
        gate.EnsureOpen();
        await using var command = Command(Delete, grainId, name, etag);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    private static DateTime Utc(DateTimeOffset time) => time.UtcDateTime;

    private static async Task<IReadOnlyList<ReminderRow>> ReadRowsAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using (command)
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var rows = new List<ReminderRow>();
            while (await reader.ReadAsync(cancellationToken))
            {
                rows.Add(new ReminderRow(
                    reader.GetString(0), reader.GetString(1), reader.GetDateTime(2), reader.GetTimeSpan(3), reader.GetDateTime(4), reader.GetString(5)));
            }

            return rows;
        }
    }

    private NpgsqlCommand Command(string sql, params object[] values)
    {
        var command = dataSource.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }
}
