using System.Text.Json;
using System.Text.Json.Serialization;
using Actors.Facts;
using Actors.Sessions;
using Actors.Sessions.Recall;
using Actors.Support;

namespace Actors.Grains.Tests.Sessions.Recall;

/// <summary>The ranking was made on chats of two; on notes without conversations it must be no worse than plain BM25.</summary>
public partial class NotesCorpusTests
{
    private static readonly RankingOptions PlainBm25 = new()
    {
        SynonymPercent = 0, InstancePercent = 0, GenericWord = 1, DateWord = 1, LeastQuestion = 1e-9, AssumedMemories = 0, Conversation = 0, Speaker = 0, SelfReport = 0,
        Date = 0, Asking = 0, Addressing = 0, Answering = 0, Length = 0, TimeWords = 0, Numbers = 0, Names = 0,
    };

    private static readonly Item[] Corpus =
        [.. File.ReadLines(SourceTree.PathOf("tests/Recall.Corpus/notes-corpus.jsonl")).Select(line => JsonSerializer.Deserialize(line, Lines.Default.Item)!)];

    private static readonly Ask[] Questions =
        [.. File.ReadLines(SourceTree.PathOf("tests/Recall.Corpus/notes-queries.jsonl")).Select(line => JsonSerializer.Deserialize(line, Lines.Default.Ask)!)];

    private sealed record Item(
        string ClientId, string ItemId, string Kind, string Content, DateTimeOffset OccurredAt, string? Speaker, string? SubjectType, string? SubjectId,
        string? FactType);

    private sealed record Ask(string QuestionId, string ClientId, string Question, string Kind, string[] Evidence);

    [Fact]
    public void the_corpus_is_as_large_as_it_says_and_sound()
    {
        Assert.True(Corpus.Length >= 300 && Questions.Length >= 150 && Corpus.Select(item => item.ClientId).Distinct().Count() >= 5);
        var owners = Corpus.ToDictionary(item => item.ItemId, item => item.ClientId);
        Assert.All(Questions, question => Assert.NotEmpty(question.Evidence));
        Assert.All(Questions, question => Assert.All(question.Evidence, id => Assert.Equal(question.ClientId, owners[id])));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(25)]
    public void recall_of_notes_is_no_worse_than_plain_bm25(int k)
    {
        var (plain, ours) = (Runs(PlainBm25), Runs(new RankingOptions()));
        var (plainRecall, ourRecall) = (RecallAt(k, plain), RecallAt(k, ours));
        Assert.InRange(plainRecall, 0.5, 0.95);
        Assert.True(ourRecall >= plainRecall, $"R@{k} {ourRecall:0.000} against {plainRecall:0.000} of plain BM25");
    }

    [Fact]
    public void the_first_note_that_answers_stands_no_lower_than_with_plain_bm25()
    {
        var (plain, ours) = (ReciprocalRank(Runs(PlainBm25)), ReciprocalRank(Runs(new RankingOptions())));
        Assert.True(ours >= plain, $"MRR {ours:0.000} against {plain:0.000} of plain BM25");
    }

    private static List<(Ask Question, string[] Ranked)> Runs(RankingOptions ranking)
    {
        var runs = new List<(Ask, string[])>();
        foreach (var client in Corpus.GroupBy(item => item.ClientId))
        {
            var index = new MemoryIndex(ranking);
            var now = IndexStage.Start;
            var ids = new Dictionary<Guid, string>();
            foreach (var item in client)
            {
                now = now.AddSeconds(1);
                var memory = MemoryOf(item, now);
                ids.Add(memory.Id, item.ItemId);
                index.Put(memory);
            }

            foreach (var question in Questions.Where(q => q.ClientId == client.Key))
            {
                var filter = new RecallFilter(RecallRequest.For(question.Question, 50), IndexStage.Start.AddYears(5));
                runs.Add((question, [.. index.Search(Question.Parse(question.Question), 50, filter).Select(hit => ids[hit.Memory.Id])]));
            }
        }

        return runs;
    }

    private static IMemory MemoryOf(Item item, DateTimeOffset createdAt) =>
        item.Kind == "fact"
            ? new FactRecord(
                Guid.CreateVersion7(createdAt), new FactSubject(item.ClientId, item.SubjectType!, item.SubjectId!), item.FactType!, item.Content, 0.7, null,
                null, item.OccurredAt, null, "{}", null, null, createdAt, createdAt, null)
            : SessionRules.ToRecord(
                new NewMemory(item.Content, MemoryNames.TypeOf(item.Kind)!.Value, Speaker: item.Speaker, OccurredAt: item.OccurredAt), item.ClientId, createdAt);

    private static double RecallAt(int k, List<(Ask Question, string[] Ranked)> runs) =>
        runs.Average(run => run.Question.Evidence.Count(id => run.Ranked.Take(k).Contains(id)) / (double)run.Question.Evidence.Length);

    private static double ReciprocalRank(List<(Ask Question, string[] Ranked)> runs) =>
        runs.Average(run => Array.FindIndex(run.Ranked, run.Question.Evidence.Contains) is >= 0 and var rank ? 1.0 / (rank + 1) : 0);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
    [JsonSerializable(typeof(Item))]
    [JsonSerializable(typeof(Ask))]
    private sealed partial class Lines : JsonSerializerContext;
}
