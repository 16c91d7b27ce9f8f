using System.Diagnostics;
using Actors.Bench.Http;
using Actors.Support;

namespace Actors.Bench;

/// <summary>How much of the labelled sentences the rules find, and how much of what they find is right; and how fast.</summary>
internal static class ExtractionBench
{
    public const string Usage = "./bench extract [--misses]";

    private const int Rounds = 200;

    private static readonly string[] Types = ["constraint", "decision", "identity", "preference", "result", "schedule"];

    public static int Run(string[] args)
    {
        if (args is not ([] or ["--misses"]))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        foreach (var (name, sentences) in LabelledSentence.Parts)
        {
            Console.WriteLine(Table(name, sentences));
            if (args.Length > 0)
            {
                WriteMisses(sentences);
            }
        }

        Console.WriteLine($"{SentencesPerSecond():0} sentences per second, on one thread");
        return 0;
    }

    private static string Table(string name, LabelledSentence[] sentences)
    {
        var table = new MarkdownTable([$"{name}, {sentences.Length} sentences", "#labelled", "#found", "#right", "#precision", "#recall"]);
        foreach (var type in Types.Prepend(null))
        {
            var score = ExtractionScore.Of(sentences, type);
            table.Add([type ?? "all", $"{score.Labelled}", $"{score.Found}", $"{score.Right}", $"{score.Precision:0.000}", $"{score.Recall:0.000}"]);
        }

        return table.ToString();
    }

    private static void WriteMisses(LabelledSentence[] sentences)
    {
        foreach (var sentence in sentences)
        {
            var found = sentence.Found();
            foreach (var fact in found.Where(fact => !sentence.Facts.Any(fact.Matches)))
            {
                Console.WriteLine($"wrong   {sentence.Text} -> {fact}");
            }

            foreach (var fact in sentence.Facts.Where(fact => !found.Any(fact.Matches)))
            {
                Console.WriteLine($"missing {sentence.Text} -> {fact}");
            }
        }
    }

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
