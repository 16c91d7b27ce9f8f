using Actors.Storage;
using Npgsql;

namespace Actors.Zep;

/// <summary>What came of asking for a call.</summary>
/// <param name="IsGranted">Whether it may be made.</param>
/// <param name="Reason">Why not: <c>minute</c>, <c>day</c>, <c>month</c>, <c>writes_first</c>, or why Zep is left alone.</param>
/// <param name="NotBefore">Until then asking is in vain.</param>
internal sealed record ZepGrant(bool IsGranted, string? Reason, DateTimeOffset? NotBefore);

/// <summary>What is left of the budget.</summary>
/// <param name="PerMinute">Calls a minute, as Zep said last; null: it has said nothing yet.</param>
/// <param name="MinuteLeft">How many are left of this minute.</param>
/// <param name="MinuteEndsAt">When it ends.</param>
/// <param name="DayCalls">Calls of today, in UTC.</param>
/// <param name="DayShare">How many today may have; null: there is no limit.</param>
/// <param name="MonthCalls">Calls of this month.</param>
/// <param name="PausedUntil">Until when Zep wants to be left alone; null: it does not.</param>
/// <param name="PauseReason">Why.</param>
internal sealed record ZepBudgetState(
    int? PerMinute, int MinuteLeft, DateTimeOffset MinuteEndsAt, int DayCalls, int? DayShare, int MonthCalls, DateTimeOffset? PausedUntil, string? PauseReason);

/// <summary>The SQL of <see cref="ZepBudget"/>: one row, locked for each call.</summary>
internal sealed class ZepBudgetStore(Database database)
{
    private const string Take = "select is_granted, reason, not_before from take_zep_call($1, $2, $3)";

    private const string Note = "select note_zep_answer($1, $2, $3, $4, $5, $6, $7)";

    private const string Select =
        """
        select b.per_minute, b.minute_left, b.minute_ends_at, b.day_calls,
               case when $2 > 0 then zep_day_share(b.day, $2, b.month_calls - b.day_calls) end, b.month_calls, b.paused_until, b.pause_reason
          from zep_budget as stored cross join lateral zep_budget_at($1, stored) as b
        """;

    /// <exception cref="StorageUnavailableException">Postgres cannot be reached, or others hold the row: there is no call.</exception>
    /// <exception cref="OutcomeUnknownException">The connection broke: there is no call, though one may have been counted.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now.</exception>
    public Task<ZepGrant> TakeAsync(bool isWrite, DateTimeOffset now, int monthlyCalls) => database.WriteAsync(async connection =>
        (await connection.QueryAsync(
            Take, row => new ZepGrant(row.GetBoolean(0), row.TextOrNull(1), row.ValueOrNull<DateTimeOffset>(2)),
            SqlValues.Boolean(isWrite), SqlValues.Time(now), SqlValues.Integer(monthlyCalls))).Single());

    /// <summary>Writes down what an answer told; see <c>note_zep_answer</c>.</summary>
    /// <exception cref="StorageUnavailableException">Nothing was written.</exception>
    /// <exception cref="OutcomeUnknownException">The connection broke.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now.</exception>
    public Task NoteAsync(DateTimeOffset now, ZepRate? rate, bool isGivenBack, DateTimeOffset? pausedUntil, string? pauseReason) => database.WriteAsync(connection =>
        connection.ExecuteAsync(
            Note, SqlValues.Time(now), SqlValues.Integer(rate?.PerMinute), SqlValues.Integer(rate?.Remaining), SqlValues.Time(rate?.ResetAt),
            SqlValues.Boolean(isGivenBack), SqlValues.Time(pausedUntil), SqlValues.Text(pauseReason)));

    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public async Task<ZepBudgetState> ReadAsync(DateTimeOffset now, int monthlyCalls, CancellationToken cancellationToken) =>
        (await database.SelectAsync(Select, Read, cancellationToken, SqlValues.Time(now), SqlValues.Integer(monthlyCalls)))[0];

    private static ZepBudgetState Read(NpgsqlDataReader row) => new(
        row.ValueOrNull<int>(0), row.GetInt32(1), row.GetFieldValue<DateTimeOffset>(2), row.GetInt32(3), row.ValueOrNull<int>(4), row.GetInt32(5),
        row.ValueOrNull<DateTimeOffset>(6), row.TextOrNull(7));
}
