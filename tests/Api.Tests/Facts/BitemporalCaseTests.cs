namespace Actors.Api.Tests.Facts;

/// <summary>Histories that chance seldom makes.</summary>
[Collection(ServiceTests.Name)]
public class BitemporalCaseTests(ServiceFixture service)
{
    [Fact]
    public Task a_change_of_a_superseded_fact_is_told_the_fact_that_sql_put_in_its_place() => HappensAsync(
        new Create(Fact(null, -24), false),
        new Update(1, null),
        new SqlChange(1, "likes", true),
        new Update(1, null));

    [Fact]
    public Task a_fact_whose_end_sql_took_away_can_be_changed() => HappensAsync(
        new Create(Fact(null, -24, -2), false),
        new Update(1, null),
        new SqlReopen(1),
        new Update(1, null));

    [Fact]
    public Task what_sql_rewrote_can_be_corrected_and_what_it_deleted_cannot_be_changed() => HappensAsync(
        new Create(Fact("a", 24), false),
        new SqlRewrite(1, null),
        new Correct(1, true, null, null, false),
        new SqlDelete(1, null),
        new Update(1, null),
        new Create(Fact("a", 24), false));

    [Fact]
    public Task a_fact_that_replaced_several_does_not_begin_before_the_last_of_them_has_ended() => HappensAsync(
        new Create(Fact(null, -72), false),
        new Create(Fact(null, -24), false),
        new SqlChange(1, "likes", true),
        new SqlClose(2, At(-2), null),
        new Correct(3, false, At(-2), null, false));

    [Fact]
    public Task a_fact_that_lasts_as_long_as_the_one_it_replaced_was_to_is_followed_by_what_was_planned() => HappensAsync(
        new Create(Fact("a", -24), false),
        new Update(1, At(24)),
        new Create(Fact("a", -2, 24), true),
        new Update(3, At(72)));

    private static Draft Fact(string? key, int from, int? to = null) => new(1, "likes", key, At(from), to is { } end ? At(end) : null);

    private static Moment At(int hours) => new(Anchor.Beginning, 0, TimeSpan.FromHours(hours));

    private async Task HappensAsync(params Operation[] operations)
    {
        var run = new BitemporalRun(service.Client, service.Database, service.NewClient());
        await run.HappenAsync(operations);
        await run.LookAsync(seed: 1);
    }
}
