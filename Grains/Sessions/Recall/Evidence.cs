namespace Actors.Sessions.Recall;

/// <summary>What speaks for a memory as the answer to a question. Each is 0 when nothing is known.</summary>
internal readonly record struct Evidence
{
    /// <summary>Names of the parts, in the order of <see cref="ToArray"/>: those of the weights in <see cref="RankingOptions"/>.</summary>
    public static readonly string[] Names =
    [
        "Text", nameof(RankingOptions.Conversation), nameof(RankingOptions.Speaker), nameof(RankingOptions.SelfReport), nameof(RankingOptions.Date),
        nameof(RankingOptions.Asking), nameof(RankingOptions.Addressing), nameof(RankingOptions.Answering), nameof(RankingOptions.Length),
        nameof(RankingOptions.TimeWords), nameof(RankingOptions.Numbers), nameof(RankingOptions.Names),
    ];

    /// <summary>BM25 of the memory with what its neighbours lend it, by the sum of the question's inverse document frequencies.</summary>
    public double Text { get; init; }

    /// <summary>The same of single memories, the best of its conversation.</summary>
    public double Conversation { get; init; }

    /// <summary>1: said by the one speaker named; -1: by another.</summary>
    public double Speaker { get; init; }

    /// <summary>1: the named speaker speaks of himself.</summary>
    public double SelfReport { get; init; }

    /// <summary>How well it fits the dates named, 0..1.</summary>
    public double Date { get; init; }

    /// <summary>-1: it ends with a question.</summary>
    public double Asking { get; init; }

    /// <summary>-1..0: how much it speaks to another.</summary>
    public double Addressing { get; init; }

    /// <summary>1: it follows a question.</summary>
    public double Answering { get; init; }

    /// <summary>Logarithm of its length.</summary>
    public double Length { get; init; }

    /// <summary>0..1: words of time, if the question asks when.</summary>
    public double TimeWords { get; init; }

    /// <summary>1: a number, if the question asks how many.</summary>
    public double Numbers { get; init; }

    /// <summary>0..1: capitalised words, if the question asks for a name.</summary>
    public double NameWords { get; init; }

    public double[] ToArray() =>
        [Text, Conversation, Speaker, SelfReport, Date, Asking, Addressing, Answering, Length, TimeWords, Numbers, NameWords];

    public double Score(RankingOptions weights) =>
        Text
        + (weights.Conversation * Conversation)
        + (weights.Speaker * Speaker)
        + (weights.SelfReport * SelfReport)
        + (weights.Date * Date)
        + (weights.Asking * Asking)
        + (weights.Addressing * Addressing)
        + (weights.Answering * Answering)
        + (weights.Length * Length)
        + (weights.TimeWords * TimeWords)
        + (weights.Numbers * Numbers)
        + (weights.Names * NameWords);
}
