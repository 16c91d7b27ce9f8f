namespace Actors.Bench;

/// <summary>
/// The share of a question's evidence turns among the first k results, averaged over questions: "Recall Accuracy" of
/// Maharana et al., ACL 2024; and the mean reciprocal rank of the first of them. Questions without evidence are left out,
/// unanswered ones count 0.
/// </summary>
internal static class LocomoScore
{
    private static readonly int[] Depths = [5, 10, 25, 50];

    public static void Print(IReadOnlyList<LocomoQuestion> questions, IReadOnlyDictionary<string, string[]> run)
    {
        var scored = questions.Where(q => q.Evidence.Length > 0).ToList();
        Console.WriteLine($"| {"in %",-44} | {"n",4} | {string.Join(" | ", Depths.Select(k => $"{"R@" + k,5}"))} |   MRR |");
        Console.WriteLine($"|{new string('-', 46)}|-----:|{string.Concat(Depths.Select(_ => "------:|"))}------:|");
        PrintRow("all", scored, run);
        PrintRow("categories 1-4", [.. scored.Where(q => q.Category != 5)], run);
        foreach (var category in scored.GroupBy(q => q.CategoryName).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            PrintRow(category.Key, [.. category], run);
        }
    }

    /// <summary>The mean over questions of recall at a depth, in 0..1.</summary>
    public static double RecallAt(int k, IReadOnlyCollection<LocomoQuestion> questions, IReadOnlyDictionary<string, string[]> run) =>
        questions.Average(question => run.TryGetValue(question.QuestionId, out var ranked)
            ? question.Evidence.Count(turn => ranked.Take(k).Contains(turn)) / (double)question.Evidence.Length
            : 0);

    /// <summary>The mean over questions of the reciprocal rank of the first evidence, in 0..1.</summary>
    public static double ReciprocalRank(IReadOnlyCollection<LocomoQuestion> questions, IReadOnlyDictionary<string, string[]> run) =>
        questions.Average(question =>
        {
            var rank = run.TryGetValue(question.QuestionId, out var ranked) ? Array.FindIndex(ranked, question.Evidence.Contains) + 1 : 0;
            return rank == 0 ? 0 : 1.0 / rank;
        });

    private static void PrintRow(string name, List<LocomoQuestion> questions, IReadOnlyDictionary<string, string[]> run)
    {
        var figures = Depths.Select(k => RecallAt(k, questions, run)).Append(ReciprocalRank(questions, run));
        Console.WriteLine($"| {name,-44} | {questions.Count,4} | {string.Join(" | ", figures.Select(figure => $"{figure * 100,5:0.0}"))} |");
    }
}
