using System.Globalization;
using Actors.Support;
using Npgsql;

namespace Actors.Api.Tests.Zep;

/// <summary>The service is killed again and again while it sends, in each state a row of the outbox may be in.</summary>
public sealed class ZepKillTests
{
    private const int Clients = 4;

    // Of the test's advisory locks: who claims, and who notes, waits for the one that is held.
    private const int Space = 70726;

    private const string Standing = "from pg_locks where locktype = 'advisory' and classid = 70726 and not granted";

    // Once Zep has got something that is not noted, that goes again before anything else, and nothing is claimed that Zep has not got.
    private static readonly Moment[] Kills = [Moment.Unclaimed, Moment.Claimed, Moment.Unclaimed, Moment.Claimed, Moment.Sent, Moment.Sent];

    private enum Moment
    {
        /// <summary>The row waits, and nothing is written down of what is to be sent.</summary>
        Unclaimed,

        /// <summary>What is to be sent is written down, and Zep has not got it.</summary>
        Claimed,

        /// <summary>Zep has it, and nobody has noted that.</summary>
        Sent,
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task everything_that_was_acknowledged_arrives_at_least_once_and_in_order_in_whichever_state_the_service_is_killed()
    {
        await using var scene = await ZepService.StartAsync("--Zep:RememberBudget", "00:00:00.05");
        // Longer than the grains would wait for a lock of their own.
        await scene.Database.PsqlAsync(
            $$"""
            create function stand_still() returns trigger language plpgsql set lock_timeout = 0 as $f$
            begin
                perform pg_advisory_xact_lock_shared({{Space}}, tg_argv[0]::integer);
                return new;
            end $f$;
            create trigger stand_still_to_claim before insert on zep_items for each row execute function stand_still({{(int)Moment.Unclaimed}});
            create trigger stand_still_to_note before update on zep_items for each row when (new.sent_at is not null) execute function stand_still({{(int)Moment.Sent}});
            """);
        await using var holder = await scene.Database.DataSource.OpenConnectionAsync(Stop);
        var acknowledged = new List<string>();
        foreach (var (kill, moment) in Kills.Index())
        {
            await HoldAsync(scene, holder, moment);
            if (kill > 0)
            {
                // A call that was not answered before the kill may have told processes to leave Zep alone.
                await ExecuteAsync(holder, "update zep_budget set paused_until = null, pause_reason = null");
                await scene.StartServiceAsync();
            }

            using var stop = new CancellationTokenSource();
            var writing = Enumerable.Range(0, Clients).Select(client => WriteAsync(scene, $"k{client}", acknowledged, stop.Token)).ToArray();
            await UntilAsync(() => IsAtAsync(scene, moment), $"{moment}, kill {kill}");
            await scene.Service.KillAsync();
            await stop.CancelAsync();
            await Task.WhenAll(writing);
            await scene.Service.DisposeAsync();

            // Nobody hears of what Postgres was doing for it.
            await ExecuteAsync(holder, $"select pg_terminate_backend(pid) {Standing}");
            await UntilAsync(async () => await AskAsync(scene, $"select count(*) = 0 {Standing}"), "nobody stands still");
            Assert.True(await AreSeenAsync(scene, moment), $"No row was {moment} when the service was killed.");
            scene.Fake.Mood = ZepMood.Well;
            await ExecuteAsync(holder, "select pg_advisory_unlock_all()");
        }

        await scene.StartServiceAsync();
        await scene.SentAsync();

        Assert.Empty(acknowledged.Except(scene.Fake.Messages.Select(message => message.MemoryId!)));
        foreach (var client in Enumerable.Range(0, Clients))
        {
            // As this Zep keeps ids, it has nothing twice either.
            Assert.Equal(0, await scene.AssertArrivedInOrderAsync($"k{client}"));
        }

        Assert.Equal(
            scene.Fake.Messages.Count.ToString(CultureInfo.InvariantCulture), await scene.Database.PsqlAsync("select count(*) from zep_items where sent_at is not null"));
    }

    // Before anything is sent: what is on its way already would not stand still.
    private static async Task HoldAsync(ZepService scene, NpgsqlConnection holder, Moment moment)
    {
        if (moment == Moment.Claimed)
        {
            (scene.Fake.MoodPath, scene.Fake.Mood) = ("messages", ZepMood.Slow);
        }
        else
        {
            await ExecuteAsync(holder, $"select pg_advisory_lock({Space}, {(int)moment})");
        }
    }

    // From here on nothing moves until the service is killed, but for what is stored meanwhile.
    private static async Task<bool> IsAtAsync(ZepService scene, Moment moment) =>
        await AreSeenAsync(scene, moment) && (moment == Moment.Claimed || await AskAsync(scene, $"select count(*) > 0 {Standing}"));

    private static async Task<bool> AreSeenAsync(ZepService scene, Moment moment)
    {
        if (moment == Moment.Unclaimed)
        {
            return await AskAsync(
                scene, "select exists (select from outbox o where failed_at is null and not exists (select from zep_items i where i.client_id = o.client_id and i.row_id = o.row_id))");
        }

        await using var select = scene.Database.DataSource.CreateCommand(
            "select array_agg(distinct row_id::text) from outbox o join zep_items i using (client_id, row_id) where i.sent_at is null");
        var claimed = await select.ExecuteScalarAsync(Stop) as string[] ?? [];
        var arrived = scene.Fake.Messages.Select(message => message.MemoryId!).ToHashSet();
        return claimed.Any(memory => arrived.Contains(memory) == (moment == Moment.Sent));
    }

    private static async Task<bool> AskAsync(ZepService scene, string question)
    {
        await using var command = scene.Database.DataSource.CreateCommand(question);
        return (bool)(await command.ExecuteScalarAsync(Stop))!;
    }

    private static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (!await holds())
        {
            Assert.False(limit.IsCancellationRequested, $"Waited in vain: {what}.");
            await timer.WaitForNextTickAsync(Stop);
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Stop);
    }

    private static async Task WriteAsync(ZepService scene, string client, List<string> acknowledged, CancellationToken stop)
    {
        for (var memory = 0; !stop.IsCancellationRequested; memory++)
        {
            try
            {
                var answer = await scene.RememberAsync(client, $"memory {memory} of {client}, {Guid.NewGuid()}");
                lock (acknowledged)
                {
                    acknowledged.Add((string)answer["memory_id"]!);
                }
            }
            catch (HttpRequestException)
            {
                return;
            }
        }
    }
}
