using System.Collections.Immutable;
using Actors.Facts;
using Actors.Idempotency;
using Actors.Sessions;
using Actors.Storage;
using Npgsql;

namespace Actors.Promotion;

/// <summary>
/// The SQL of <see cref="PromotionSweeperGrain"/>. Each write is one statement on one job, which names the state it expects: should two sweepers be
/// at work for a moment, what the first has stored is what both apply.
/// </summary>
internal sealed class PromotionStore(Database database, TimeProvider time)
{
    /// <summary>How many of a client's latest facts are looked at to find those an event has to do with, and those it repeats.</summary>
    public const int MaxKnown = 500;

    // Written as the index promotion_jobs_next has it, in which those that wait for later come after those that are due.
    private const string IsDue = "j.state in ('waiting', 'extracted') and coalesce(j.next_attempt_at, '-infinity'::timestamptz) <= $1";

    // Each client that has any, due or not, from after $2 on, by steps through the index.
    private const string Clients =
        """
        with recursive clients as (
            (select client_id from promotion_jobs where state in ('waiting', 'extracted') and client_id > $2 order by client_id limit 1)
            union all
            select (select j.client_id from promotion_jobs j where j.state in ('waiting', 'extracted') and j.client_id > c.client_id order by j.client_id limit 1)
            from clients c where c.client_id is not null)
        """;

    // Ten of each client that has any due: what one has too much of is not looked at, nor is what waits for later.
    public const string SelectDue =
        $"""
        {Clients}
        select due.event_id, c.client_id, due.generation, due.failures
        from clients c cross join lateral (
            select j.event_id, j.generation, j.failures from promotion_jobs j where j.client_id = c.client_id and {IsDue}
            order by coalesce(j.next_attempt_at, '-infinity'::timestamptz), j.created_at, j.event_id limit 10) due
        limit 200
        """;

    public const string SelectOldest =
        $"""
        {Clients}
        select min(due.at) from clients c cross join lateral (
            select min(coalesce(j.next_attempt_at, j.updated_at)) as at from promotion_jobs j where j.client_id = c.client_id and {IsDue}) due
        """;

    private const string SelectJob =
        $"""
        select {PromotionRow.JobColumns}
        from promotion_jobs j join ({EventRow.Source}) on e.id = j.event_id
        where j.event_id = $1 and j.state in ('waiting', 'extracted')
        """;

    private const string SelectKnown =
        $"""
        select {FactRow.Columns} from facts f
        where f.client_id = $1 and f.valid_from <= $2 and (f.valid_to is null or f.valid_to > $2)
        order by f.created_at desc, f.id desc limit $3
        """;

    private const string SelectQuoted =
        """
        select distinct s.quote_hash, f.subject_type, f.subject_id from fact_sources s join facts f on f.id = s.fact_id
        where s.quote_hash = any ($1) and f.client_id = $2 and s.event_id <> $3 and f.valid_from <= $4
          and (f.valid_to is null or f.valid_to > $4)
        """;

    // What was found in another content than the event has by now, or for another client, is not stored.
    private const string StoreFound =
        """
        update promotion_jobs j
           set state = 'extracted', extractor = $3, extractor_version = $4, model = $5, result = $6, set_aside = $7, failures = 0,
               next_attempt_at = null, last_error = null, updated_at = $8
          from events e
         where j.event_id = $1 and j.generation = $9 and j.state = 'waiting' and e.id = j.event_id and md5(e.content)::uuid = $2
           and e.client_id = $10
        """;

    private const string End =
        """
        update promotion_jobs
           set state = 'done', result = null, set_aside = $2, failures = 0, next_attempt_at = null, last_error = null, updated_at = $3
         where event_id = $1 and generation = $4 and state in ('waiting', 'extracted')
        """;

    private const string Fail =
        """
        update promotion_jobs
           set attempts = least(attempts, 1000000) + $2, failures = least(failures, 1000000) + 1, last_error = $3, updated_at = $6,
               state = case when least(attempts, 1000000) + $2 >= $5 then 'failed' else state end,
               next_attempt_at = case when least(attempts, 1000000) + $2 >= $5 then null else $4 end
         where event_id = $1 and generation = $7 and state in ('waiting', 'extracted')
        returning state = 'failed'
        """;

    private const string StartOver =
        """
        update promotion_jobs
           set state = 'waiting', extractor = null, extractor_version = null, model = null, result = null, set_aside = '{}', next_attempt_at = null, updated_at = $2
         where event_id = $1 and generation = $3 and state = 'extracted' and not exists (select from fact_sources where event_id = $1 and ordinal is not null)
        """;

    private const string LockState = "select state from promotion_jobs where event_id = $1 for update";

    private const string Revive =
        """
        update promotion_jobs
           set state = case when result is null then 'waiting' else 'extracted' end, attempts = 0, failures = 0, next_attempt_at = $3, updated_at = $2
         where event_id = $1
        """;

    private const string SelectOne = $"select {PromotionRow.Columns} from promotion_jobs j where j.event_id = $1";

    /// <summary>Events whose turn it is, at most ten of a client: those of one client in their order, and then those that were put off, by when they are due; clients in theirs.</summary>
    /// <param name="after">The client whose turn was last; those that come after it.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public Task<ImmutableArray<DuePromotion>> FindDueAsync(string after, CancellationToken cancellationToken) => database.SelectAsync(
        SelectDue, row => new DuePromotion(row.GetGuid(0), row.GetString(1), row.GetInt32(2), row.GetInt32(3)), cancellationToken,
        SqlValues.Time(time.GetUtcNow()), SqlValues.Text(after));

    /// <summary>Since when that event is due which has been for longest; null: none is.</summary>
    public async Task<DateTimeOffset?> FindOldestDueAsync(CancellationToken cancellationToken) => (await database.SelectAsync(
        SelectOldest, row => row.ValueOrNull<DateTimeOffset>(0), cancellationToken, SqlValues.Time(time.GetUtcNow()), SqlValues.Text(""))).Single();

    /// <summary>An event that waits; null: it is gone, or done.</summary>
    public async Task<PromotionJob?> FindAsync(Guid eventId, CancellationToken cancellationToken) =>
        (await database.SelectAsync(SelectJob, PromotionRow.ReadJob, cancellationToken, SqlValues.Uuid(eventId))).SingleOrDefault();

    /// <summary>Facts of a client that hold at a time, the latest first.</summary>
    public Task<ImmutableArray<FactRecord>> KnownAsync(string clientId, DateTimeOffset at, CancellationToken cancellationToken) => database.SelectAsync(
        SelectKnown, row => FactRow.Read(row), cancellationToken, SqlValues.Text(clientId), SqlValues.Time(at), SqlValues.Integer(MaxKnown));

    /// <summary>Which of these hashes are of words in which a fact that holds at a time was found, in another event, and whom those facts are about.</summary>
    public async Task<ImmutableArray<RecalledMark>> QuotedAsync(EventRecord memory, ImmutableArray<Guid> hashes, CancellationToken cancellationToken) =>
        hashes.IsEmpty ? [] : await database.SelectAsync(
            SelectQuoted, row => new RecalledMark(row.GetGuid(0), row.GetString(1), row.GetString(2)), cancellationToken,
            SqlValues.Uuids(hashes), SqlValues.Text(memory.ClientId), SqlValues.Uuid(memory.Id), SqlValues.Time(memory.OccurredAt));

    /// <summary>Stores what was found in an event that waits; nothing when it does not any more, or has another content or client by now.</summary>
    public Task StoreAsync(PromotionJob job, FoundFacts found) => ExecuteAsync(
        StoreFound, SqlValues.Uuid(job.Memory.Id), SqlValues.Uuid(found.ContentHash), SqlValues.Text(found.Extractor), SqlValues.Text(found.Version),
        SqlValues.Text(found.Model), SqlValues.Jsonb(PromotionRow.JsonOf(found)), SqlValues.Texts(found.SetAside), SqlValues.Time(time.GetUtcNow()),
        SqlValues.Integer(job.Generation), SqlValues.Text(job.Memory.ClientId));

    /// <summary>Nothing is left to do.</summary>
    /// <returns>Whether that is so: the event may have another content or client by now.</returns>
    public async Task<bool> EndAsync(PromotionJob job, ImmutableArray<string> setAside) => await ExecuteAsync(
        End, SqlValues.Uuid(job.Memory.Id), SqlValues.Texts(setAside), SqlValues.Time(time.GetUtcNow()), SqlValues.Integer(job.Generation)) > 0;

    /// <summary>What was found is of no use: the event is to be read anew.</summary>
    /// <returns>Whether it is; it is not when facts were recorded of it before.</returns>
    public async Task<bool> StartOverAsync(PromotionJob job) => await ExecuteAsync(
        StartOver, SqlValues.Uuid(job.Memory.Id), SqlValues.Time(time.GetUtcNow()), SqlValues.Integer(job.Generation)) > 0;

    /// <summary>An attempt failed.</summary>
    /// <param name="eventId">The event.</param>
    /// <param name="generation">Of the job that was tried.</param>
    /// <param name="error">Why.</param>
    /// <param name="counts">Whether it counts towards giving up.</param>
    /// <param name="nextAttemptAt">When to try again.</param>
    /// <param name="maxAttempts">Attempts that count after which it is given up.</param>
    /// <returns>Whether it is given up.</returns>
    public async Task<bool> FailAsync(Guid eventId, int generation, string error, bool counts, DateTimeOffset nextAttemptAt, int maxAttempts) =>
        (await database.WriteTransactionAsync(
            connection => connection.QueryAsync(
                Fail, row => row.GetBoolean(0), SqlValues.Uuid(eventId), SqlValues.Integer(counts ? 1 : 0), SqlValues.Text(error), SqlValues.Time(nextAttemptAt),
                SqlValues.Integer(counts ? maxAttempts : int.MaxValue), SqlValues.Time(time.GetUtcNow()), SqlValues.Integer(generation)),
            _ => null)).SingleOrDefault();

    /// <summary>See <see cref="IPromotionSweeperGrain.RetryAsync"/>.</summary>
    public Task<PromotionRecord?> RetryAsync(Guid eventId, TimeSpan delay, IdempotencyKey? key) => database.WriteTransactionAsync(
        async connection =>
        {
            var now = time.GetUtcNow();
            switch ((await connection.QueryAsync(LockState, row => row.GetString(0), SqlValues.Uuid(eventId))).SingleOrDefault())
            {
                case null:
                    return null;
                case "done":
                    throw new PromotionRefusedException("promotion_done", "What was found in this memory has been recorded; there is nothing to try again.");
            }

            await connection.ExecuteAsync(Revive, SqlValues.Uuid(eventId), SqlValues.Time(now), SqlValues.Time(delay > TimeSpan.Zero ? now + delay : null));
            var revived = (await connection.QueryAsync(SelectOne, PromotionRow.Read, SqlValues.Uuid(eventId))).Single();
            await connection.KeepAnswerAsync(key, revived.ClientId, revived, KeptAnswerJson.Default.PromotionRecord, now);
            return revived;
        },
        _ => null);

    private Task<int> ExecuteAsync(string sql, params NpgsqlParameter[] values) => database.WriteAsync(connection => connection.ExecuteAsync(sql, values));
}

/// <summary>The SQL of <see cref="PromotionQueryGrain"/>.</summary>
internal sealed class PromotionQueryStore(Database database)
{
    private const string IsVisible = "($1::text[] is null or j.client_id = any ($1))";

    // A set of clients is looked through one after the other, each by its index.
    private const string SelectPage =
        $"""
        select {PromotionRow.Columns} from promotion_jobs j
        where {IsVisible} and ($2::text is null or j.state = $2) and ($3::uuid is null or j.event_id < $3)
        order by j.event_id desc limit $4
        """;

    private const string SelectOne = $"select {PromotionRow.Columns} from promotion_jobs j where {IsVisible} and j.event_id = $2";

    public async Task<PromotionPage> ListAsync(PromotionListRequest request, CancellationToken cancellationToken)
    {
        var (rows, hasMore) = await database.SelectPageAsync(
            SelectPage, PromotionRow.Read, row => row.SetAside.Sum(text => (long)text.Length), request.Limit, cancellationToken,
            ClientsOf(request.Visibility), SqlValues.Text(request.State is { } state ? PromotionNames.Of(state) : null), SqlValues.Uuid(request.After),
            SqlValues.Integer(request.Limit + 1));
        return new PromotionPage(rows, hasMore);
    }

    public async Task<PromotionRecord?> FindAsync(Guid eventId, Access.ClientVisibility visibility, CancellationToken cancellationToken) =>
        (await database.SelectAsync(SelectOne, PromotionRow.Read, cancellationToken, ClientsOf(visibility), SqlValues.Uuid(eventId))).SingleOrDefault();

    private static NpgsqlParameter ClientsOf(Access.ClientVisibility visibility) => SqlValues.Texts(visibility.ClientIds);
}
