using System.Collections.Immutable;
using Actors.Facts;
using Actors.Sessions;
using Actors.Storage;
using Actors.Support;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Actors.Grains.Tests.Sessions;

/// <summary>Sessions that share a transaction, each of which may fail for a reason of its own. Client 'first' keeps the line busy until all are in it.</summary>
public sealed class SessionCommitLineTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Time = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private TestDatabase _database = null!;
    private NpgsqlDataSource _source = null!;
    private SessionCommitLine _line = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await TestPostgres.CreateAsync();
        await _database.PsqlAsync("select claim_session('first', 0)");
        _source = PostgresConnections.Create(_database.ConnectionString);
        _line = new SessionCommitLine(
            new Database(_source, new WriteGate()), Options.Create(new SessionOptions { TransactionsUnderWay = 1, SessionsPerTransaction = 4 }));
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task commits_that_waited_share_a_transaction_as_far_as_it_has_room()
    {
        var committed = await Task.WhenAll(await InLineAsync(Commit("e"), Commit("d"), Commit("c"), Commit("b"), Commit("a")));

        Assert.All(committed, c => Assert.Equal(1, c!.Version));
        Assert.Equal("a|t\nb|f\nc|f\nd|f\ne|f", await _database.PsqlAsync(
            """
            select client_id, transaction_id = max(transaction_id) over () from change_log where client_id <> 'first' and table_name = 'events' order by 1
            """));
        Assert.Equal("2", await _database.PsqlAsync("select count(distinct transaction_id) from change_log where client_id <> 'first'"));
    }

    [Fact]
    public async Task a_session_that_somebody_else_wrote_for_is_told_so_and_the_others_are_committed()
    {
        await _database.PsqlAsync("insert into events (content, client_id) values ('by hand', 'b')");

        var outcomes = await Task.WhenAll(await InLineAsync(Commit("a"), Commit("b"), Commit("c")));

        Assert.Equal([1, null, 1], outcomes.Select(committed => committed?.Version));
        Assert.Equal("a|a\nb|by hand\nc|c", await StoredAsync());
    }

    [Fact]
    public async Task a_refused_row_fails_its_own_session_alone()
    {
        var refused = new NewMemory("b", RunId: Guid.NewGuid());

        var outcomes = await InLineAsync(Commit("a"), Commit("b", refused), Commit("c"), Commit("d"));

        Assert.Equal("unknown_run", (await Assert.ThrowsAsync<MemoryRefusedException>(() => outcomes[1])).Code);
        await Task.WhenAll(outcomes[0], outcomes[2], outcomes[3]);
        Assert.Equal("a|a\nc|c\nd|d", await StoredAsync());
        Assert.Equal("0", await _database.PsqlAsync("select count(*) from session_heads where client_id = 'b'"));
    }

    [Fact]
    public async Task what_is_withdrawn_in_line_is_not_sent()
    {
        var outcomes = await InLineAsync(Commit("a"), Commit("b", isWithdrawn: true), Commit("c"));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => outcomes[1]);
        await Task.WhenAll(outcomes[0], outcomes[2]);
        Assert.Equal("a|a\nc|c", await StoredAsync());
    }

    [Fact]
    public async Task who_waits_for_a_lock_waits_alone()
    {
        await Task.WhenAll(await InLineAsync(Commit("b")));
        await using var blocker = await _database.DataSource.OpenConnectionAsync(Cancelled);
        await using var transaction = await blocker.BeginTransactionAsync(Cancelled);
        await ExecuteAsync(blocker, "select 1 from session_heads where client_id = 'b' for update");

        var outcomes = await InLineAsync(Commit("a"), Commit("b", version: 1), Commit("c"));
        var others = await Task.WhenAll(outcomes[0], outcomes[2]);

        Assert.All(others, committed => Assert.Equal(1, committed!.Version));
        Assert.False(outcomes[1].IsCompleted);
        Assert.Equal(1, (await CommitAsync(Commit("d")))!.Version);
        await transaction.RollbackAsync(Cancelled);
        Assert.Equal(2, (await outcomes[1])!.Version);
    }

    [Fact]
    public async Task an_operator_who_locks_sessions_in_another_order_is_not_caught_in_a_deadlock()
    {
        await _database.PsqlAsync("select claim_session('a', 0), claim_session('c', 0)");
        await using var operation = await _database.DataSource.OpenConnectionAsync(Cancelled);
        await using var transaction = await operation.BeginTransactionAsync(Cancelled);
        await ExecuteAsync(operation, "insert into events (content, client_id) values ('by hand', 'c')");

        var outcomes = await InLineAsync(Commit("a"), Commit("b"), Commit("c"));
        await _database.LockAwaitedAsync();
        await ExecuteAsync(operation, "insert into events (content, client_id) values ('by hand', 'a')");
        await transaction.CommitAsync(Cancelled);

        var committed = await Task.WhenAll(outcomes);
        Assert.Equal(1, committed[1]!.Version);
        Assert.Null(committed[2]);
        // Whether it was before or after the operator is a matter of moments; both are in order.
        Assert.Equal(committed[0] is null ? "a|by hand\nb|b\nc|by hand" : "a|a\na|by hand\nb|b\nc|by hand", await StoredAsync());
    }

    [Fact]
    public async Task a_commit_that_postgres_ends_in_a_deadlock_is_made_again()
    {
        await _database.PsqlAsync("select claim_session('a', 0)");
        // Only the service looks for deadlocks, as soon as it waits, and it is the second to wait.
        await using var service = PostgresConnections.Create(With("-c deadlock_timeout=1ms -c lock_timeout=0"));
        await using var patient = NpgsqlDataSource.Create(With("-c deadlock_timeout=1h"));
        var line = new SessionCommitLine(new Database(service, new WriteGate()), Options.Create(new SessionOptions()));
        await using var operation = await patient.OpenConnectionAsync(Cancelled);
        await using var transaction = await operation.BeginTransactionAsync(Cancelled);
        await ExecuteAsync(operation, "lock table change_log in share mode");
        await using var gate = await patient.OpenConnectionAsync(Cancelled);
        await using var closed = await gate.BeginTransactionAsync(Cancelled);
        await ExecuteAsync(gate, "lock table events in share mode");

        var commit = line.CommitAsync(Commit("a", version: await VersionAsync("a")).Part, () => false);
        await AwaitAsync("wait_event_type = 'Lock' and state_change < clock_timestamp() - interval '300 ms'");
        var locking = ExecuteAsync(operation, "select from session_heads where client_id = 'a' for update");
        await AwaitAsync("wait_event_type = 'Lock' and query like '%session_heads%for update'");
        await closed.RollbackAsync(Cancelled);
        await locking;
        await transaction.CommitAsync(Cancelled);

        Assert.NotNull(await commit);
        Assert.Equal("a|a", await StoredAsync());
    }

    [Fact]
    public async Task when_the_connection_breaks_nobody_knows_the_outcome_and_the_next_are_committed()
    {
        await _database.PsqlAsync(
            """
            create function break_connection() returns trigger language plpgsql as $$ begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$;
            create trigger events_break before insert on events for each row when (new.content = 'break') execute function break_connection();
            """);

        var outcomes = await InLineAsync(Commit("a"), Commit("b", new NewMemory("break")), Commit("c"));

        foreach (var outcome in outcomes)
        {
            await Assert.ThrowsAsync<OutcomeUnknownException>(() => outcome);
        }

        Assert.Equal(1, (await CommitAsync(Commit("d")))!.Version);
        Assert.Equal("d|d", await StoredAsync());
    }

    [Fact]
    public async Task a_closed_gate_refuses_everybody_in_line()
    {
        var gate = new WriteGate();
        var line = new SessionCommitLine(new Database(_source, gate), Options.Create(new SessionOptions()));
        gate.Close("closed for the test");

        await Assert.ThrowsAsync<Actors.Hosting.WritesSuspendedException>(() => line.CommitAsync(Commit("a").Part, () => false));
        gate.Open();
        Assert.Equal(1, (await line.CommitAsync(Commit("a").Part, () => false))!.Version);
    }

    [Theory]
    [InlineData("the text has changed")]
    [InlineData("it was recorded before")]
    [InlineData("the key is taken")]
    public async Task a_promotion_that_postgres_refuses_fails_alone_in_its_own_session_and_beside_others(string why)
    {
        var memory = Guid.NewGuid();
        await _database.PsqlAsync(
            $"""
            insert into events (id, client_id, content) values ('{memory}', 'b', 'So it is.');
            insert into facts (client_id, subject_type, subject_id, fact_type, fact_key, content, valid_from) values ('b', 'user', 'Ada', 'home', 'home', 'Rome', '2026-01-01');
            """);
        if (why == "it was recorded before")
        {
            await _database.PsqlAsync($"insert into fact_sources (fact_id, event_id, extractor, extractor_version, ordinal) select id, '{memory}', 'test', '1', 0 from facts");
        }

        var promotion = Promotion(memory, why == "the text has changed" ? "So it was." : "So it is.", key: why == "the key is taken" ? "home" : null);
        // In one commit with an event of the same session, and in one transaction with those of others.
        var version = await VersionAsync("b");
        var shared = Commit("b", version: version);
        shared.Part = shared.Part with { Commit = shared.Part.Commit with { Facts = [promotion] } };

        var outcomes = await InLineAsync(Commit("a"), shared, Commit("c"), Commit("d"));

        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => outcomes[1]);
        Assert.Equal(
            why switch
            {
                "the text has changed" => typeof(FactRefusedException),
                "it was recorded before" => typeof(FactAlreadyPromotedException),
                _ => typeof(FactConflictException),
            },
            refusal.GetType());
        Assert.True(SessionRefusals.ConcernsOneWrite(refusal));
        await Task.WhenAll(outcomes[0], outcomes[2], outcomes[3]);
        Assert.Equal("a|a\nb|So it is.\nc|c\nd|d", await StoredAsync());
        Assert.Equal("Rome|", await _database.PsqlAsync($"select content, (select promoted_to_fact_id from events where id = '{memory}') from facts"));
    }

    private static FactChange Promotion(Guid memory, string content, string? key)
    {
        var create = new CreateFactRequest("home", "Oslo", null, null, key, Time, null, "{}", [], FactConflict.Change, new FactAuthor("promotion"));
        var write = FactRules.Create(create, new SubjectMoment(new FactSubject("b", "user", "Ada"), Time), []) with
        {
            Promotion = new FactPromotion(memory, NormalText.Md5(content), 0, 0, 5, "test", "1", null, NormalText.HashOf(content)),
        };
        return FactChange.At(write, Time);
    }

    private static (SessionPart Part, bool IsWithdrawn) Commit(string client, NewMemory? memory = null, long version = 0, bool isWithdrawn = false)
    {
        var record = SessionRules.ToRecord(memory ?? new NewMemory(client), client, Time);
        return (new SessionPart(client, version, new SessionCommit([record], [], [], Time, [])), isWithdrawn);
    }

    private Task<SessionCommitted?> CommitAsync((SessionPart Part, bool IsWithdrawn) commit) => _line.CommitAsync(commit.Part, () => commit.IsWithdrawn);

    // All of them are in line before the first may go on, so that they leave together.
    private async Task<Task<SessionCommitted?>[]> InLineAsync(params (SessionPart Part, bool IsWithdrawn)[] commits)
    {
        await using var blocker = await _database.DataSource.OpenConnectionAsync(Cancelled);
        await using var transaction = await blocker.BeginTransactionAsync(Cancelled);
        await ExecuteAsync(blocker, "select 1 from session_heads where client_id = 'first' for update");
        var first = CommitAsync(Commit("first", version: await VersionAsync("first")));
        var outcomes = Array.ConvertAll(commits, CommitAsync);
        await transaction.RollbackAsync(Cancelled);
        await first;
        return outcomes;
    }

    private async Task<long> VersionAsync(string client) =>
        long.Parse(await _database.PsqlAsync($"select version from session_heads where client_id = '{client}'"), null);

    private string With(string options) => new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Options = options, Pooling = false }.ConnectionString;

    private async Task AwaitAsync(string condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await _database.PsqlAsync($"select exists (select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and {condition})") != "t")
        {
            await timer.WaitForNextTickAsync(Cancelled);
        }
    }

    private Task<string> StoredAsync() => _database.PsqlAsync("select client_id, content from events where client_id <> 'first' order by 1, 2");

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancelled);
    }
}
