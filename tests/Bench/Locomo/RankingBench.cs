using System.Globalization;
using Actors.Sessions.Recall;

namespace Actors.Bench;

/// <summary>
/// Fits the ranking's weights and tells what they are worth, in this process: each conversation is ranked with weights that
/// were fitted on the others.
/// </summary>
internal static class RankingBench
{
    private const int K = 50;

    public static int Run(string[] args)
    {
        if (args is not ["--corpus", var corpusFile, "--queries", var queryFile])
        {
            Console.Error.WriteLine("./bench ranking --corpus F --queries F");
            return 2;
        }

        var questions = LocomoFiles.Questions(queryFile);
        var ranked = RankedQuestions.Of(LocomoFiles.Corpus(corpusFile), questions, new RankingOptions());
        var run = new Dictionary<string, string[]>();
        var judged = new List<(double, bool)>();
        foreach (var (conversation, weights) in CrossFit(ranked))
        {
            foreach (var question in ranked.Where(q => q.Question.ConversationId == conversation))
            {
                var best = Rank(question, weights).Take(K).ToArray();
                run[question.Question.QuestionId] = [.. best.Select(m => question.Memories[m.Memory])];
                judged.AddRange(best.Select(m => (m.Score, question.Answers.Contains(m.Memory))));
            }
        }

        Console.WriteLine("Each conversation with weights fitted on the others:");
        LocomoScore.Print(questions, run);
        var (even, steepness) = WeightFit.Calibrate(judged);
        Console.WriteLine();
        Console.WriteLine("Fitted on all:");
        foreach (var (name, weight) in Evidence.Names.Zip(WeightFit.Fit(ranked, Evidence.Names.Length)))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-12} {weight,6:0.000}"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {nameof(RankingOptions.EvenScore),-12} {even,6:0.000}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {nameof(RankingOptions.Steepness),-12} {steepness,6:0.000}"));
        return 0;
    }

    /// <summary>By conversation, the weights that were fitted on the others.</summary>
    public static IEnumerable<(string Conversation, double[] Weights)> CrossFit(IReadOnlyCollection<RankedQuestion> questions) =>
        questions.Select(q => q.Question.ConversationId).Distinct().Select(conversation => (
            conversation,
            WeightFit.Fit([.. questions.Where(q => q.Question.ConversationId != conversation)], Evidence.Names.Length)));

    /// <summary>The service's arguments for weights as <see cref="Evidence"/> orders them.</summary>
    public static string[] Settings(double[] weights) =>
        [.. Evidence.Names.Zip(weights).Skip(1).SelectMany(pair => (string[])[$"--Ranking:{pair.First}", pair.Second.ToString("R", CultureInfo.InvariantCulture)])];

    private static IEnumerable<(int Memory, double Score)> Rank(RankedQuestion question, double[] weights) =>
        question.Evidence
            .Select((evidence, memory) => (memory, evidence.Zip(weights, (e, w) => e * w).Sum()))
            .OrderByDescending(m => m.Item2).ThenByDescending(m => m.memory);
}
