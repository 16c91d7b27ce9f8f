using Actors.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Actors.Extraction;

/// <summary>
/// The tokens a client's memories may cost in a month, kept in Postgres, so that restarts and other silos change nothing. Tokens are set
/// apart before the model is asked; whoever ends in between has used what was estimated.
/// </summary>
internal sealed class TokenBudget(Database database, IOptions<ExtractionOptions> options, TimeProvider time)
{
    // Only while the memory waits: its client may have been erased since it was read. Who erases deletes jobs before this table, and either waits
    // for this row, or is waited for.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private const string Spend =
        """
        with job as (select 1 from promotion_jobs where event_id = $5 for key share)
        insert into llm_usage as used (client_id, month, tokens, requests) select $1, $2, $3, 1 from job where $3 <= $4
        on conflict (client_id, month) do update set tokens = used.tokens + excluded.tokens, requests = used.requests + 1, updated_at = clock_timestamp()
         where used.tokens + excluded.tokens <= $4
        """;

    private const string Correct =
        "update llm_usage set tokens = greatest(tokens + $3, 0), updated_at = clock_timestamp() where client_id = $1 and month = $2";

    /// <summary>Sets tokens apart.</summary>
    /// <param name="clientId">The client.</param>
    /// <param name="eventId">The memory, which waits to be promoted.</param>
    /// <param name="tokens">How many.</param>
    /// <returns>The month they are of; null: that many are not left, or the memory waits no more.</returns>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public async Task<DateOnly?> TrySpendAsync(string clientId, Guid eventId, long tokens)
    {
        var month = Month();
        var spent = await WriteAsync(Spend, new() { Value = clientId }, new() { Value = month }, new() { Value = tokens }, new() { Value = options.Value.MonthlyTokens }, new() { Value = eventId });
        return spent > 0 ? month : null;
    }

    /// <summary>Notes what it really was.</summary>
    /// <param name="clientId">The client.</param>
    /// <param name="month">As <see cref="TrySpendAsync"/> told it.</param>
    /// <param name="more">How many more than were set apart; fewer: negative.</param>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task CorrectAsync(string clientId, DateOnly month, long more) =>
        more == 0 ? Task.CompletedTask : WriteAsync(Correct, new() { Value = clientId }, new() { Value = month }, new() { Value = more });

    /// <summary>How long to wait when no tokens are left: to the end of the month, or a day, since somebody may allow more.</summary>
    public TimeSpan UntilNextLook()
    {
        var rest = Month().AddMonths(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc) - time.GetUtcNow();
        return rest < LongestWait ? rest : LongestWait;
    }

    private DateOnly Month()
    {
        var now = time.GetUtcNow();
        return new DateOnly(now.Year, now.Month, 1);
    }

    private Task<int> WriteAsync(string sql, params NpgsqlParameter[] values) =>
        database.WriteAsync(async connection =>
        {
            await using var command = new NpgsqlCommand(sql, connection);
            command.Parameters.AddRange(Array.ConvertAll(values, value => value.Clone()));
            return await command.ExecuteNonQueryAsync();
        });
}
