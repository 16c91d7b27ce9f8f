using Actors.Access;
using Actors.Facts;
using static Actors.Grains.Tests.Facts.FactQueryFixture;

namespace Actors.Grains.Tests.Facts;

public class FactQueryHistoryTests(FactQueryFixture fixture) : IClassFixture<FactQueryFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Task<FactHistory?> HistoryAsync(Guid id, ClientVisibility visibility) => fixture.Queries.HistoryAsync(id, visibility, Stop);

    private async Task<string[]> ContentsAsync(Guid id, ClientVisibility visibility) =>
        [.. (await HistoryAsync(id, visibility))!.Beliefs.Select(b => b.Fact.Content)];

    // tea, from day 5 coffee, from day 8 water; tea was corrected, coffee retracted.
    private async Task<Guid[]> ChainAsync(string client)
    {
        var ids = new[] { await fixture.InsertAsync(client, "tea", recorded: 10, validFrom: 1), Guid.CreateVersion7(), Guid.CreateVersion7() };
        await fixture.WriteAsync(11, "change", Change(ids[0], ids[1], client, "coffee", effective: 5));
        await fixture.WriteAsync(12, "change", Change(ids[1], ids[2], client, "water", effective: 8));
        await fixture.WriteAsync(13, "correct", $"update facts set content = 'green tea' where id = '{ids[0]}'");
        await fixture.WriteAsync(14, "retract", $"delete from facts where id = '{ids[1]}'");
        return ids;
    }

    [Fact]
    public async Task a_history_has_every_belief_of_the_whole_chain_oldest_first_whichever_fact_is_asked_for()
    {
        var client = fixture.NewClient();
        var ids = await ChainAsync(client);

        foreach (var id in ids)
        {
            var history = await HistoryAsync(id, Of(client));
            Assert.False(history!.IsTruncated);
            Assert.Equal(
                [
                    (ids[0], "tea", 10, 11, "change", null),
                    (ids[0], "tea", 11, 13, "correct", null),
                    (ids[0], "green tea", 13, null, null, null),
                    (ids[1], "coffee", 11, 12, "change", ids[0]),
                    (ids[1], "coffee", 12, 14, "retract", ids[0]),
                    (ids[2], "water", 12, (double?)null, (string?)null, (Guid?)ids[1]),
                ],
                history.Beliefs.Select(b => (b.Fact.Id, b.Fact.Content, DayOf(b.Fact.RecordedAt)!.Value, DayOf(b.Fact.RetractedAt), b.EndedBy, b.Supersedes)));
            Assert.Equal(
                ["ann|day 11", "ann|day 13", "|", "ann|day 12", "ann|day 14", "|"], history.Beliefs.Select(b => $"{b.Actor}|{b.Reason}"));
            Assert.Equal(
                [null, ids[1], ids[1], null, ids[2], null], history.Beliefs.Select(b => b.Fact.SupersededBy));
            Assert.Equal((Day(1), null, Day(5)), (history.Beliefs[0].Fact.ValidFrom, history.Beliefs[0].Fact.ValidTo, history.Beliefs[1].Fact.ValidTo));
        }
    }

    [Fact]
    public async Task a_belief_names_the_events_its_fact_came_from_and_a_retracted_fact_keeps_them()
    {
        var (client, other) = (fixture.NewClient(), fixture.NewClient());
        var ids = await ChainAsync(client);
        await fixture.Database.PsqlAsync($"""
            insert into events (id, client_id, content) values ('{Source(1)}', '{client}', 'a'), ('{Source(2)}', '{client}', 'b'), ('{Source(3)}', '{other}', 'c');
            insert into fact_sources (fact_id, event_id, span_start, span_end, extractor, extractor_version, created_at) values
            ('{ids[1]}', '{Source(2)}', 3, 7, 'rules', '2', now()), ('{ids[1]}', '{Source(1)}', null, null, default, default, now() - interval '1 day'),
            ('{ids[1]}', '{Source(3)}', null, null, default, default, now());
            """);
        FactSource[] expected = [new FactSource(Source(1), null, null, "manual", "1"), new FactSource(Source(2), 3, 7, "rules", "2")];

        var history = await HistoryAsync(ids[1], Of(client));

        Assert.All(history!.Beliefs, b => Assert.Equal(b.Fact.Id == ids[1] ? expected : [], b.Sources));
        Assert.Equal(3, (await HistoryAsync(ids[1], Everything))!.Beliefs.Single(b => b.EndedBy == "retract").Sources.Length);

        Guid Source(int n) => new($"00000000-0000-7000-8000-{int.Parse(client[1..]):000000000}{n:000}");
    }

    [Fact]
    public async Task a_history_is_there_for_those_who_may_see_the_fact_and_shows_nothing_of_others()
    {
        var (mine, other) = (fixture.NewClient(), fixture.NewClient());
        var ids = await ChainAsync(mine);
        await fixture.WriteAsync(15, "correct", $"update facts set client_id = '{other}' where id = '{ids[2]}'");

        // The fact's present client is what counts; a belief shows whose it was.
        Assert.Equal(["tea", "tea", "green tea", "coffee", "coffee", "water"], await ContentsAsync(ids[0], Of(mine)));
        Assert.Equal(["water"], await ContentsAsync(ids[2], Of(other)));
        Assert.Equal(7, (await ContentsAsync(ids[0], Everything)).Length);
        Assert.Equal(7, (await ContentsAsync(ids[2], Of(mine, other))).Length);
        Assert.Null(await HistoryAsync(ids[2], Of(mine)));
        Assert.Null(await HistoryAsync(ids[0], Of(other)));
        Assert.Null(await HistoryAsync(ids[1], Of()));
        Assert.Null(await HistoryAsync(Guid.NewGuid(), Everything));
    }

    [Fact]
    public async Task shared_facts_have_a_history_for_everybody()
    {
        var id = await fixture.InsertAsync(null, "shared", recorded: 1, validFrom: 1);
        await fixture.WriteAsync(2, "retract", $"delete from facts where id = '{id}'");

        Assert.Equal(["shared"], await ContentsAsync(id, Of()));
    }

    [Fact]
    public async Task a_circle_of_successors_is_told_once()
    {
        var client = fixture.NewClient();
        var ids = await ChainAsync(client);
        await fixture.WriteAsync(15, "correct", $"update facts set superseded_by = '{ids[0]}' where id = '{ids[2]}'");

        Assert.Equal(7, (await ContentsAsync(ids[0], Of(client))).Length);
    }

    [Fact]
    public async Task a_successor_of_two_facts_has_both_in_its_history()
    {
        var client = fixture.NewClient();
        await fixture.InsertAsync(client, "tea", recorded: 1, validFrom: 1);
        await fixture.InsertAsync(client, "coffee", recorded: 1, validFrom: 2);
        var id = Guid.Parse(await fixture.Database.PsqlAsync($"select update_fact_temporal('user', '{client}', 'likes', 'water', 0.5, '{client}')"));

        Assert.Equal(["tea", "tea", "coffee", "coffee", "water"], await ContentsAsync(id, Of(client)));
    }

    [Fact]
    public async Task a_fact_that_was_moved_to_another_subject_keeps_its_chain()
    {
        var client = fixture.NewClient();
        var ids = await ChainAsync(client);
        await fixture.WriteAsync(15, "correct", $"update facts set subject_id = 'moved' where id = '{ids[2]}'");

        Assert.Equal(7, (await ContentsAsync(ids[2], Of(client))).Length);
    }

    [Fact]
    public async Task of_more_than_10000_beliefs_those_next_to_the_fact_are_told()
    {
        var client = fixture.NewClient();
        await fixture.WriteAsync(100, "change", $"""
            insert into facts (id, client_id, subject_type, subject_id, fact_type, content, valid_from, valid_to, superseded_by)
            select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, '{client}', 'user', '{client}', 'counts', n::text,
                   timestamptz '{Day(1):O}' + n * interval '1 s', timestamptz '{Day(1):O}' + (n + 1) * interval '1 s',
                   ('00000000-0000-7000-8000-' || lpad((n + 1)::text, 12, '0'))::uuid
            from generate_series(1, 15000) n
            """);

        var history = await HistoryAsync(new Guid("00000000-0000-7000-8000-000000012000"), Of(client));

        Assert.Equal((10_000, true), (history!.Beliefs.Length, history.IsTruncated));
        Assert.Equal(Enumerable.Range(5001, 10_000).Select(n => $"{n}"), history.Beliefs.Select(b => b.Fact.Content));
    }

    [Fact]
    public async Task a_history_ends_after_8388608_characters_with_the_newest_beliefs_of_the_fact()
    {
        var client = fixture.NewClient();
        var id = await fixture.InsertAsync(client, "first", recorded: 1, validFrom: 1);
        for (var day = 2; day <= 41; day++)
        {
            await fixture.WriteAsync(day, "correct", $"update facts set content = '{day}' || repeat('x', 262142) where id = '{id}'");
        }

        var history = await HistoryAsync(id, Of(client));

        Assert.True(history!.IsTruncated);
        Assert.Equal(Enumerable.Range(10, 32).Select(day => $"{day}"), history.Beliefs.Select(b => b.Fact.Content[..^262142]));
    }

    private static double? DayOf(DateTimeOffset? time) => time is { } t ? (t - Day(1)).TotalDays + 1 : null;
}
