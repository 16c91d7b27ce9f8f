using System.Net.Http.Json;
using System.Text.Json;
using Actors.Sessions;
using Actors.Sessions.Recall;
using Actors.Support;

namespace Actors.Api.Tests.Sessions;

/// <summary>
/// A ranking depends on the data alone: the service's, before and after a restart, is that of an index in the test's own process,
/// whichever host the service runs its grains in.
/// </summary>
public sealed class SameRankingTests
{
    private const string Client = "kestrel";
    private static readonly DateTimeOffset Now = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly string[] AboutTheTalk = ["Where is Zoe's spare key?", "What did Ben buy in October 2026?", "Who has a new puppy?", "garden"];

    private sealed record Item(string Content, DateTimeOffset OccurredAt, string? Speaker, string? ConversationId);

    [Fact]
    public async Task the_same_question_gets_the_same_order_and_scores_after_a_restart_and_on_either_host()
    {
        var items = Items();
        var questions = Lines("notes-queries.jsonl").Select(line => line.GetProperty("question").GetString()!).Concat(AboutTheTalk).ToArray();
        var expected = questions.Select(question => InThisProcess(items, question)).ToArray();
        Assert.True(expected.Count(ranking => ranking.Length > 5) > 20);

        await using var database = await TestPostgres.CreateAsync();
        await using var folder = TestFolder.Create();
        await using (var service = await ServiceProcess.StartAsync(folder.Path, "--postgres", database.ConnectionString))
        {
            await RememberAsync(service.Client, items);
            Assert.Equal(expected, await RecallAsync(service.Client, questions));
        }

        await using var again = await ServiceProcess.StartAsync(folder.Path, "--postgres", database.ConnectionString);
        Assert.Equal(expected, await RecallAsync(again.Client, questions));
    }

    // Notes, and a talk whose turns are stored out of their order.
    private static Item[] Items()
    {
        var talk = new DateTimeOffset(2026, 10, 3, 9, 0, 0, TimeSpan.Zero);
        return
        [
            .. Lines("notes-corpus.jsonl")
                .Where(line => line.GetProperty("kind").GetString() == "event")
                .Select(line => new Item(
                    line.GetProperty("content").GetString()!, line.GetProperty("occurred_at").GetDateTimeOffset(),
                    line.TryGetProperty("speaker", out var speaker) ? speaker.GetString() : null, null)),
            new("Behind the flowerpot in the garden.", talk.AddMinutes(1), "Ben", "talk"),
            new("Ben, where does Zoe keep her spare key?", talk, "Ada", "talk"),
            new("I got us a puppy, and bought a kayak!", talk.AddMinutes(3), "Ben", "talk"),
            new("What else is new?", talk.AddMinutes(2), "Ada", "talk"),
        ];
    }

    private static IEnumerable<JsonElement> Lines(string file) =>
        File.ReadLines(SourceTree.PathOf($"tests/Recall.Corpus/{file}"))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => line.GetProperty("client_id").GetString() == Client);

    private static string[] InThisProcess(Item[] items, string question)
    {
        var index = new MemoryIndex(new RankingOptions());
        for (var i = 0; i < items.Length; i++)
        {
            var item = items[i];
            index.Put(SessionRules.ToRecord(
                new NewMemory(item.Content, OccurredAt: item.OccurredAt, Speaker: item.Speaker, ConversationId: item.ConversationId), Client, Now.AddSeconds(i)));
        }

        var filter = new RecallFilter(RecallRequest.For(question), Now.AddDays(1));
        return [.. index.Search(Question.Parse(question), RecallRequest.DefaultK, filter).Select(hit => $"{Math.Round(hit.Similarity, 4)} {hit.Memory.Content}")];
    }

    private static async Task RememberAsync(HttpClient client, Item[] items)
    {
        foreach (var part in items.Chunk(50))
        {
            var body = new
            {
                client_id = Client,
                items = part.Select(item => new { content = item.Content, occurred_at = item.OccurredAt, speaker = item.Speaker, conversation_id = item.ConversationId }),
            };
            using var response = await client.PostAsJsonAsync("/api/v1/memory/remember/batch", body, TestContext.Current.CancellationToken);
            Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }

    private static async Task<string[][]> RecallAsync(HttpClient client, string[] questions)
    {
        var rankings = new List<string[]>();
        foreach (var question in questions)
        {
            var answer = await client.GetFromJsonAsync<JsonElement>($"/api/v1/memory/recall?client_id={Client}&query={Uri.EscapeDataString(question)}");
            rankings.Add([.. answer.GetProperty("results").EnumerateArray()
                .Select(result => $"{result.GetProperty("similarity_score").GetDouble()} {result.GetProperty("content").GetString()}")]);
        }

        return [.. rankings];
    }
}
