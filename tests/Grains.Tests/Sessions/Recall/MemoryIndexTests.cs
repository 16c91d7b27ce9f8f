using System.Collections.Immutable;
using Actors.Sessions;
using Actors.Sessions.Recall;

namespace Actors.Grains.Tests.Sessions.Recall;

public class MemoryIndexTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly MemoryIndex _index = new(new RankingOptions());

    [Fact]
    public void a_word_is_found_in_any_of_its_forms()
    {
        Put("She painted a sunrise");
        Assert.Equal(["She painted a sunrise"], Contents("Who paints sunrises?"));
    }

    [Fact]
    public void nothing_unrelated_fills_the_answer_up()
    {
        Put("The invoice is due on Friday");
        Put("Lunch was good");
        Assert.Equal(["The invoice is due on Friday"], Contents("invoice", k: 10));
        Assert.Empty(Contents("holiday"));
    }

    [Fact]
    public void a_question_of_stop_words_finds_nothing()
    {
        Put("What is it that they had been?");
        Assert.Empty(Contents("what is it"));
    }

    [Fact]
    public void scores_are_those_of_the_bm25_formula()
    {
        string[] texts = ["red apple tree", "apple", "green pear tree tree", "plum", "apple apple plum pear grape melon"];
        foreach (var text in texts)
        {
            Put(text);
        }

        var hits = Search("apple tree");
        var lengths = texts.Select(t => t.Split(' ').Length).ToArray();
        var average = lengths.Average();
        foreach (var hit in hits)
        {
            var words = hit.Memory.Content.Split(' ');
            var expected = new[] { "apple", "tree" }.Sum(term =>
            {
                double tf = words.Count(w => w == term), df = texts.Count(t => t.Split(' ').Contains(term));
                var idf = Math.Log(1 + ((texts.Length + 20 - df + 0.5) / (df + 0.5)));
                return tf == 0 ? 0 : idf * tf * 1.9 / (tf + (0.9 * (0.6 + (0.4 * words.Length / average))));
            });
            Assert.Equal(expected, hit.Bm25, precision: 12);
        }

        Assert.Equal(4, hits.Length);
        Assert.Equal(hits.OrderByDescending(h => h.Bm25), hits);
    }

    [Fact]
    public void similarity_lies_in_0_to_1_and_falls_with_what_is_missing()
    {
        Put("apple tree");
        Put("pear tree");
        var both = Search("apple tree")[0].Similarity;
        var half = Search("apple zeppelin")[0].Similarity;
        Assert.InRange(both, 0.5, 1);
        Assert.InRange(half, 0.01, both - 0.1);
    }

    [Fact]
    public void the_terms_that_matched_are_named_as_the_question_wrote_them()
    {
        Put("Meetings move to Tuesday");
        Assert.Equal(["meeting", "Tuesdays"], Search("Is the meeting on Tuesdays? meeting! Wednesday")[0].MatchedTerms);
    }

    [Fact]
    public void equal_scores_come_newest_first()
    {
        var old = Put("green light");
        var young = Put("green light");
        Assert.Equal([young.Id, old.Id], Search("light").Select(h => h.Memory.Id));
    }

    [Fact]
    public void k_limits_the_answer_to_the_best()
    {
        for (var i = 0; i < 50; i++)
        {
            Put(string.Join(' ', Enumerable.Repeat("filler", i)) + " needle");
        }

        var best = Search("needle", k: 3);
        Assert.Equal(Search("needle", k: 50).Take(3).Select(h => h.Memory), best.Select(h => h.Memory));
        Assert.Equal(3, best.Length);
    }

    [Fact]
    public void a_filtered_memory_leaves_its_place_to_the_next()
    {
        Put("apple", scope: MemoryScope.Project);
        Put("apple pie", scope: MemoryScope.User);
        var request = RecallRequest.For("apple", 1) with { Scopes = [MemoryScope.User] };
        var hits = _index.Search(Question.Parse(request.Query), request.K, new RecallFilter(request, Start));
        Assert.Equal(["apple pie"], hits.Select(h => h.Memory.Content));
    }

    [Fact]
    public void a_removed_memory_is_gone_and_no_longer_counts()
    {
        var gone = Put("apple");
        Put("apple pie");
        Assert.True(_index.Remove(gone.Id));
        Assert.False(_index.Remove(gone.Id));

        var fresh = new MemoryIndex(new RankingOptions());
        fresh.Put(Search("apple").Single().Memory);
        var request = RecallRequest.For("apple");
        Assert.Equal(
            fresh.Search(Question.Parse("apple"), 10, new RecallFilter(request, Start)).Single().Bm25,
            Search("apple").Single().Bm25);
    }

    [Fact]
    public void a_memory_put_again_is_replaced()
    {
        var memory = Put("apple");
        _index.Put(memory with { Content = "pear" });
        Assert.Empty(Contents("apple"));
        Assert.Equal(["pear"], Contents("pear"));
        Assert.Equal(1, _index.Count);
    }

    [Fact]
    public void removing_most_memories_keeps_the_rest_as_if_they_had_always_been_alone()
    {
        var memories = Enumerable.Range(0, 4_000).Select(i => Put($"common word{i} group{i % 7}")).ToList();
        foreach (var memory in memories.Where((_, i) => i % 10 != 0))
        {
            _index.Remove(memory.Id);
        }

        var fresh = new MemoryIndex(new RankingOptions());
        foreach (var memory in memories.Where((_, i) => i % 10 == 0))
        {
            fresh.Put(memory);
        }

        var request = RecallRequest.For("common word40 group3", 100);
        var expected = fresh.Search(Question.Parse(request.Query), request.K, new RecallFilter(request, Start));
        var actual = Search(request.Query, request.K);
        Assert.Equal(expected.Select(h => (h.Memory.Id, h.Bm25)), actual.Select(h => (h.Memory.Id, h.Bm25)));
        Assert.Equal("common word40 group5", actual.Single(h => h.Memory.Content.Contains("word40 ", StringComparison.Ordinal)).Memory.Content);
    }

    private EventRecord Put(string content, MemoryScope scope = MemoryScope.User)
    {
        var createdAt = Start.AddSeconds(_index.Count);
        var memory = SessionRules.ToRecord(new NewMemory(content, Scope: scope), "1", createdAt);
        _index.Put(memory);
        return memory;
    }

    private ImmutableArray<RecallHit> Search(string question, int k = 10) =>
        _index.Search(Question.Parse(question), k, new RecallFilter(RecallRequest.For(question, k), Start));

    private IEnumerable<string> Contents(string question, int k = 10) => Search(question, k).Select(h => h.Memory.Content);
}
