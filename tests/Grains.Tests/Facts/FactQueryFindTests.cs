using Actors.Facts;
using static Actors.Grains.Tests.Facts.FactQueryFixture;

namespace Actors.Grains.Tests.Facts;

public class FactQueryFindTests(FactQueryFixture fixture) : IClassFixture<FactQueryFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IFactQueryGrain Queries => fixture.Queries;

    [Fact]
    public async Task one_fact_is_found_with_all_it_says()
    {
        var client = fixture.NewClient();
        var (id, successor) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await fixture.WriteAsync(3, "change", $$"""
            insert into facts (id, client_id, subject_type, subject_id, fact_type, content, salience_score, category, fact_key, valid_from, valid_to, metadata, zep_fact_id, superseded_by)
            values ('{{id}}', '{{client}}', 'user', 'Ada', 'likes', 'tea', 0.25, 'food', 'drink', '{{Day(1):O}}', '{{Day(2):O}}', '{"n": 1e2}', 'z', '{{successor}}')
            """);

        Assert.Equal(
            new FactRecord(
                id, new FactSubject(client, "user", "Ada"), "likes", "tea", 0.25, "food", "drink", Day(1), Day(2), """{"n": 100}""", "z", successor, Day(3), Day(3), null),
            await Queries.FindAsync(id, Of(client), null, Stop));
    }

    [Fact]
    public async Task known_at_finds_the_belief_of_that_time()
    {
        var client = fixture.NewClient();
        var id = await fixture.InsertAsync(client, "tea", recorded: 2, validFrom: 1);
        await fixture.WriteAsync(4, "correct", $"update facts set content = 'coffee' where id = '{id}'");
        await fixture.WriteAsync(6, "retract", $"delete from facts where id = '{id}'");

        Assert.Null(await AtAsync(Day(2).AddMicroseconds(-1)));
        Assert.Equal(("tea", Day(2), Day(4)), await AtAsync(Day(2)));
        Assert.Equal(("tea", Day(2), Day(4)), await AtAsync(Day(4).AddMicroseconds(-1)));
        Assert.Equal(("coffee", Day(4), Day(6)), await AtAsync(Day(4)));
        Assert.Null(await AtAsync(Day(6)));
        Assert.Null(await AtAsync(null));

        async Task<(string, DateTimeOffset, DateTimeOffset?)?> AtAsync(DateTimeOffset? knownAt) =>
            await Queries.FindAsync(id, Of(client), knownAt, Stop) is { } fact ? (fact.Content, fact.RecordedAt, fact.RetractedAt) : null;
    }

    [Fact]
    public async Task a_fact_of_another_client_is_not_found_and_a_shared_one_is()
    {
        var (mine, other) = (fixture.NewClient(), fixture.NewClient());
        var (foreign, shared) = (await fixture.InsertAsync(other, "foreign", 1, 1), await fixture.InsertAsync(null, "shared", 1, 1));
        await fixture.WriteAsync(3, "correct", $"update facts set category = 'x' where id in ('{foreign}', '{shared}')");

        foreach (var knownAt in new DateTimeOffset?[] { null, Day(2), Day(4) })
        {
            Assert.Null(await Queries.FindAsync(foreign, Of(mine), knownAt, Stop));
            Assert.Equal("shared", (await Queries.FindAsync(shared, Of(mine), knownAt, Stop))?.Content);
            Assert.Equal("shared", (await Queries.FindAsync(shared, Of(), knownAt, Stop))?.Content);
            Assert.Equal("foreign", (await Queries.FindAsync(foreign, Everything, knownAt, Stop))?.Content);
        }
    }

    [Fact]
    public async Task the_subject_of_a_fact_is_known_also_after_its_retraction_and_of_shared_facts()
    {
        var client = fixture.NewClient();
        var (kept, gone, shared) = (
            await fixture.InsertAsync(client, "kept", 1, 1), await fixture.InsertAsync(client, "gone", 1, 1), await fixture.InsertAsync(null, "shared", 1, 1));
        await fixture.WriteAsync(2, "correct", $"update facts set subject_id = 'moved' where id in ('{kept}', '{gone}')");
        await fixture.WriteAsync(3, "retract", $"delete from facts where id = '{gone}'");

        Assert.Equal(new FactSubject(client, "user", "moved"), await Queries.FindSubjectAsync(kept, Stop));
        Assert.Equal(new FactSubject(client, "user", "moved"), await Queries.FindSubjectAsync(gone, Stop));
        Assert.Equal(new FactSubject(null, "user", "house"), await Queries.FindSubjectAsync(shared, Stop));
        Assert.Null(await Queries.FindSubjectAsync(Guid.NewGuid(), Stop));
    }
}
