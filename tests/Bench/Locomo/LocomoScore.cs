namespace Actors.Bench;

/// <summary>
/// The share of a question's evidence turns among the first k results, averaged over questions: "Recall Accuracy" of
/// Maharana et al., ACL 2024. Questions without evidence are left out, unanswered ones count 0.
/// </summary>
internal static class LocomoScore
{
    private static readonly int[] Depths = [5, 10, 25, 50];

    public static void Print(IReadOnlyList<LocomoQuestion> questions, IReadOnlyDictionary<string, string[]> run)
    {
        var scored = questions.Where(q => q.Evidence.Length > 0).ToList();
        Console.WriteLine($"| {"questions",-16} | {"n",4} | {string.Join(" | ", Depths.Select(k => $"{"R@" + k,5}"))} |");
        Console.WriteLine($"|{new string('-', 18)}|-----:|{string.Concat(Depths.Select(_ => "------:|"))}");
        PrintRow("all", scored, run);
        PrintRow("categories 1-4", [.. scored.Where(q => q.Category != 5)], run);
        foreach (var category in scored.GroupBy(q => q.CategoryName).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            PrintRow(category.Key, [.. category], run);
        }
    }

    private static void PrintRow(string name, List<LocomoQuestion> questions, IReadOnlyDictionary<string, string[]> run)
    {
        var recalls = Depths.Select(k => questions.Average(q => RecallAt(k, q, run)) * 100);
        Console.WriteLine($"| {name,-16} | {questions.Count,4} | {string.Join(" | ", recalls.Select(r => $"{r,5:0.0}"))} |");
    }

    private static double RecallAt(int k, LocomoQuestion question, IReadOnlyDictionary<string, string[]> run) =>
        run.TryGetValue(question.QuestionId, out var ranked)
            ? question.Evidence.Count(turn => ranked.Take(k).Contains(turn)) / (double)question.Evidence.Length
            : 0;
}
