using Actors.Promotion;

namespace Actors.Grains.Tests.Promotion;

/// <summary>What recall has told is no news when it comes back.</summary>
public class RecalledTextTests(PromotionStage stage) : IClassFixture<PromotionStage>
{
    private const string Id = "01a2087e-98d2-7a10-9c1f-3f2f3c9a6d11";

    private readonly string _client = stage.NewClient();

    [Theory]
    [InlineData("- [2026-11-26 09:30] Ada: I prefer tea. (memory " + Id + ")")]
    [InlineData("- [since 2026-11-26 09:30] user Ada, preference: Prefers tea 🍵. (fact " + Id + ")\n- [2026-11-26 09:30 to 2026-11-27 09:30] user Ada, home: Rome ... (fact " + Id + ")\n")]
    [InlineData("- [since 2026-11-26 09:30] Noted. I prefer tea. (zep e1)\n- [2026-11-26 09:30] I prefer coffee. (zep 0f_x-9)\n")]
    [InlineData("[2026-11-26 09:30] I prefer tea. (memory " + Id + ") - [2026-11-26 09:31] I prefer coffee. (memory " + Id + ")")]
    public void lines_of_context_are_blank_and_as_long_as_they_were(string text)
    {
        var blanked = RecalledText.Blanked("Before.\n" + text + " After.");

        Assert.Equal("Before. After.", string.Join(' ', blanked.Split([' ', '\n', '-'], StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal(("Before.\n" + text + " After.").EnumerateRunes().Count(), blanked.EnumerateRunes().Count());
    }

    [Theory]
    [InlineData("At [2026-11-26 09:30] Ada said that she prefers tea.")]
    [InlineData("- [2026-11-26 09:30] I prefer tea. (memory of 2025)")]
    [InlineData("- [yesterday] I prefer tea. (memory " + Id + ")")]
    [InlineData("- [2026-11-26 09:30] I prefer tea.\n(memory " + Id + ")")]
    public void other_lines_stay(string text) => Assert.Equal(text, RecalledText.Blanked(text));

    [Fact]
    public async Task recalled_lines_give_no_facts_and_what_stands_beside_them_does_at_its_place()
    {
        var memory = await stage.RememberAsync(
            _client, $"- [2026-11-26 09:30] user Ada preference: Prefers tea 🍵. (memory {Id})\nuser Ada home: Lives in Rome.\n- [since 2026-11-26 09:30] user Ada home: Lives in Oslo. (fact {Id})");
        var all = await stage.RememberAsync(_client, $"- [2026-11-26 09:30] user Ada preference: Prefers tea. (memory {Id})");

        await stage.SweepAsync();

        Assert.Equal("Lives in Rome.|Lives in Rome.|test|7|small|0|t", await stage.SourcesAsync(_client));
        Assert.Empty((await stage.JobAsync(memory.Id)).SetAside);
        Assert.Equal(["All of it is recalled text."], (await stage.JobAsync(all.Id)).SetAside);
    }

    [Fact]
    public async Task a_sentence_that_is_a_fact_word_for_word_or_the_words_one_was_found_in_is_no_proof_of_it()
    {
        await stage.RememberAsync(_client, "user Ada preference: She told me of her tea. => Prefers tea to coffee.");
        await stage.SweepAsync();
        var fact = await stage.RememberAsync(_client, "user Ada preference: prefers tea, to coffee!");
        var quote = await stage.RememberAsync(_client, "user Ada preference: she told me of her TEA => Prefers tea to coffee.");
        var reworded = await stage.RememberAsync(_client, "user Ada preference: Again she spoke of it. => Prefers tea to coffee.");

        await stage.SweepAsync();

        Assert.Equal(["Fact 0: its words are known already, and may have been recalled."], (await stage.JobAsync(fact.Id)).SetAside);
        Assert.Equal(["Fact 0: its words are known already, and may have been recalled."], (await stage.JobAsync(quote.Id)).SetAside);
        var known = Assert.Single((await stage.JobAsync(reworded.Id)).FactIds);
        Assert.Equal(2, (await stage.Queries.FindKnownAsync(known, new(default), null, TestContext.Current.CancellationToken))!.ProofCount);
    }

    [Fact]
    public async Task what_one_says_is_news_when_another_says_it_and_none_when_an_agent_stores_it()
    {
        await stage.RememberAsync(_client, "user Ana constraint: I'm allergic to nuts.", speaker: "Ana");
        await stage.SweepAsync();
        var other = await stage.RememberAsync(_client, "user Bob constraint: I'm allergic to nuts.", speaker: "Bob");
        var again = await stage.RememberAsync(_client, "user Ana constraint: I'm allergic to nuts!", speaker: "Ana");
        var unnamed = await stage.RememberAsync(_client, "user Cid constraint: I'm allergic to nuts!");
        var agent = await stage.RememberAsync(_client, "user Cid constraint: I'm allergic to nuts!", speaker: "assistant");

        await stage.SweepAsync();

        Assert.Equal("Ana|1\nBob|1", await stage.Database.PsqlAsync(
            $"select subject_id, count(*) from facts f join fact_sources s on s.fact_id = f.id where f.client_id = '{_client}' group by subject_id order by subject_id"));
        Assert.Single((await stage.JobAsync(other.Id)).FactIds);
        foreach (var memory in new[] { again, unnamed, agent })
        {
            Assert.Equal(["Fact 0: its words are known already, and may have been recalled."], (await stage.JobAsync(memory.Id)).SetAside);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("#seat")]
    public async Task what_a_machine_says_in_its_own_words_may_be_new_and_never_proves_what_is_known(string key)
    {
        await stage.RememberAsync(_client, $"user Ana preference{key}: I like to sit at the aisle. => Prefers aisle seats.", speaker: "Ana");
        await stage.SweepAsync();
        var known = await stage.RememberAsync(_client, $"user Ana preference{key}: The user prefers aisle seats. => Prefers aisle seats.", speaker: "assistant");
        var found = await stage.RememberAsync(_client, "user Ana home: The user lives in Rome. => Lives in Rome.", speaker: "assistant");
        var person = await stage.RememberAsync(_client, $"user Ana preference{key}: Aisle seats again, please. => Prefers aisle seats.", speaker: "Ana");

        await stage.SweepAsync();

        Assert.Equal(["Fact 0: known_already."], (await stage.JobAsync(known.Id)).SetAside);
        Assert.Single((await stage.JobAsync(found.Id)).FactIds);
        var fact = Assert.Single((await stage.JobAsync(person.Id)).FactIds);
        Assert.Equal(2, (await stage.Queries.FindKnownAsync(fact, new(default), null, TestContext.Current.CancellationToken))!.ProofCount);
    }

    [Fact]
    public async Task a_value_that_differs_in_a_sign_takes_the_place_of_the_one_before()
    {
        var day = stage.Clock.GetUtcNow().AddDays(-10);
        await stage.RememberAsync(_client, "user Ada zone#time_zone: My time zone is UTC+2.", day, speaker: "Ada");
        await stage.RememberAsync(_client, "user Ada zone#time_zone: My time zone is UTC-2.", day.AddDays(1), speaker: "Ada");

        await stage.SweepAsync();

        Assert.Equal(2, (await stage.FactsAsync(_client)).Split('\n').Length);
    }

    [Fact]
    public async Task what_a_fact_said_that_had_ended_by_then_may_be_said_again()
    {
        var day = stage.Clock.GetUtcNow().AddDays(-10);
        await stage.RememberAsync(_client, "user Ada hours#work: Works from nine to five.", day);
        await stage.RememberAsync(_client, "user Ada hours#work: Works from ten to six.", day.AddDays(1));
        await stage.SweepAsync();

        await stage.RememberAsync(_client, "user Ada hours#work: Works from nine to five.", day.AddDays(2));
        await stage.SweepAsync();

        Assert.Equal(3, (await stage.FactsAsync(_client)).Split('\n').Length);
    }

    [Fact]
    public async Task another_clients_words_are_news_to_this_one()
    {
        var other = stage.NewClient();
        await stage.RememberAsync(other, "user Ada preference: Prefers tea to coffee.");
        await stage.RememberAsync(_client, "user Ada preference: Prefers tea to coffee.");

        await stage.SweepAsync();

        Assert.Equal("Prefers tea to coffee.|Prefers tea to coffee.|test|7|small|0|t", await stage.SourcesAsync(_client));
    }
}
