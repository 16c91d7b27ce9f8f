using System.Globalization;

namespace Actors.Bench.Http;

/// <summary>What <c>./bench http</c> was asked for.</summary>
internal sealed record BenchOptions
{
    /// <summary>Parts to measure, in the order given; empty: all.</summary>
    public string[] Parts { get; private init; } = [];

    /// <summary>Length of one measurement.</summary>
    public int Seconds { get; private init; } = 2;

    /// <summary>Measurements of each contender.</summary>
    public int Rounds { get; private init; } = 3;

    public string? JsonFile { get; private init; }

    public string? MarkdownFile { get; private init; }

    public string? PlotFolder { get; private init; }

    public TimeSpan Duration => TimeSpan.FromSeconds(Seconds);

    /// <summary>Reads the command line.</summary>
    /// <param name="args">Names of parts, then options.</param>
    /// <param name="parts">The parts there are.</param>
    /// <returns>Null when it is not to be understood.</returns>
    public static BenchOptions? Parse(string[] args, IReadOnlyCollection<string> parts)
    {
        var options = new BenchOptions { Parts = [.. args.TakeWhile(parts.Contains)] };
        foreach (var pair in args[options.Parts.Length..].Chunk(2))
        {
            switch (pair)
            {
                case ["--seconds", var text] when Positive(text) is { } seconds:
                    options = options with { Seconds = seconds };
                    break;
                case ["--rounds", var text] when Positive(text) is { } rounds:
                    options = options with { Rounds = rounds };
                    break;
                case ["--json" or "--out", var file]:
                    options = options with { JsonFile = file };
                    break;
                case ["--markdown", var file]:
                    options = options with { MarkdownFile = file };
                    break;
                case ["--plots", var folder]:
                    options = options with { PlotFolder = folder };
                    break;
                default:
                    return null;
            }
        }

        return options;
    }

    private static int? Positive(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
}
