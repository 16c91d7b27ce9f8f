using Npgsql;

namespace Actors.Support;

/// <summary>One database of a test, on a real server.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly Func<Task> _drop;

    internal TestDatabase(string connectionString, Func<Task> drop)
    {
        (ConnectionString, _drop) = (connectionString, drop);
        DataSource = NpgsqlDataSource.Create(connectionString);
    }

    public string ConnectionString { get; }

    public NpgsqlDataSource DataSource { get; }

    /// <summary>Runs the statements in psql as an operator would, in one session that stops at the first error. Rows come back unaligned: columns split by |, rows by line breaks.</summary>
    /// <exception cref="PsqlException">psql ended with an exit code other than 0.</exception>
    public Task<string> PsqlAsync(string sql) => Psql.RunAsync(ConnectionString, sql);

    /// <summary>Ends when some session of the database waits for a lock. Fails after 30 s.</summary>
    public async Task LockAwaitedAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await using var count = DataSource.CreateCommand("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
        while ((long)(await count.ExecuteScalarAsync(limit.Token))! == 0)
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>Adds an active silo to Orleans' membership table, which is made, with the columns that matter to us, where Orleans' own is not there.</summary>
    public async Task AddMemberAsync(string cluster, string address, int port, int generation)
    {
        await PsqlAsync(
            """
            create table if not exists orleansmembershiptable (deploymentid text, address text, port integer, generation integer, status integer);
            alter table orleansmembershiptable drop constraint if exists fk_membershiptable_membershipversiontable_deploymentid;
            do $$ declare other text; begin
                for other in select column_name from information_schema.columns
                    where table_name = 'orleansmembershiptable' and column_name not in ('deploymentid', 'address', 'port', 'generation', 'status') and is_nullable = 'NO' loop
                    execute format('alter table orleansmembershiptable alter %I drop not null', other);
                end loop;
            end $$;
            """);
        await PsqlAsync($"insert into orleansmembershiptable (deploymentid, address, port, generation, status) values ('{cluster}', '{address}', {port}, {generation}, 3)");
    }

    /// <summary>Drops the database, whoever is still connected.</summary>
    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await _drop();
    }
}
