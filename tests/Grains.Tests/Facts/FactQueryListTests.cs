using Actors.Access;
using Actors.Facts;
using Actors.Support;
using static Actors.Grains.Tests.Facts.FactQueryCalls;
using static Actors.Grains.Tests.Facts.FactQueryFixture;

namespace Actors.Grains.Tests.Facts;

public class FactQueryListTests(FactQueryFixture fixture) : IClassFixture<FactQueryFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IFactQueryGrain Queries => fixture.Queries;

    [Fact]
    public async Task every_as_of_and_known_at_shows_what_was_believed_then_about_that_time()
    {
        var client = fixture.NewClient();
        var (first, second) = (await fixture.InsertAsync(client, "tea", recorded: 10, validFrom: 2), Guid.CreateVersion7());
        await fixture.WriteAsync(12, "change", Change(first, second, client, "coffee", effective: 5));
        await fixture.WriteAsync(14, "correct", $"update facts set content = 'green tea' where id = '{first}'");
        await fixture.WriteAsync(16, "correct", $"update facts set valid_from = '{Day(1):O}' where id = '{first}'");
        await fixture.WriteAsync(18, "retract", $"delete from facts where id = '{second}'");

        (double KnownAt, string AsOf1, string AsOf2, string AsOf4, string AsOf5)[] table =
        [
            (9, "", "", "", ""),
            (10, "", "tea", "tea", "tea"),
            (11, "", "tea", "tea", "tea"),
            (12, "", "tea", "tea", "coffee"),
            (13, "", "tea", "tea", "coffee"),
            (14, "", "green tea", "green tea", "coffee"),
            (16, "green tea", "green tea", "green tea", "coffee"),
            (17, "green tea", "green tea", "green tea", "coffee"),
            (18, "green tea", "green tea", "green tea", ""),
            (19, "green tea", "green tea", "green tea", ""),
        ];
        foreach (var row in table)
        {
            var found = (row.KnownAt, await AtAsync(1, row.KnownAt), await AtAsync(2, row.KnownAt), await AtAsync(4, row.KnownAt), await AtAsync(5, row.KnownAt));
            Assert.Equal(row, found);
        }

        Assert.Equal(("green tea", "green tea", ""), (await AtAsync(1, null), await AtAsync(4.999, null), await AtAsync(5, null)));

        async Task<string> AtAsync(double asOf, double? knownAt) =>
            await Queries.ContentsAsync(ListOf(client, Day(asOf), knownAt is { } day ? Day(day) : null));
    }

    [Theory]
    [InlineData(FactInclude.Current, null, "now")]
    [InlineData(FactInclude.History, null, "ended")]
    [InlineData(FactInclude.All, null, "planned,now,ended")]
    [InlineData(FactInclude.Current, 10.5, "now")]
    [InlineData(FactInclude.History, 10.5, "ended")]
    [InlineData(FactInclude.All, 10.5, "planned,now,ended")]
    public async Task include_chooses_by_valid_time(FactInclude include, double? knownAt, string expected)
    {
        var client = fixture.NewClient();
        await fixture.InsertAsync(client, "ended", recorded: 1, validFrom: 1, validTo: 5);
        await fixture.InsertAsync(client, "now", recorded: 2, validFrom: 5, validTo: 6);
        await fixture.InsertAsync(client, "planned", recorded: 3, validFrom: 6);

        Assert.Equal(expected, await Queries.ContentsAsync(ListOf(client, Day(5), knownAt is { } day ? Day(day) : null, include)));
    }

    [Fact]
    public async Task all_filters_that_are_given_must_hold()
    {
        var client = fixture.NewClient();
        await fixture.Database.PsqlAsync($"""
            insert into facts (client_id, subject_type, subject_id, fact_type, content, category, fact_key) values
            ('{client}', 'user', '1', 'likes', 'a', 'food', 'drink'), ('{client}', 'user', '1', 'likes', 'b', 'food', null),
            ('{client}', 'user', '1', 'owns', 'c', 'food', 'drink'), ('{client}', 'user', '2', 'likes', 'd', null, 'drink'),
            ('{client}', 'team', '1', 'likes', 'e', 'food', 'drink')
            """);
        var all = Of(client).List();

        Assert.Equal("a,b,c,d", await SortedAsync(all with { SubjectType = "user" }));
        Assert.Equal("a,b,c,e", await SortedAsync(all with { SubjectId = "1" }));
        Assert.Equal("a,b,d,e", await SortedAsync(all with { FactType = "likes" }));
        Assert.Equal("a,b,c,e", await SortedAsync(all with { Category = "food" }));
        Assert.Equal("a,c,d,e", await SortedAsync(all with { FactKey = "drink" }));
        Assert.Equal("a", await SortedAsync(all with { SubjectType = "user", SubjectId = "1", FactType = "likes", Category = "food", FactKey = "drink" }));
        Assert.Equal("", await SortedAsync(all with { SubjectType = "User" }));

        async Task<string> SortedAsync(FactListRequest request) =>
            string.Join(',', (await Queries.ListAsync(request, Stop)).Facts.Where(f => f.Subject.ClientId == client).Select(f => f.Content).Order());
    }

    [Fact]
    public async Task a_caller_sees_its_clients_and_the_house_and_nobody_else_now_and_then()
    {
        var (mine, also, other) = (fixture.NewClient(), fixture.NewClient(), fixture.NewClient());
        var tag = $"{mine}-{other}";
        foreach (var (client, day) in new[] { (mine, 1), (also, 2), (other, 3), ((string?)null, 4) })
        {
            var id = await fixture.InsertAsync(client, "old", recorded: day, validFrom: 1);
            await fixture.WriteAsync(day + 10, "correct", $"update facts set fact_type = '{tag}', content = '{client ?? "house"}' where id = '{id}'");
            await fixture.WriteAsync(day + 20, "correct", $"update facts set category = 'later' where id = '{id}'");
        }

        foreach (var knownAt in new DateTimeOffset?[] { null, Day(20), Day(30) })
        {
            Assert.Equal($"house,{mine}", await SeenByAsync(Of(mine), knownAt));
            Assert.Equal($"house,{also},{mine}", await SeenByAsync(Of(mine, also), knownAt));
            Assert.Equal($"house,{other},{also},{mine}", await SeenByAsync(Everything, knownAt));
            Assert.Equal("house", await SeenByAsync(Of(), knownAt));
        }

        async Task<string> SeenByAsync(ClientVisibility visibility, DateTimeOffset? knownAt) =>
            await Queries.ContentsAsync(visibility.List(Day(40), knownAt) with { FactType = tag });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task pages_together_are_the_list_whatever_is_written_meanwhile(bool isAdmin)
    {
        var (mine, other) = (fixture.NewClient(), fixture.NewClient());
        var tag = $"paged-{mine}";
        await fixture.WriteAsync(1, "change", $"""
            insert into facts (client_id, subject_type, subject_id, fact_type, content, valid_from)
            select case n % 3 when 0 then '{mine}' when 1 then '{other}' end, 'user', n::text, '{tag}', n::text, '{Day(1):O}' from generate_series(1, 60) n
            """);
        // The same instant for many rows, and rows of other instants.
        for (var day = 2; day < 6; day++)
        {
            await fixture.WriteAsync(day, "change", $"""
                insert into facts (client_id, subject_type, subject_id, fact_type, content, valid_from)
                values ('{mine}', 'user', 'x', '{tag}', 'day {day}', '{Day(1):O}')
                """);
        }

        var visibility = isAdmin ? Everything : Of(mine, other);
        var request = visibility.List(Day(6), Day(6)) with { FactType = tag };
        var expected = (await Queries.ListAsync(request, Stop)).Facts;
        Assert.Equal(64, expected.Length);

        var paged = new List<FactRecord>();
        var request7 = request with { Limit = 7 };
        for (var day = 10; ; day++)
        {
            var page = await Queries.ListAsync(request7, Stop);
            Assert.InRange(page.Facts.Length, 1, 7);
            paged.AddRange(page.Facts);
            if (page.Next is null)
            {
                break;
            }

            request7 = request7 with { After = page.Next };
            await fixture.WriteAsync(day, "correct", $"update facts set content = content || '!' where fact_type = '{tag}' and subject_id::text <> 'x' and subject_id::int % 10 = {day % 10}");
            await fixture.WriteAsync(day + 0.5, "retract", $"delete from facts where id = '{expected[day].Id}'");
        }

        Assert.Equal(expected.Select(f => (f.Id, f.Content)), paged.Select(f => (f.Id, f.Content)));
        Assert.NotEqual(expected.Length, (await Queries.ListAsync(request with { KnownAt = null }, Stop)).Facts.Length);
    }

    [Fact]
    public async Task large_facts_make_short_pages()
    {
        var client = fixture.NewClient();
        await fixture.Database.PsqlAsync($"""
            insert into facts (client_id, subject_type, subject_id, fact_type, content)
            select '{client}', 'user', 'large', 'likes', repeat('x', 262144) from generate_series(1, 40)
            """);

        var first = await Queries.ListAsync(Of(client).List() with { SubjectId = "large" }, Stop);
        var second = await Queries.ListAsync(Of(client).List() with { SubjectId = "large", After = first.Next }, Stop);

        Assert.Equal((32, 8), (first.Facts.Length, second.Facts.Length));
        Assert.Null(second.Next);
        Assert.Empty(first.Facts.Select(f => f.Id).Intersect(second.Facts.Select(f => f.Id)));
    }

    [Fact]
    public async Task a_fact_holds_from_the_moment_it_is_recorded_also_where_the_clock_is_behind()
    {
        await using var database = await TestPostgres.CreateAsync();
        await using var host = await GrainHost.StartAsync(database, new ManualTimeProvider(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        var queries = host.Grains.GetGrain<IFactQueryGrain>(IFactQueryGrain.Key);
        await database.PsqlAsync("""
            select update_fact_temporal('user', '1', 'likes', 'tea', 0.5, 'a');
            select update_fact_temporal('user', '1', 'likes', 'coffee', 0.5, 'a');
            insert into facts (client_id, subject_type, subject_id, fact_type, content, valid_from) values ('a', 'user', '1', 'likes', 'planned', now() + interval '1 day');
            """);

        Assert.Equal("coffee", await queries.ContentsAsync(Of("a").List()));
        Assert.Equal("tea", await queries.ContentsAsync(Of("a").List(include: FactInclude.History)));
        Assert.Equal("", await queries.ContentsAsync(Of("a").List(asOf: new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero))));
    }

    [Fact]
    public async Task what_update_fact_temporal_wrote_reads_as_a_change()
    {
        var client = fixture.NewClient();
        await fixture.Database.PsqlAsync($"select update_fact_temporal('user', '{client}', 'likes', 'tea', 0.9, '{client}')");
        var tea = (await Queries.ListAsync(ListOf(client), Stop)).Facts.Single();
        await fixture.Database.PsqlAsync($"select update_fact_temporal('user', '{client}', 'likes', 'coffee', 0.6, '{client}')");

        var coffee = (await Queries.ListAsync(ListOf(client), Stop)).Facts.Single();
        var ended = (await Queries.ListAsync(ListOf(client, include: FactInclude.History), Stop)).Facts.Single();
        var then = (await Queries.ListAsync(ListOf(client, tea.RecordedAt, tea.RecordedAt), Stop)).Facts.Single();

        Assert.Equal(("tea", 0.9, new FactSubject(client, "user", client), "{}"), (tea.Content, tea.Salience, tea.Subject, tea.MetadataJson));
        Assert.Equal(("coffee", (Guid?)null, (DateTimeOffset?)null), (coffee.Content, coffee.SupersededBy, coffee.RetractedAt));
        Assert.Equal((tea.Id, coffee.Id, coffee.ValidFrom), (ended.Id, ended.SupersededBy, ended.ValidTo));
        Assert.Equal(tea with { RetractedAt = ended.RecordedAt }, then);
    }
}
