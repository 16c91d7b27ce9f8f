using System.Globalization;

namespace Actors.Schema;

/// <summary>The one row by which all processes share Zep's calls.</summary>
public sealed class ZepBudgetFunctionTests(SchemaDatabase database) : IClassFixture<SchemaDatabase>
{
    private const string Noon = "2026-11-26 12:00:00+00";

    [Fact]
    public async Task five_calls_a_minute_until_zep_tells_more()
    {
        await ResetAsync();
        for (var call = 0; call < 5; call++)
        {
            Assert.Equal("t||", await TakeAsync(Noon));
        }

        Assert.Equal("f|minute|12:01:00", await TakeAsync(Noon));
        Assert.Equal("t||", await TakeAsync("2026-11-26 12:01:00+00"));
    }

    [Fact]
    public async Task an_answer_sets_the_minute_and_a_lower_number_holds()
    {
        await ResetAsync();
        await TakeAsync(Noon);
        await NoteAsync("600, 598, timestamptz '2026-11-26 12:00:30+00', false, null, null");
        Assert.Equal("600|598|12:00:30", await MinuteAsync());

        await NoteAsync("600, 2, null, false, null, null");
        Assert.Equal("600|2|12:00:30", await MinuteAsync());
        // Asked before that, answered after.
        await NoteAsync("600, 400, null, false, null, null");
        Assert.Equal("600|2|12:00:30", await MinuteAsync());
        await NoteAsync("5, 0, timestamptz '2027-01-01 00:00:00+00', false, null, null");
        Assert.Equal("5|0|12:00:30", await MinuteAsync());
        Assert.Equal("f|minute|12:00:30", await TakeAsync(Noon));
    }

    [Fact]
    public async Task what_an_answer_tells_of_a_minute_that_is_over_is_of_no_account()
    {
        await ResetAsync();
        await NoteAsync("600, 598, timestamptz '2026-11-26 12:00:30+00', false, null, null");
        await NoteAsync("600, 0, timestamptz '2026-11-26 12:00:00+00', false, null, null");
        Assert.Equal("600|598|12:00:30", await MinuteAsync());
    }

    [Fact]
    public async Task clocks_that_differ_neither_begin_a_day_anew_nor_leave_zep_alone_for_a_day()
    {
        await ResetAsync();
        await TakeAsync("2026-11-30 23:59:59+00");
        await TakeAsync("2026-12-01 00:00:00+00");
        await TakeAsync("2026-11-30 23:59:59.9+00");
        await TakeAsync("2026-12-01 00:00:00.1+00");
        Assert.Equal("3|3", await database.PsqlAsync("select day_calls, month_calls from zep_budget"));

        await ResetAsync();
        await database.PsqlAsync("update zep_budget set paused_until = '2026-11-27 12:00:00+00', pause_reason = 'retry_after'");
        Assert.Equal("t||", await TakeAsync(Noon));
    }

    [Fact]
    public async Task a_day_has_its_share_of_what_the_month_has_left_and_a_fifth_of_it_is_kept_for_writes()
    {
        await ResetAsync();
        await database.PsqlAsync("update zep_budget set per_minute = 1000");
        // Five days are left, the 26th included.
        for (var call = 0; call < 8; call++)
        {
            Assert.Equal("t||", await TakeAsync(Noon, isWrite: false, monthly: 50));
        }

        Assert.Equal("f|day|00:00:00", await TakeAsync(Noon, isWrite: false, monthly: 50));
        Assert.Equal("t||", await TakeAsync(Noon, monthly: 50));
        Assert.Equal("t||", await TakeAsync(Noon, monthly: 50));
        Assert.Equal("f|day|00:00:00", await TakeAsync(Noon, monthly: 50));
        // Nothing was used on the 27th and 28th: 40 are left for the last two days.
        for (var call = 0; call < 20; call++)
        {
            Assert.Equal("t||", await TakeAsync("2026-11-29 12:00:00+00", monthly: 50));
        }

        Assert.Equal("f|day|00:00:00", await TakeAsync("2026-11-29 12:00:00+00", monthly: 50));
        Assert.Equal("t||", await TakeAsync("2026-12-01 00:00:00+00", monthly: 50));
        Assert.Equal("1|1", await database.PsqlAsync("select day_calls, month_calls from zep_budget"));
    }

    [Fact]
    public async Task a_month_that_is_used_up_is_over_and_no_figure_is_no_limit()
    {
        await ResetAsync();
        await database.PsqlAsync("update zep_budget set per_minute = 1000, day = '2026-11-26', day_calls = 0, month_calls = 50");
        Assert.Equal("f|month|00:00:00", await TakeAsync(Noon, monthly: 50));
        Assert.Equal("t||", await TakeAsync(Noon, monthly: 0));
    }

    [Fact]
    public async Task a_search_leaves_as_many_calls_as_writes_wait()
    {
        await ResetAsync();
        await database.PsqlAsync("insert into outbox (client_id, table_name, row_id) select 'w', 'events', uuid_v7() from generate_series(1, 4)");
        try
        {
            Assert.Equal("t||", await TakeAsync(Noon, isWrite: false));
            Assert.Equal("f|writes_first|12:00:01", await TakeAsync(Noon, isWrite: false));
            Assert.Equal("t||", await TakeAsync(Noon));
            // Behind one that is not tried yet none can be sent.
            await database.PsqlAsync("update outbox set next_attempt_at = '2026-11-26 12:05:00+00' where seq = (select min(seq) from outbox where client_id = 'w')");
            Assert.Equal("t||", await TakeAsync(Noon, isWrite: false));
        }
        finally
        {
            await database.PsqlAsync("delete from outbox where client_id = 'w'");
        }
    }

    [Fact]
    public async Task a_pause_holds_for_everybody_the_longer_one_wins_and_what_came_to_nothing_is_given_back()
    {
        await ResetAsync();
        await TakeAsync(Noon);
        await NoteAsync("null, null, null, true, timestamptz '2026-11-26 12:02:00+00', 'retry_after'");
        await NoteAsync("null, null, null, false, timestamptz '2026-11-26 12:01:00+00', 'retry_after'");

        Assert.Equal("f|retry_after|12:02:00", await TakeAsync(Noon));
        Assert.Equal("0|0", await database.PsqlAsync("select day_calls, month_calls from zep_budget"));
        Assert.Equal("t||", await TakeAsync("2026-11-26 12:02:00+00"));
    }

    [Fact]
    public async Task parallel_takers_get_no_more_calls_than_there_are()
    {
        await ResetAsync();
        await database.PsqlAsync("update zep_budget set per_minute = 20");
        var taken = await Task.WhenAll(Enumerable.Range(0, 40).Select(async _ =>
        {
            await using var command = database.Grains.CreateCommand($"select is_granted from take_zep_call(true, '{Noon}', 10000)");
            return (bool)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
        }));
        Assert.Equal(20, taken.Count(isGranted => isGranted));
    }

    private Task<string> ResetAsync() => database.PsqlAsync("delete from zep_budget; insert into zep_budget default values");

    private Task<string> TakeAsync(string at, bool isWrite = true, int monthly = 10_000) => database.PsqlAsync(
        string.Create(CultureInfo.InvariantCulture, $"select is_granted, reason, to_char(not_before at time zone 'UTC', 'HH24:MI:SS') from take_zep_call({isWrite}, '{at}', {monthly})"));

    private Task<string> NoteAsync(string values) => database.PsqlAsync($"select note_zep_answer('{Noon}', {values})");

    private Task<string> MinuteAsync() => database.PsqlAsync("select per_minute, minute_left, to_char(minute_ends_at at time zone 'UTC', 'HH24:MI:SS') from zep_budget");
}
