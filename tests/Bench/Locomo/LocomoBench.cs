using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Actors.Sessions.Recall;
using Actors.Support;

namespace Actors.Bench;

/// <summary>
/// How much of the evidence for a question recall finds, through the real HTTP API: one client per conversation, every
/// turn remembered in order, the service restarted, every question recalled with k=50. Each conversation is asked with weights
/// that were fitted on the others, then all with the weights the service has; then once more, when the facts that are found in the turns stand
/// beside them. A fact counts as evidence of nothing: it takes a turn's place.
/// </summary>
internal static class LocomoBench
{
    private const int BatchSize = 100;
    private const int K = 50;

    // In place of a turn: what was found in one.
    private const string NoTurn = "";

    private static readonly string[] WithoutFacts = ["--Promotion:Enabled", "false"];
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    // Of all ten conversations, as their authors published them.
    private static readonly (string Name, double[] Figures)[] Published =
    [
        ("DRAGON, dense (Maharana et al., ACL 2024)", [56.7, 66.2, 76.7, 82.7]),
        ("text-embedding-3-small (arXiv 2608.27925)", [59.4, 68.9, 79.7, 86.7]),
        ("entity graph, LLM and embeddings (same)", [64.2, 74.5, 84.5, 90.3]),
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        if (Arguments(args) is not { } options
            || !options.TryGetValue("--corpus", out var corpusFile)
            || !options.TryGetValue("--queries", out var queryFile))
        {
            Console.Error.WriteLine("./bench locomo --corpus F --queries F [--out RUN.json]");
            return 2;
        }

        var corpus = LocomoFiles.Corpus(corpusFile);
        var questions = LocomoFiles.Questions(queryFile);
        var data = Directory.CreateTempSubdirectory("locomo-").FullName;
        MakeTraversable(data);
        try
        {
            await using (var service = await ServiceProcess.StartAsync(data, WithoutFacts))
            {
                await RememberAsync(service.Client, corpus);
            }

            Console.WriteLine("Weights fitted on the other conversations:");
            var crossFit = new Dictionary<string, string[]>();
            foreach (var (conversation, weights) in RankingBench.CrossFit(RankedQuestions.Of(corpus, questions, new RankingOptions())))
            {
                await using var service = await ServiceProcess.StartAsync(data, [.. WithoutFacts, .. RankingBench.Settings(weights)]);
                await RecallAsync(service.Client, [.. questions.Where(q => q.ConversationId == conversation)], crossFit);
            }

            Print(questions, crossFit);
            Console.WriteLine("Weights of the service:");
            var run = new Dictionary<string, string[]>();
            await using (var service = await ServiceProcess.StartAsync(data, WithoutFacts))
            {
                await RecallAsync(service.Client, questions, run);
            }

            Print(questions, run);
            var among = new Dictionary<string, string[]>();
            await using (var service = await ServiceProcess.StartAsync(data))
            {
                Console.WriteLine($"The same, beside the {await FindFactsAsync(service.Client)} facts that were found in the turns:");
                await RecallAsync(service.Client, questions, among);
            }

            LocomoScore.Print(questions, among);
            Console.WriteLine($"Of {among.Count} questions {among.Values.Count(ranked => ranked.Take(10).Contains(NoTurn))} have a fact among the first ten.");
            if (options.TryGetValue("--out", out var runFile))
            {
                LocomoFiles.WriteRun(runFile, crossFit);
            }
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }

        return 0;
    }

    private static void Print(LocomoQuestion[] questions, Dictionary<string, string[]> run)
    {
        LocomoScore.Print(questions, run);
        foreach (var (name, figures) in Published)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {name,-44} |      | {string.Join(" | ", figures.Select(figure => $"{figure,5:0.0}"))} |       |"));
        }
    }

    private static async Task RememberAsync(HttpClient client, Turn[] corpus)
    {
        var start = Stopwatch.GetTimestamp();
        var stored = 0;
        foreach (var conversation in corpus.GroupBy(turn => turn.ConversationId))
        {
            foreach (var turns in conversation.Chunk(BatchSize))
            {
                var body = new { client_id = conversation.Key, items = turns.Select(Memory) };
                using var response = await client.PostAsJsonAsync("/api/v1/memory/remember/batch", body);
                await response.EnsureSuccessAsync();
                using var answer = await response.Content.ReadFromJsonAsync<JsonDocument>();
                stored += answer!.RootElement.GetProperty("items").GetArrayLength();
                Progress.Show($"{stored} of {corpus.Length} turns stored");
            }
        }

        Progress.End();
        Console.WriteLine($"{stored} of {corpus.Length} turns stored in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s");
    }

    // Until every memory that is important enough was looked through, which is once a minute.
    private static async Task<int> FindFactsAsync(HttpClient client)
    {
        while (await PromotionsAsync(client, "waiting") is [_, ..] waiting)
        {
            Progress.Show($"{waiting.Length} memories at least are to be looked through");
            await Task.Delay(BetweenLooks);
        }

        Progress.End();
        return (await PromotionsAsync(client, "done")).Sum(promotion => promotion.GetProperty("fact_ids").GetArrayLength());
    }

    private static async Task<JsonElement[]> PromotionsAsync(HttpClient client, string state)
    {
        using var response = await client.GetAsync($"/api/v1/memory/promotions?limit=500&state={state}");
        await response.EnsureSuccessAsync();
        return [.. (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items").EnumerateArray()];
    }

    private static object Memory(Turn turn) => new
    {
        content = turn.Text,
        speaker = turn.Speaker,
        conversation_id = turn.SessionId,
        occurred_at = new DateTimeOffset(turn.SessionDatetime, TimeSpan.Zero),
        metadata = new { dia_id = turn.DiaId },
    };

    private static async Task RecallAsync(HttpClient client, LocomoQuestion[] questions, Dictionary<string, string[]> run)
    {
        var start = Stopwatch.GetTimestamp();
        foreach (var question in questions)
        {
            var address = $"/api/v1/memory/recall?client_id={question.ConversationId}&k={K}&query={Uri.EscapeDataString(question.Question)}";
            using var response = await client.GetAsync(address);
            await response.EnsureSuccessAsync();
            using var answer = await response.Content.ReadFromJsonAsync<JsonDocument>();
            run[question.QuestionId] = [.. answer!.RootElement.GetProperty("results").EnumerateArray()
                .Select(result => result.GetProperty("metadata").TryGetProperty("dia_id", out var turn) ? turn.GetString()! : NoTurn)];
            if (run.Count % 50 == 0)
            {
                Progress.Show($"{run.Count} questions answered");
            }
        }

        Progress.End();
        Console.WriteLine($"{questions.Length} questions answered in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s");
    }

    private static Dictionary<string, string>? Arguments(string[] args)
    {
        var options = new Dictionary<string, string>();
        foreach (var pair in args.Chunk(2))
        {
            if (pair is not [("--corpus" or "--queries" or "--out") and var name, var value] || !options.TryAdd(name, value))
            {
                return null;
            }
        }

        return options;
    }

    // The private server may run as another user, who has to reach its folder.
    private static void MakeTraversable(string folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }
    }
}
