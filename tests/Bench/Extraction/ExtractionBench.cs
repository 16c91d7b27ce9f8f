using System.Diagnostics;
using Actors.Bench.Http;
using Actors.Support;

namespace Actors.Bench;

/// <summary>How much of the labelled sentences the rules find, and how much of what they find is right; and how fast.</summary>
internal static class ExtractionBench
{
    public const string Usage = "./bench extract [--misses PART]";

    private const int Rounds = 200;

    private static readonly string[] Types = ["constraint", "decision", "identity", "preference", "result", "schedule"];

    public static int Run(string[] args)
    {
        if (args is not ([] or ["--misses", _]))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        // What is wrong in a part is shown for that part alone: those that are held out are to stay unseen.
        if (args is [_, var part])
        {
            string[] misses = LabelledSentence.Parts.TryGetValue(part, out var labelled) ? [.. labelled.SelectMany(Misses)]
                : QuotedSentence.Parts.TryGetValue(part, out var quoted) ? [.. quoted.SelectMany(Misses)]
                : [];
            Console.WriteLine(string.Join('\n', misses));
            return 0;
        }

        foreach (var (name, sentences) in LabelledSentence.Parts)
        {
            Console.WriteLine(Table(name, sentences.Length, type => ExtractionScore.Of(sentences, type)));
        }

        foreach (var (name, sentences) in QuotedSentence.Parts)
        {
            Console.WriteLine(Table(name, sentences.Length, type => QuotedSentence.Score(sentences, type)));
        }

        Console.WriteLine($"{SentencesPerSecond():0} sentences per second, on one thread");
        return 0;
    }

    private static string Table(string name, int sentences, Func<string?, ExtractionScore> scoreOf)
    {
        var table = new MarkdownTable([$"{name}, {sentences} sentences", "#labelled", "#found", "#right", "#precision", "#recall"]);
        foreach (var type in Types.Prepend(null))
        {
            var score = scoreOf(type);
            table.Add([type ?? "all", $"{score.Labelled}", $"{score.Found}", $"{score.Right}", $"{score.Precision:0.000}", $"{score.Recall:0.000}"]);
        }

        return table.ToString();
    }

    private static IEnumerable<string> Misses(LabelledSentence sentence)
    {
        var found = sentence.Found();
        return
        [
            .. found.Where(fact => !sentence.Facts.Any(fact.Matches)).Select(fact => $"wrong   {sentence.Text} -> {fact}"),
            .. sentence.Facts.Where(fact => !found.Any(fact.Matches)).Select(fact => $"missing {sentence.Text} -> {fact}"),
        ];
    }

    private static IEnumerable<string> Misses(QuotedSentence sentence) =>
    [
        .. sentence.Found().Select(one => $"{(one.IsRight ? "right  " : "wrong  ")} {sentence.Text} -> {one.Fact}"),
        .. sentence.Missed().Select(fact => $"missing {sentence.Text} -> {fact.Subjects[0]}, {fact.Types[0]}: {fact.Quote}"),
    ];

    private static double SentencesPerSecond()
    {
        var all = LabelledSentence.All;
        var begun = Stopwatch.GetTimestamp();
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var sentence in all)
            {
                sentence.Found();
            }
        }

        return Rounds * all.Length / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }
}
