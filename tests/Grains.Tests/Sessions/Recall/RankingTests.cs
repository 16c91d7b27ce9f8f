using Actors.Facts;
using Actors.Sessions;
using Actors.Sessions.Recall;

namespace Actors.Grains.Tests.Sessions.Recall;

public class RankingTests
{
    private readonly IndexStage _stage = new();

    [Theory]
    [InlineData("When was the roof repaired?", "The roof was repaired last Monday")]
    [InlineData("How many tiles does the roof have?", "The roof was given 412 tiles")]
    [InlineData("Who fixed the roof?", "The roof was fixed, says Brenner")]
    [InlineData("Which country has our biggest roof?", "The biggest roof is in Spain")]
    public void the_kind_of_answer_asked_for_decides_between_equals(string question, string answer)
    {
        string[] texts = ["The roof was repaired last Monday", "The roof was given 412 tiles", "The roof was fixed, says Brenner", "The biggest roof is in Spain", "roof notes"];
        foreach (var text in texts)
        {
            _stage.Put(new NewMemory(text));
        }

        Assert.Equal(answer, _stage.Contents(question)[0]);
    }

    [Theory]
    [InlineData("What was decided in March 2025?", 3)]
    [InlineData("What was decided on 7 May 2025?", 5)]
    [InlineData("decided 2025-07", 7)]
    [InlineData("decided June", 6)]
    public void a_date_named_is_matched_with_when_it_happened(string question, int month)
    {
        for (var i = 1; i <= 12; i++)
        {
            _stage.Put(new NewMemory($"We decided matter {i}", OccurredAt: new DateTimeOffset(2025, i, 7, 9, 0, 0, TimeSpan.Zero)));
        }

        var first = _stage.Search(question)[0];
        Assert.Equal(month, first.Event!.OccurredAt.Month);
        Assert.True(first.Reasons.HasFlag(RecallReasons.Date));
    }

    [Theory]
    [InlineData("Which doctor did she see?", "The physician was kind")]
    [InlineData("photos of the harbour", "A nice picture hung there")]
    [InlineData("Which countries did they visit?", "They flew to Portugal")]
    [InlineData("What did they buy?", "They bought it in Rome")]
    [InlineData("How many children?", "A child came in")]
    public void related_and_irregular_words_are_found(string question, string memory)
    {
        _stage.Put(new NewMemory(memory));
        _stage.Put(new NewMemory("Unrelated: spanner, gravel"));
        Assert.Equal([memory], _stage.Contents(question));
    }

    [Fact]
    public void the_words_asked_for_come_before_related_ones()
    {
        _stage.Put(new NewMemory("The physician called"));
        _stage.Put(new NewMemory("The doctor called"));
        var hits = _stage.Search("doctor");
        Assert.Equal(["The doctor called", "The physician called"], hits.Select(h => h.Memory.Content));
        Assert.Equal(["doctor"], hits[0].MatchedTerms);
        Assert.Equal(RecallReasons.None, hits[0].Reasons);
        Assert.Empty(hits[1].MatchedTerms);
        Assert.Equal(RecallReasons.RelatedWords, hits[1].Reasons);
    }

    [Fact]
    public void a_fact_is_found_by_what_it_is_about()
    {
        var fact = new FactRecord(
            Guid.CreateVersion7(IndexStage.Start), new FactSubject("1", "person", "Martin Lindgren"), "preference", "Prefers calls before noon", 0.7, null,
            "contact_time", IndexStage.Start, null, "{}", null, null, IndexStage.Start, IndexStage.Start, null);
        _stage.Index.Put(fact);
        _stage.Put(new NewMemory("Lunch with Anna"));
        Assert.Equal(fact, _stage.Search("Lindgren").Single().Fact);
        Assert.Equal(fact, _stage.Search("contact preferences").Single().Fact);
    }

    [Fact]
    public void more_than_sixty_terms_are_all_reported()
    {
        var words = Enumerable.Range(0, 80).Select(i => $"zword{i}x").ToArray();
        _stage.Put(new NewMemory(string.Join(' ', words)));
        Assert.Equal(words, _stage.Search(string.Join(' ', words))[0].MatchedTerms);
    }

    [Fact]
    public void similarity_is_a_half_at_the_even_score()
    {
        _stage.Put(new NewMemory("apple"));
        var hit = _stage.Search("apple")[0];
        var evidence = _stage.Index.Explain(Question.Parse("apple"), new RecallFilter(RecallRequest.For("apple"), _stage.Now)).Single().Evidence;
        var even = new RankingOptions { EvenScore = evidence.Score(new RankingOptions()) };
        var stage = new IndexStage(even);
        stage.Put(new NewMemory("apple"));
        Assert.Equal(0.5, stage.Search("apple")[0].Similarity, precision: 12);
        Assert.InRange(hit.Similarity, 0, 1);
    }

    [Fact]
    public void weights_out_of_range_are_unsound()
    {
        Assert.True(new RankingOptions().IsSound);
        Assert.False(new RankingOptions { LengthNormalization = 1.1 }.IsSound);
        Assert.False(new RankingOptions { NextPercent = -1 }.IsSound);
        Assert.False(new RankingOptions { Date = double.NaN }.IsSound);
        Assert.False(new RankingOptions { Steepness = 0 }.IsSound);
        Assert.False(new RankingOptions { LeastCosine = 1 }.IsSound);
    }
}
