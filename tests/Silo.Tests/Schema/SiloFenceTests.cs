using Actors.Support;

namespace Actors.Schema;

/// <summary>A silo that its cluster has declared dead writes nothing, whatever it believes.</summary>
public sealed class SiloFenceTests : IAsyncLifetime
{
    private const string Alive = "set actors.silo = 'c|10.0.0.1|11111|7';";

    private const string CommitTwo =
        "commit_sessions('{a,b}', '{0,0}', array[now(), now()], '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', null)";

    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestPostgres.CreateAsync();
        await _database.AddMemberAsync("c", "10.0.0.1", 11111, 7);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task a_silo_that_is_a_member_writes()
    {
        Assert.Equal("t", await _database.PsqlAsync($"{Alive} select claim_session('a', 0) is null"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task a_silo_that_joins_or_leaves_is_not_dead(int status)
    {
        await _database.PsqlAsync($"update orleansmembershiptable set status = {status}");
        Assert.Equal("t", await _database.PsqlAsync($"{Alive} select claim_session('a', 0) is null"));
    }

    [Theory]
    [InlineData("update orleansmembershiptable set status = 6")]
    [InlineData("delete from orleansmembershiptable")]
    [InlineData("update orleansmembershiptable set generation = 8")]
    [InlineData("update orleansmembershiptable set deploymentid = 'other'")]
    public async Task a_silo_declared_dead_or_forgotten_or_replaced_is_refused_even_with_the_right_version(string vote)
    {
        await _database.PsqlAsync(vote);
        var refusal = await Assert.ThrowsAsync<PsqlException>(() => _database.PsqlAsync($"{Alive} select claim_session('a', 0)"));
        Assert.Contains("silo_is_declared_dead", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("select commit_event('a', 0, gen_random_uuid(), 'text', 'event', 'user', 0.5, '{}', null, null, null, now(), now(), null, null)")]
    [InlineData("select " + CommitTwo)]
    public async Task commits_of_a_silo_are_refused_once_it_is_declared_dead(string commit)
    {
        await _database.PsqlAsync($"begin; {Alive} {commit}; rollback");
        await _database.PsqlAsync("update orleansmembershiptable set status = 6");
        var refusal = await Assert.ThrowsAsync<PsqlException>(() => _database.PsqlAsync($"{Alive} {commit}"));
        Assert.Contains("silo_is_declared_dead", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_commit_of_several_clients_holds_the_fence_of_each()
    {
        Assert.Equal("2", await _database.PsqlAsync(
            $"""
            begin; {Alive}
            do $$ begin perform {CommitTwo}; end $$;
            select count(*) from pg_locks where locktype = 'advisory' and classid = 20418 and mode = 'ExclusiveLock';
            rollback
            """));
    }

    [Fact]
    public async Task sessions_that_are_no_silos_are_not_asked()
    {
        await _database.PsqlAsync("drop table orleansmembershiptable; select claim_session('a', 0)");
        await _database.PsqlAsync("insert into events (client_id, content) values ('a', 'by hand')");
        Assert.Equal("1", await _database.PsqlAsync("select count(*) from events"));
    }

    [Fact]
    public async Task a_write_that_waits_for_the_session_while_its_silo_is_declared_dead_is_refused()
    {
        await _database.PsqlAsync("select claim_session('a', 0)");
        await using var holder = await _database.DataSource.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await holder.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var hold = holder.CreateCommand())
        {
            hold.CommandText = "select 1 from session_heads where client_id = 'a' for update";
            await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var write = _database.PsqlAsync($"{Alive} select claim_session('a', 0)");
        await _database.LockAwaitedAsync();
        await _database.PsqlAsync("update orleansmembershiptable set status = 6");
        await transaction.CommitAsync(TestContext.Current.CancellationToken);

        Assert.Contains("silo_is_declared_dead", (await Assert.ThrowsAsync<PsqlException>(() => write)).Message, StringComparison.Ordinal);
    }
}
