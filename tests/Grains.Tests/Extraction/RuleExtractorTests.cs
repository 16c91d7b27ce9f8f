using System.Security.Cryptography;
using System.Text;
using Actors.Sessions;
using Actors.Support;

namespace Actors.Extraction.Tests;

public class RuleExtractorTests
{
    // Of everything that is found in the labelled sentences, by version: whoever changes the rules moves RuleExtractor.RulesVersion, then this.
    private const string Version = "3";
    private const string OutputHash = "af8349d72102a144";

    [Theory]
    [InlineData("dev", 0.9)]
    [InlineData("held out", 0.9)]
    [InlineData("free", 0.2)]
    [InlineData("marks", 0.8)]
    public void nine_of_ten_facts_found_are_right(string part, double recall)
    {
        var score = ExtractionScore.Of(LabelledSentence.Parts[part]);

        Assert.True(score.Precision >= 0.9, $"{score}");
        // A rule that is lost shows here.
        Assert.True(score.Recall >= recall, $"{score}");
    }

    [Theory]
    [InlineData("others, dev", 0.5)]
    [InlineData("others, 1", 0)]
    [InlineData("others, 2", 0)]
    public void nine_of_ten_facts_found_in_sentences_by_others_are_right(string part, double recall)
    {
        var score = QuotedSentence.Score(QuotedSentence.Parts[part]);

        Assert.True(score.Precision >= 0.9, $"{score}");
        // What is held out sets no floor: nothing is to be changed on its account.
        Assert.True(score.Recall >= recall, $"{score}");
    }

    [Theory]
    [InlineData("I prefer US sizes.", "Prefers US sizes")]
    [InlineData("Marguerite is our bookkeeper. She prefers email.", "Is their bookkeeper", "Prefers email")]
    [InlineData("Lena works with Tom. She prefers email.")]
    [InlineData("Webpack hates symlinks.")]
    [InlineData("Carla, our bookkeeper, only works mornings.", "Only works mornings")]
    [InlineData("For the file: we are 14 people.", "Are 14 people")]
    [InlineData("Max: I prefer tea.")]
    public void people_are_known_by_name_and_again_by_pronoun(string content, params string[] expected) => Assert.Equal(expected, Extract(content).Facts.Select(fact => fact.Content));

    [Theory]
    [InlineData("The scan turned up 3 leaks.", "The scan turned up 3 leaks")]
    [InlineData("The survey found up to 12 errors.", "The survey found up to 12 errors")]
    [InlineData("The tests showed up late.")]
    [InlineData("The inspection turned up late.")]
    [InlineData("The migration was finally completed.", "The migration was finally completed")]
    [InlineData("The meeting was finally cancelled.")]
    [InlineData("The budget is 4m.", "The budget is 4m")]
    [InlineData("The budget is discussed at 5pm.")]
    [InlineData("The budget is from 2024.")]
    [InlineData("The deadline is in May.", "The deadline is in May")]
    [InlineData("The deadline is something the team may move.")]
    [InlineData("I'm a mountains person.", "Is a mountains person")]
    [InlineData("I'm a sales person.")]
    [InlineData("We must not disclose prices.", "Must not disclose prices")]
    [InlineData("We must not hurry.")]
    [InlineData("I'm not allowed to fly.", "Is not allowed to fly")]
    [InlineData("I'm not allowed to say.")]
    [InlineData("Hi, I'm on Pacific time.", "Time zone: Pacific")]
    [InlineData("Hi, I'm on Slack.")]
    [InlineData("I'm from Porto.", "Is from Porto")]
    [InlineData("I'm from Sales.")]
    [InlineData("I'm engaged to a nurse.", "Is engaged to a nurse")]
    [InlineData("I'm single to a fault.")]
    [InlineData("I only eat halal meat.", "Only eats halal meat")]
    [InlineData("I only eat when hungry.")]
    [InlineData("Jana handles invoices.", "Handles invoices")]
    [InlineData("Jana handles stress well.")]
    [InlineData("I moved to New York in 2019.", "Moved to New York in 2019")]
    [InlineData("I've lived in Rio de Janeiro for ten years.", "Lives in Rio de Janeiro")]
    public void words_that_are_alike_mean_different_things(string content, params string[] expected) => Assert.Equal(expected, Extract(content).Facts.Select(fact => fact.Content));

    [Theory]
    [InlineData("constraint")]
    [InlineData("decision")]
    [InlineData("identity")]
    [InlineData("preference")]
    [InlineData("result")]
    [InlineData("schedule")]
    public void nine_of_ten_of_each_type_are_right(string type)
    {
        var score = ExtractionScore.Of(LabelledSentence.All, type);

        Assert.True(score.Found >= 20 && score.Precision >= 0.9, $"{score}");
    }

    [Theory]
    [InlineData("I prefer C#.", "Prefers C#")]
    [InlineData("I prefer C++, by the way.", "Prefers C++")]
    [InlineData("I prefer .NET.", "Prefers .NET")]
    [InlineData("I prefer tea...", "Prefers tea")]
    [InlineData("I prefer rooms with 4+", "Prefers rooms with 4+")]
    [InlineData("I prefer temperatures of -5.", "Prefers temperatures of -5")]
    [InlineData("- I prefer tea", "Prefers tea")]
    [InlineData("I prefer F#! Really.", "Prefers F#")]
    public void marks_that_belong_to_a_word_stay_with_it(string content, string expected) => Assert.Equal([expected], Extract(content).Facts.Select(fact => fact.Content));

    [Fact]
    public void the_labelled_sentences_are_as_many_and_as_mixed_as_their_readme_says()
    {
        var all = LabelledSentence.All;

        Assert.True(all.Length >= 200 && LabelledSentence.HeldOut.Length >= 80);
        Assert.True(all.Count(sentence => sentence.Facts.Length == 0) >= 0.4 * all.Length);
        Assert.Equal(all.Length, all.DistinctBy(sentence => sentence.Text).Count());
        Assert.All(all.SelectMany(sentence => sentence.Facts), fact => Assert.Contains(fact.Type, FactTypes.All));
    }

    [Fact]
    public void the_version_moves_with_what_is_found()
    {
        var found = new StringBuilder();
        foreach (var sentence in LabelledSentence.All)
        {
            foreach (var fact in RuleExtractor.Extract(sentence.Memory()).Facts)
            {
                found.Append(fact).Append('\n');
            }
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(found.ToString())))[..16];
        Assert.True((Version, OutputHash) == (RuleExtractor.RulesVersion, hash), $"The rules find something else: move RulesVersion, then note it here with the hash {hash}.");
    }

    [Fact]
    public void spans_count_code_points_and_hold_the_words_that_say_it()
    {
        const string Content = "🚂🚂 Trains! 🚂 I prefer trains to planes. 😀 I live in Kraków, by the way.";

        var facts = Extract(Content).Facts;

        Assert.Equal(["I prefer trains to planes", "I live in Kraków"], facts.Select(fact => Slice(Content, fact.SpanStart, fact.SpanEnd)));
    }

    [Fact]
    public void people_speak_of_themselves_and_work_is_the_clients()
    {
        var facts = Extract("I prefer tea. The client prefers coffee. Ana prefers water. We decided to buy a kettle.", speaker: "Jonas").Facts;

        Assert.Equal([("user", "Jonas"), ("client", "c1"), ("user", "Ana"), ("client", "c1")], facts.Select(fact => (fact.SubjectType, fact.SubjectId)));
        Assert.Equal(("user", "c1"), Assert.Single(Extract("I prefer tea.", speaker: "User").Facts.Select(fact => (fact.SubjectType, fact.SubjectId))));
        Assert.Equal(("user", "c1"), Assert.Single(Extract("I prefer tea.", speaker: null).Facts.Select(fact => (fact.SubjectType, fact.SubjectId))));
    }

    [Theory]
    [InlineData("assistant", "{}")]
    [InlineData("Assistant", "{}")]
    [InlineData("Ana", """{"role":"assistant"}""")]
    [InlineData(null, """{"role":"tool"}""")]
    public void what_a_machine_says_of_itself_is_no_fact(string? speaker, string metadata)
    {
        var facts = Extract("I prefer short answers. My name is Aria. The user prefers German.", speaker, metadata).Facts;

        Assert.Equal(("user", "c1", "Prefers German"), Assert.Single(facts.Select(fact => (fact.SubjectType, fact.SubjectId, fact.Content))));
    }

    [Theory]
    [InlineData("I live in Oslo. Just kidding.")]
    [InlineData("```\nI live in Oslo.\n```")]
    [InlineData("> I live in Oslo.")]
    [InlineData("“I like cats. I live in Oslo.”")]
    [InlineData("I live in Oslo 😉")]
    [InlineData("I live in Oslo?")]
    public void what_is_taken_back_or_quoted_is_no_fact(string content) => Assert.Empty(Extract(content).Facts);

    [Fact]
    public void a_memory_stored_as_a_decision_is_one()
    {
        var fact = Assert.Single(Extract("Stripe for billing, from May on. PayPal was too dear.", type: MemoryType.Decision).Facts);

        Assert.Equal(("client", "decision", "Decided: Stripe for billing, from May on"), (fact.SubjectType, fact.FactType, fact.Content));
        Assert.Empty(Extract("Should we use Stripe?", type: MemoryType.Decision).Facts);
    }

    [Theory]
    [InlineData("I work 9 to 5.", "Works 09:00 to 17:00", "work_hours")]
    [InlineData("I work from 9am-5pm.", "Works 09:00 to 17:00", "work_hours")]
    [InlineData("I work from 8.30 to noon.", "Works 08:30 to 12:00", "work_hours")]
    [InlineData("I work from 10 p.m. to 6 a.m.", "Works 22:00 to 06:00", "work_hours")]
    [InlineData("My hours are 2 to 6.", "Works 14:00 to 18:00", "work_hours")]
    [InlineData("I work 9 to 1 on Fridays.", "Works 09:00 to 13:00 on Fridays", null)]
    [InlineData("I work 25 to 30 hours.", null, null)]
    [InlineData("I work 9 to 5 days a month.", null, null)]
    public void hours_are_read_as_times_of_day(string content, string? expected, string? key)
    {
        var facts = Extract(content).Facts;

        Assert.Equal(expected is null ? [] : [(expected, key)], facts.Select(fact => (fact.Content, fact.FactKey)));
    }

    [Fact]
    public void one_memory_gives_twenty_facts_and_each_once()
    {
        Assert.Equal(RuleExtractor.MaxFacts, Extract(string.Concat(Enumerable.Range(1, 50).Select(n => $"I prefer number{n}. "))).Facts.Length);
        Assert.Single(Extract("I prefer tea. I prefer tea.").Facts);
    }

    [Theory]
    [InlineData("I prefer ")]
    [InlineData("I, ")]
    [InlineData("and i love ")]
    [InlineData("\"")]
    [InlineData("I work 9 to 9 to 9-")]
    [InlineData("The budget is not ")]
    [InlineData("((((")]
    [InlineData("I'm a. ")]
    [InlineData("my favorite ")]
    [InlineData("\ud83d")]
    [InlineData("No calls on I must must may not be ")]
    [InlineData("https://a@b.c ")]
    [InlineData("\r")]
    public void hostile_texts_of_the_largest_size_are_read(string part)
    {
        var content = string.Concat(Enumerable.Repeat(part, 262_144 / part.Length));

        Assert.All(Extract(content).Facts, fact => Assert.InRange(fact.SpanEnd, fact.SpanStart + 1, content.Length));
    }

    private static string Slice(string text, int start, int end) => string.Concat(text.EnumerateRunes().Skip(start).Take(end - start));

    private static Extraction Extract(string content, string? speaker = "Ana", string metadata = "{}", MemoryType type = MemoryType.Event) => RuleExtractor.Extract(Memories.Of(content, speaker, metadata, type));
}
