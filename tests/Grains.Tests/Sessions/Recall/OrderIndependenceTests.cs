using Actors.Sessions;
using Actors.Sessions.Recall;

namespace Actors.Grains.Tests.Sessions.Recall;

public class OrderIndependenceTests
{
    private static readonly string[] Words =
        ["garden", "Paris", "invoice", "dog", "puppy", "music", "yesterday", "seven", "you", "I", "Ada", "Ben", "deploy", "server?", "sunrise!", "the"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void a_ranking_depends_on_what_is_there_and_not_on_how_it_came(int seed)
    {
        var random = new Random(seed);
        var memories = Enumerable.Range(0, 600).Select(i => Invent(random, i)).ToArray();
        var straight = IndexOf(memories.Where((_, i) => i % 3 != 0));

        var detour = IndexOf(memories.OrderBy(_ => random.Next()));
        foreach (var memory in memories.Where((_, i) => i % 5 == 0).OrderBy(_ => random.Next()))
        {
            detour.Put(memory with { Content = "something else for a while, Ben said? you" });
            detour.Put(memory);
        }

        foreach (var memory in memories.Where((_, i) => i % 3 == 0).OrderBy(_ => random.Next()))
        {
            detour.Remove(memory.Id);
        }

        for (var i = 0; i < 40; i++)
        {
            var question = string.Join(' ', Enumerable.Range(0, 3).Select(_ => Words[random.Next(Words.Length)])) + " who when 2026";
            Assert.Equal(Ranking(straight, question), Ranking(detour, question));
        }
    }

    [Fact]
    public void a_word_whose_last_memory_is_gone_counts_as_one_that_never_was_there()
    {
        var memories = Enumerable.Range(0, 50).Select(i => i == 0 ? "A physician is on call" : $"The doctor came at {i}")
            .Select((content, i) => SessionRules.ToRecord(new NewMemory(content), "1", IndexStage.Start.AddSeconds(i))).ToArray();
        var never = IndexOf(memories[1..]);
        var gone = IndexOf(memories);
        gone.RemoveOldest();

        Assert.Equal(Ranking(never, "Which physician came?"), Ranking(gone, "Which physician came?"));
    }

    private static MemoryIndex IndexOf(IEnumerable<EventRecord> memories)
    {
        var index = new MemoryIndex(new RankingOptions());
        foreach (var memory in memories)
        {
            index.Put(memory);
        }

        return index;
    }

    private static (Guid Id, double Similarity, double Bm25, string Terms)[] Ranking(MemoryIndex index, string question) =>
        [.. index.Search(Question.Parse(question), 100, new RecallFilter(RecallRequest.For(question, 100), IndexStage.Start))
            .Select(hit => (hit.Memory.Id, hit.Similarity, hit.Bm25, string.Join(' ', hit.MatchedTerms)))];

    private static EventRecord Invent(Random random, int i)
    {
        var content = string.Join(' ', Enumerable.Range(0, random.Next(1, 12)).Select(_ => Words[random.Next(Words.Length)]));
        var conversation = random.Next(4) == 0 ? null : $"c{random.Next(20)}";
        var speaker = random.Next(4) switch { 0 => "Ada", 1 => "Ben", 2 => "Zoe Paris", _ => null };
        var at = IndexStage.Start.AddHours(random.Next(50));
        return SessionRules.ToRecord(new NewMemory(content, ConversationId: conversation, Speaker: speaker, OccurredAt: at), "1", IndexStage.Start.AddSeconds(i));
    }
}
