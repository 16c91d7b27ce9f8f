using Actors.Facts;

namespace Actors.Grains.Tests.Promotion;

/// <summary>What a subject makes of what is found: the table of docs/promotion.md.</summary>
public class PromotionRuleTests(PromotionStage stage) : IClassFixture<PromotionStage>
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly string _client = stage.NewClient();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("1 2 3")]
    [InlineData("3 2 1")]
    [InlineData("2 3 1")]
    [InlineData("3 1 2")]
    public async Task single_valued_facts_follow_each_other_by_when_they_occurred_whatever_order_they_come_in(string order)
    {
        foreach (var month in order.Split(' ').Select(int.Parse))
        {
            await FoundAsync($"user Ada hours#work: Works from {month} on.", month);
        }

        Assert.Equal(
            """
            Works from 1 on.|2026-01-01|2026-02-01
            Works from 2 on.|2026-02-01|2026-03-01
            Works from 3 on.|2026-03-01|
            """, await stage.FactsAsync(_client));
    }

    [Fact]
    public async Task what_was_proven_later_is_not_ended_by_what_an_older_memory_says()
    {
        await FoundAsync("user Ada employer#employer: Works at Acme.", 1);
        await FoundAsync("user Ada employer#employer: I am still with Acme. => Works at Acme.", 3);
        var late = await FoundAsync("user Ada employer#employer: Works at Globex.", 2);

        Assert.Equal("Works at Acme.|2026-01-01|", await stage.FactsAsync(_client));
        Assert.Equal(["Fact 0: proven_later."], (await stage.JobAsync(late)).SetAside);
        await FoundAsync("user Ada employer#employer: Works at Initech.", 4);
        Assert.Equal("Works at Acme.|2026-01-01|2026-04-01\nWorks at Initech.|2026-04-01|", await stage.FactsAsync(_client));
    }

    [Fact]
    public async Task words_of_a_fact_that_begins_later_are_news()
    {
        await FoundAsync("user Ada home#home: Lives in Paris.", 2);
        await FoundAsync("user Ada home#home: Lives in Berlin.", 3);
        await FoundAsync("user Ada home#home: Lives in Berlin.", 1);

        Assert.Equal("Lives in Berlin.|2026-01-01|2026-02-01\nLives in Paris.|2026-02-01|2026-03-01\nLives in Berlin.|2026-03-01|", await stage.FactsAsync(_client));
    }

    [Fact]
    public async Task a_single_valued_fact_that_is_said_again_is_confirmed()
    {
        await FoundAsync("user Ada hours#work: Works 9 to 17.", 1);
        await FoundAsync("user Ada hours#work: I still do my 9 to 17. => works 9 to 17!", 2);
        await FoundAsync("user Ada hours#work: Works 10 to 17.", 3);

        Assert.Equal("Works 9 to 17.|2026-01-01|2026-03-01\nWorks 10 to 17.|2026-03-01|", await stage.FactsAsync(_client));
        Assert.Equal((int[])[2, 1], await ProofsAsync("Ada"));
    }

    [Fact]
    public async Task a_fact_that_is_said_in_nearly_the_same_words_is_confirmed_and_counts_each_event_once()
    {
        var first = await FoundAsync("user Ada drink: Prefers green tea to coffee.", 1);
        var second = await FoundAsync("user Ada drink: Really prefers green teas to coffee!\nuser Ada drink: Prefers the green tea to coffee.", 2);
        await FoundAsync("user Ada drink: Prefers coffee to green tea.", 3);
        await FoundAsync("user Bob drink: Really prefers the green teas to coffee.", 4);
        await FoundAsync("user Ada snack: Also prefers green tea to coffee.", 5);

        Assert.Equal(4, (await stage.FactsAsync(_client)).Split('\n').Length);
        Assert.Equal((int[])[2, 1, 1], (await ProofsAsync("Ada")).OrderDescending());
        var promoted = (await stage.Session(_client).GetEventAsync(first, Stop))!.PromotedToFactId;
        Assert.Equal(promoted, (await stage.Session(_client).GetEventAsync(second, Stop))!.PromotedToFactId);
    }

    [Fact]
    public async Task a_fact_that_had_ended_is_not_confirmed()
    {
        await FoundAsync("user Ada hours#work: Works 9 to 17.", 1);
        await FoundAsync("user Ada hours#work: Works 10 to 17.", 2);
        await FoundAsync("Now. user Ada hours#work: Works again 9 to 17.", 3);
        await FoundAsync("user Ada hours#work: Really works again 9 to 17.", 4);

        Assert.Equal(4, (await stage.FactsAsync(_client)).Split('\n').Length);
    }

    [Fact]
    public async Task a_fact_that_another_takes_the_place_of_ends_where_that_begins()
    {
        await FoundAsync("user Ada home: Lives in Rome.", 1);
        var rome = (await BeliefsAsync("Ada"))[0].Id;

        await FoundAsync($"user Ada home retires {rome}: Lives in Oslo.", 2);

        Assert.Equal("Lives in Rome.|2026-01-01|2026-02-01\nLives in Oslo.|2026-02-01|", await stage.FactsAsync(_client));
        var history = await stage.Queries.HistoryAsync(rome, new(default), Stop);
        Assert.Equal((rome, 1), (history!.Beliefs[^1].Supersedes!.Value, history.Beliefs[^1].ProofCount));
        Assert.Equal(("test", "7", "small"), history.Beliefs[^1].Sources.Select(source => (source.Extractor, source.ExtractorVersion, source.Model!)).Single());
    }

    [Fact]
    public async Task a_fact_whose_successor_is_known_already_is_left_to_people()
    {
        await FoundAsync("user Ada contact: Prefers email.", 1);
        await FoundAsync("user Ada contact: Prefers phone calls.", 2);
        var calls = (await BeliefsAsync("Ada")).Single(fact => fact.Content == "Prefers phone calls.").Id;

        var found = await FoundAsync($"user Ada contact retires {calls}: Email from now on. => Prefers email.", 3);

        Assert.Equal("Prefers email.|2026-01-01|\nPrefers phone calls.|2026-02-01|", await stage.FactsAsync(_client));
        Assert.Equal(["Fact 0: successor_known."], (await stage.JobAsync(found)).SetAside);
    }

    [Fact]
    public async Task a_fact_that_is_said_to_end_is_not_confirmed_by_words_like_its_own()
    {
        await FoundAsync("user Ada home: Lives with three dogs and two cats in an old house near the river.", 1);
        var known = (await BeliefsAsync("Ada"))[0].Id;

        await FoundAsync($"user Ada home retires {known}: Lives with three dogs and two cats in an old house near the wide river.", 2);
        var next = (await BeliefsAsync("Ada"))[^1].Id;
        await FoundAsync($"user Ada home retires {next}: Still there. => lives with three dogs and two cats in an old house near the wide river!", 3);

        Assert.Equal((int[])[1, 2], await ProofsAsync("Ada"));
        Assert.Equal("2026-02-01", await stage.Database.PsqlAsync($"select valid_to::date from facts where id = '{known}'"));
    }

    [Theory]
    [InlineData("user", "Bob", "home")]
    [InlineData("user", "Ada", "place")]
    [InlineData("team", "Ada", "home")]
    public async Task a_fact_of_another_subject_or_type_is_left_alone(string type, string id, string fact)
    {
        await FoundAsync("user Ada home: Lives in Rome.", 1);
        var rome = (await BeliefsAsync("Ada"))[0].Id;

        await FoundAsync($"{type} {id} {fact} retires {rome}: Lives in Oslo.", 2);

        Assert.Equal("Lives in Rome.|2026-01-01|\nLives in Oslo.|2026-02-01|", await stage.FactsAsync(_client));
    }

    [Fact]
    public async Task another_clients_fact_and_a_shared_one_are_left_alone()
    {
        var other = stage.NewClient();
        foreach (var owner in new[] { other, null })
        {
            var theirs = await stage.Subject(owner, "Ada").CreateAsync(
                new CreateFactRequest("home", "Lives in Rome.", null, null, null, Start, null, "{}", [], FactConflict.Refuse, new FactAuthor("tester")), Stop);

            await FoundAsync($"user Ada home retires {theirs.Fact.Id}: Lives in Oslo{owner}.", 2);

            Assert.Equal("", await stage.Database.PsqlAsync($"select valid_to from facts where id = '{theirs.Fact.Id}'"));
        }

        Assert.Equal(2, (await stage.FactsAsync(_client)).Split('\n').Length);
    }

    [Fact]
    public async Task an_event_older_than_the_fact_it_would_take_the_place_of_tells_what_held_before()
    {
        await FoundAsync("user Ada home: Lives in Rome.", 3);
        var rome = (await BeliefsAsync("Ada"))[0].Id;

        await FoundAsync($"user Ada home retires {rome}: Lives in Oslo.", 2);

        Assert.Equal("Lives in Oslo.|2026-02-01|2026-03-01\nLives in Rome.|2026-03-01|", await stage.FactsAsync(_client));
    }

    [Fact]
    public async Task two_values_of_a_key_at_one_instant_are_one_and_the_other_is_set_aside()
    {
        var memory = await FoundAsync("user Ada hours#work: Works 9 to 17.\nuser Ada hours#work: Works 10 to 18.", 1);

        Assert.Equal("Works 9 to 17.|2026-01-01|", await stage.FactsAsync(_client));
        Assert.Equal(["Fact 1: another fact of its key begins at that very instant."], (await stage.JobAsync(memory)).SetAside);
    }

    [Fact]
    public async Task a_confirmation_leaves_the_belief_and_the_order_of_times_as_they_are()
    {
        await FoundAsync("user Ada drink: Prefers green tea to coffee.", 1);
        var before = (await BeliefsAsync("Ada"))[0];
        await FoundAsync("user Ada drink: Really prefers green tea to coffee.", 2);
        Assert.Equal(before, (await BeliefsAsync("Ada"))[0]);

        // On a clock that stands still, what comes after is later all the same.
        var next = await stage.RememberAsync(_client, "Something else.", salience: 0.1);
        Assert.Equal("t", await stage.Database.PsqlAsync($"select bool_and(created_at < '{next.CreatedAt:O}') from events where client_id = '{_client}' and id <> '{next.Id}'"));
    }

    private async Task<Guid> FoundAsync(string content, int month)
    {
        var memory = await stage.RememberAsync(_client, content, Start.AddMonths(month - 1));
        await stage.SweepAsync();
        return memory.Id;
    }

    private async Task<FactRecord[]> BeliefsAsync(string id) =>
        [.. (await stage.Queries.ListAsync(new FactListRequest(new([_client]), "user", id, null, null, null, null, null, FactInclude.All, 100, null), Stop)).Facts
            .Where(fact => fact.Subject.ClientId == _client).Reverse()];

    private async Task<int[]> ProofsAsync(string id)
    {
        var proofs = new List<int>();
        foreach (var fact in (await BeliefsAsync(id)).OrderBy(fact => fact.ValidFrom))
        {
            proofs.Add((await stage.Queries.FindKnownAsync(fact.Id, new(default), null, Stop))!.ProofCount);
        }

        return [.. proofs];
    }
}
