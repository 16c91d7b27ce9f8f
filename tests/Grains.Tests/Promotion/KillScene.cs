using System.Diagnostics;
using System.Globalization;
using Actors.Support;
using Npgsql;

namespace Actors.Grains.Tests.Promotion;

/// <summary>A database in which promotions can be made to stand still at a moment, for as long as it takes to kill their process.</summary>
internal sealed class KillScene : IAsyncDisposable
{
    // Of the test's advisory locks.
    private const int Space = 70726;

    private const string CountStanding = "select count(distinct a.application_name) from pg_locks l join pg_stat_activity a using (pid) where l.locktype = 'advisory' and l.classid = 70726 and not l.granted";

    private const string Sessions = "pg_stat_activity where datname = current_database() and application_name like 'sweeper%'";

    private readonly NpgsqlConnection _operator;

    private KillScene(TestDatabase database, NpgsqlConnection connection) => (Database, _operator) = (database, connection);

    public TestDatabase Database { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<KillScene> StartAsync()
    {
        var database = await TestPostgres.CreateAsync();
        // Who stands still waits for a lock: longer than the grains would wait for one of their own. A repeat that will be refused does not.
        await database.PsqlAsync(
            $$"""
            create function stand_still() returns trigger language plpgsql set lock_timeout = 0 as $f$
            declare
                moment integer := {{(int)KillMoment.AllRecorded}};
            begin
                if tg_table_name = 'fact_sources' then
                    if exists (select from fact_sources where event_id = new.event_id and ordinal = new.ordinal) then
                        return new;
                    end if;
                    moment := case when exists (select from fact_sources where event_id = new.event_id) then {{(int)KillMoment.SomeRecorded}} else {{(int)KillMoment.NoneRecorded}} end;
                elsif new.state = 'extracted' then
                    moment := {{(int)KillMoment.Waiting}};
                end if;
                perform pg_advisory_xact_lock_shared({{Space}}, moment);
                return new;
            end $f$;
            create trigger stand_still before insert on fact_sources for each row execute function stand_still();
            create trigger stand_still before update on promotion_jobs for each row when (old.state <> new.state) execute function stand_still();
            create table at_work (name text not null);
            create function note_work() returns trigger language plpgsql as $f$ begin insert into at_work values (current_setting('application_name')); return null; end $f$;
            create trigger note_work after insert on fact_sources for each row execute function note_work();
            """);
        return new KillScene(database, await database.DataSource.OpenConnectionAsync(Stop));
    }

    /// <summary>Has a process work until promotions are at a moment, then kills it, and sees to it that they are.</summary>
    public async Task KillAtAsync(KillMoment moment, bool byRules, int more)
    {
        var done = await CountAsync("select count(*) from promotion_jobs where state = 'done'");
        // Nobody stands still where all is done.
        await HoldAsync(moment);
        using var sweeper = await SweeperToKill.StartAsync(Database, byRules);
        await UntilAsync(moment == KillMoment.Done ? $"select count(*) >= {done + more} from promotion_jobs where state = 'done'" : $"select ({CountStanding}) = 1");

        await KillAsync(sweeper);
        Assert.True(await IsSeenAsync(moment, done), $"No promotion was killed at {moment}.");
        await ReleaseAsync();
    }

    /// <summary>Has whoever comes to a moment stand still there.</summary>
    public Task HoldAsync(KillMoment moment) => ExecuteAsync($"select pg_advisory_lock({Space}, {(int)moment})");

    /// <summary>Lets them go on once so many processes stand still.</summary>
    public async Task ReleaseAsync(int processes)
    {
        await UntilAsync($"select ({CountStanding}) = {processes}");
        await ReleaseAsync();
    }

    /// <summary>Ends when nothing is left to do.</summary>
    public Task AllDoneAsync() => UntilAsync("select not exists (select from promotion_jobs where state <> 'done')");

    /// <summary>Ends when a question's answer is yes. Fails after 90 s.</summary>
    public async Task UntilAsync(string question)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        await using var ask = Database.DataSource.CreateCommand(question);
        while (!(bool)(await ask.ExecuteScalarAsync(limit.Token))!)
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>Kills a process. What Postgres was doing for it is over, too, when this ends: nobody hears of it any more.</summary>
    public async Task KillAsync(Process sweeper, string name = "sweeper")
    {
        await SweeperToKill.KillAsync(sweeper);
        await ExecuteAsync($"select pg_terminate_backend(pid) from {Sessions} and starts_with(application_name, '{name}')");
        await UntilAsync($"select not exists (select from {Sessions} and starts_with(application_name, '{name}'))");
    }

    public async ValueTask DisposeAsync()
    {
        await _operator.DisposeAsync();
        await Database.DisposeAsync();
    }

    private async Task<bool> IsSeenAsync(KillMoment moment, int done) => await CountAsync(
        $"""
        select count(*) {(moment == KillMoment.Done ? $"- {done}" : "")}
        from promotion_jobs j cross join lateral (select count(*) as recorded from fact_sources where event_id = j.event_id) s
        where {moment switch
        {
            KillMoment.Done => "state = 'done'",
            KillMoment.Waiting => "state = 'waiting'",
            KillMoment.NoneRecorded => "state = 'extracted' and recorded = 0",
            KillMoment.SomeRecorded => "state = 'extracted' and recorded in (1, 2)",
            _ => "state = 'extracted' and recorded = 3",
        }}
        """) > 0;

    private Task ReleaseAsync() => ExecuteAsync("select pg_advisory_unlock_all()");

    private async Task<int> CountAsync(string sql)
    {
        await using var command = Database.DataSource.CreateCommand(sql);
        return Convert.ToInt32(await command.ExecuteScalarAsync(Stop), CultureInfo.InvariantCulture);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _operator);
        await command.ExecuteNonQueryAsync(Stop);
    }
}
