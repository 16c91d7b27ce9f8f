using Actors.Grains.Tests.Embeddings;
using Actors.Support;
using Actors.Zep;

namespace Actors.Grains.Tests.Zep;

/// <summary>What the sweeper finds in the outbox, and what is told of it.</summary>
public sealed class OutboxStoreTests(ZepDatabase database) : IClassFixture<ZepDatabase>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task clients_are_due_whose_first_row_may_be_sent()
    {
        var time = new ManualTimeProvider();
        await database.PsqlAsync(
            """
            delete from outbox;
            insert into outbox (client_id, table_name, row_id, next_attempt_at, failed_at) values
                ('due', 'events', uuid_v7(), null, null), ('due', 'events', uuid_v7(), '2040-01-01', null),
                ('later', 'events', uuid_v7(), '2031-03-09 09:00:00+00', null), ('later', 'events', uuid_v7(), null, null),
                ('set-aside', 'events', uuid_v7(), null, now()), ('set-aside', 'facts', uuid_v7(), null, null),
                ('only-set-aside', 'events', uuid_v7(), null, now());
            """);
        var store = new OutboxStore(database.Storage, time);

        Assert.Equal(["due", "set-aside"], await store.ListDueAsync(Stop));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(["due", "later", "set-aside"], await store.ListDueAsync(Stop));

        var state = await store.ReadStateAsync(Stop);
        Assert.Equal((5, 2), (state.Waiting, state.Failed));
        Assert.NotNull(state.OldestAt);
        await database.PsqlAsync("delete from outbox");
        Assert.Empty(await store.ListDueAsync(Stop));
    }

    [Fact]
    public async Task what_waits_is_counted_up_to_a_bound_and_its_oldest_is_found_behind_it()
    {
        await database.PsqlAsync(
            $"""
            delete from outbox;
            insert into outbox (client_id, table_name, row_id, created_at) select 'many', 'events', uuid_v7(), '2031-03-09 07:00:00+00' from generate_series(1, {OutboxStore.MaxCounted + 1});
            insert into outbox (client_id, table_name, row_id, created_at) values ('one', 'events', uuid_v7(), '2031-03-09 06:00:00+00');
            insert into outbox (client_id, table_name, row_id, failed_at) select 'many', 'events', uuid_v7(), now() from generate_series(1, 3);
            """);

        var state = await new OutboxStore(database.Storage, new ManualTimeProvider()).ReadStateAsync(Stop);

        Assert.Equal(new OutboxState(OutboxStore.MaxCounted, DateTimeOffset.Parse("2031-03-09T06:00:00Z", null), 3), state);
        await database.PsqlAsync("delete from outbox");
    }

    [Fact]
    public void gauges_tell_what_waits_and_what_is_left()
    {
        using var meters = new Meters();
        var time = new ManualTimeProvider();
        var metrics = new ZepMetrics(meters, time);
        using var counts = new MeasuredCounts(meters);
        Assert.Equal("", counts.Read());

        metrics.Looked(
            new OutboxState(Waiting: 3, OldestAt: time.GetUtcNow().AddSeconds(-5), Failed: 1),
            new ZepBudgetState(600, 590, time.GetUtcNow(), DayCalls: 41, DayShare: 322, MonthCalls: 8_120, null, null));

        Assert.Equal(
            "actors.zep.day_left=281 actors.zep.minute_left=590 actors.zep.month_calls=8120 actors.zep.oldest_seconds=5 actors.zep.set_aside=1 actors.zep.waiting=3", counts.Read());
    }
}
