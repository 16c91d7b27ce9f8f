using System.Net.Http.Json;
using System.Text.Json;
using Actors.Bench.Http;
using Actors.Sessions.Recall;
using Actors.Support;

namespace Actors.Bench;

/// <summary>
/// How much of the evidence for questions on the notes of agents recall finds, through the real HTTP API, by kind of question;
/// beside the same service with everything but BM25 switched off.
/// </summary>
internal static class NotesBench
{
    public const string Usage = "./bench notes";

    private const int K = 50;

    // "Now" of the corpus; as_of makes the answers the same at any time.
    private const string AsOf = "2026-11-30T00:00:00Z";

    private static readonly int[] Depths = [5, 10, 25];

    private static readonly string[] PlainBm25 =
    [
        .. new[]
        {
            nameof(RankingOptions.SynonymPercent), nameof(RankingOptions.InstancePercent), nameof(RankingOptions.AssumedMemories),
            nameof(RankingOptions.Conversation), nameof(RankingOptions.Speaker), nameof(RankingOptions.SelfReport), nameof(RankingOptions.Date),
            nameof(RankingOptions.Asking), nameof(RankingOptions.Addressing), nameof(RankingOptions.Answering), nameof(RankingOptions.Length),
            nameof(RankingOptions.TimeWords), nameof(RankingOptions.Numbers), nameof(RankingOptions.Names),
        }.SelectMany(name => Setting(name, "0")),
        .. Setting(nameof(RankingOptions.GenericWord), "1"), .. Setting(nameof(RankingOptions.DateWord), "1"),
        .. Setting(nameof(RankingOptions.LeastQuestion), "1e-9"),
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Length > 0)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        var questions = NotesFiles.Questions();
        await using var folder = TestFolder.Create();
        Dictionary<string, string[]> ours;
        await using (var service = await ServiceProcess.StartAsync(folder.Path))
        {
            await RememberAsync(service.Client, NotesFiles.Corpus());
            ours = await RecallAsync(service.Client, questions);
        }

        Dictionary<string, string[]> plain;
        await using (var service = await ServiceProcess.StartAsync(folder.Path, PlainBm25))
        {
            plain = await RecallAsync(service.Client, questions);
        }

        Console.WriteLine(Table(questions, ours, plain));
        return 0;
    }

    private static string[] Setting(string name, string value) => [$"--Ranking:{name}", value];

    private static async Task RememberAsync(HttpClient client, Note[] corpus)
    {
        foreach (var (note, number) in corpus.Select((note, number) => (note, number)))
        {
            if (number % 25 == 0)
            {
                Progress.Show($"{number} of {corpus.Length} notes stored");
            }

            using var response = note.Kind == "fact"
                ? await client.PostAsJsonAsync("/api/v1/memory/facts", Fact(note))
                : await client.PostAsJsonAsync("/api/v1/memory/remember", Memory(note));
            await response.EnsureSuccessAsync();
        }

        Progress.End();
    }

    private static object Memory(Note note) => new
    {
        client_id = note.ClientId,
        content = note.Content,
        memory_type = note.Kind,
        speaker = note.Speaker,
        occurred_at = note.OccurredAt,
        metadata = new { item_id = note.ItemId },
    };

    private static object Fact(Note note) => new
    {
        client_id = note.ClientId,
        subject_type = note.SubjectType,
        subject_id = note.SubjectId,
        fact_type = note.FactType,
        content = note.Content,
        valid_from = note.OccurredAt,
        metadata = new { item_id = note.ItemId },
    };

    private static async Task<Dictionary<string, string[]>> RecallAsync(HttpClient client, NotesQuestion[] questions)
    {
        var run = new Dictionary<string, string[]>();
        foreach (var question in questions)
        {
            var path = $"{RecallQuestions.PathOf(question.ClientId, question.Question)}&k={K}&as_of={AsOf}";
            using var response = await client.GetAsync(path);
            await response.EnsureSuccessAsync();
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
            run[question.QuestionId] = [.. answer.GetProperty("results").EnumerateArray()
                .Select(result => result.GetProperty("metadata").GetProperty("item_id").GetString()!)];
            if (run.Count % 50 == 0)
            {
                Progress.Show($"{run.Count} of {questions.Length} questions answered");
            }
        }

        Progress.End();
        return run;
    }

    private static string Table(NotesQuestion[] questions, Dictionary<string, string[]> ours, Dictionary<string, string[]> plain)
    {
        var table = new MarkdownTable(
            ["in %", "#n", .. Depths.Select(k => $"#R@{k}"), "#MRR", .. Depths.Select(k => $"#BM25 R@{k}"), "#BM25 MRR"]);
        var kinds = questions.GroupBy(question => question.Kind).OrderBy(kind => kind.Key, StringComparer.Ordinal);
        foreach (var (name, asked) in kinds.Select(kind => (kind.Key, kind.ToArray())).Prepend(("all", questions)))
        {
            table.Add([name, $"{asked.Length}", .. Scores(asked, ours), .. Scores(asked, plain)]);
        }

        return table.ToString();
    }

    private static IEnumerable<string> Scores(NotesQuestion[] questions, Dictionary<string, string[]> run)
    {
        LocomoQuestion[] scored = [.. questions.Select(q => new LocomoQuestion(q.QuestionId, q.ClientId, q.Question, 0, q.Kind, q.Evidence))];
        return Depths.Select(k => LocomoScore.RecallAt(k, scored, run)).Append(LocomoScore.ReciprocalRank(scored, run)).Select(score => $"{score * 100:0.0}");
    }
}
