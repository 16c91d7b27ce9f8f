namespace Actors.Extraction.Rules;

/// <summary>Outcomes in note form: "down from 41 bugs to 6", "latency 300 → 120 ms", "contract signed".</summary>
internal static class NotedOutcomes
{
    private const int MaxSubjectWords = 8;

    private const int MaxThingWords = 3;

    private static readonly WordSet Done = new(
        """
        signed extended renewed accepted approved rejected won lost completed delivered shipped closed cancelled canceled launched
        granted awarded finished passed secured filled terminated deployed merged
        """);

    /// <summary>What is signed, won or delivered once.</summary>
    public static WordSet Things { get; } = new(
        """
        contract offer migration project pilot rollout release audit milestone acquisition merger sale deal tender patent grant lease
        loan budget permit application certification renewal proposal bid funding visa prototype agreement integration claim server
        domain vacancy position licence license
        """);

    public static FoundFact? Find(Clause clause) => FromTo(clause) ?? Arrow(clause) ?? ThingDone(clause);

    // "Down from 41 open bugs to 6."
    private static FoundFact? FromTo(Clause clause)
    {
        var from = clause.Start;
        if (!clause.Take(ref from, "down from") && !clause.Take(ref from, "up from"))
        {
            return null;
        }

        var to = from;
        while (to < clause.End && clause[to] != "to")
        {
            to++;
        }

        return clause.HasFigure(from, to) && clause.HasFigure(to, to + 4)
            ? OutcomeRules.Fact(clause, clause.Start, clause.EndOfStatement(to))
            : null;
    }

    // "Coverage 81 → 93": the arrow is no word.
    private static FoundFact? Arrow(Clause clause)
    {
        for (var i = clause.Start + 1; i < Math.Min(clause.End - 1, clause.Start + MaxSubjectWords); i++)
        {
            if (clause.Word(i).Break == ',')
            {
                return null;
            }

            if (HasArrowBehind(clause, i))
            {
                return clause.HasFigure(i, i + 1) && clause.HasFigure(i + 1, i + 2)
                    ? OutcomeRules.Fact(clause, clause.Start, clause.EndOfStatement(i + 1))
                    : null;
            }
        }

        return null;
    }

    private static bool HasArrowBehind(Clause clause, int at)
    {
        var (start, end) = (clause.Word(at).End, clause.Word(at + 1).Start);
        var gap = clause.Sentence.Memory.AsSpan(start, Math.Max(0, end - start));
        return gap.Contains('→') || gap.Contains("->", StringComparison.Ordinal);
    }

    // "Contract extended till 2026."
    private static FoundFact? ThingDone(Clause clause)
    {
        if (clause[clause.Start] is "the" or "a" or "our" or "no")
        {
            return null;
        }

        for (var i = clause.Start; i < Math.Min(clause.End - 1, clause.Start + MaxThingWords); i++)
        {
            if (Things.Contains(clause[i]))
            {
                return clause.Word(i).Break == '\0' && IsDone(clause, i + 1)
                    ? OutcomeRules.Fact(clause, clause.Start, clause.EndOfStatement(i + 1))
                    : null;
            }
        }

        return null;
    }

    // "Contract signed copy" is a paper, and what is deployed again, or not signed yet, is no outcome that lasts.
    private static bool IsDone(Clause clause, int verb)
    {
        var isOther = clause[verb + 1] is "by" or "copy" or "copies" || (clause[verb] == "lost" && clause[verb + 1] == "in");
        return Done.Contains(clause[verb]) && !isOther && clause[clause.End - 1] is not ("again" or "yet");
    }
}
