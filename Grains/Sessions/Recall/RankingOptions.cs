namespace Actors.Sessions.Recall;

/// <summary>
/// Every weight of the ranking. Configuration section <c>Ranking</c>; the same in all processes, or they rank differently.
/// </summary>
/// <remarks>
/// A memory's score is a weighted sum of what speaks for it (<see cref="Evidence"/>), the text's BM25 counting 1. Sources: [L]
/// LoCoMo's development half (Maharana et al., ACL 2024), by hand on a flat optimum; [F] fitted there by <c>./bench ranking</c>,
/// a softmax over the memories of each question, and rounded; [G] good English rather than a measurement.
/// </remarks>
internal sealed record RankingOptions
{
    /// <summary>Terms beyond this make a memory no longer.</summary>
    public const int LongLength = 64;

    /// <summary>BM25's k1, at least 0: how much repeats of a term in one memory count. Below the 1.2 usual for long documents. [L]</summary>
    public double TermSaturation { get; init; } = 0.9;

    /// <summary>BM25's b in 0..1: how much long memories are held back. [L]</summary>
    public double LengthNormalization { get; init; } = 0.4;

    /// <summary>
    /// Memories without any of the question's words that are assumed beside those there, at least 0: else every word would be common
    /// where there are few memories. [G]
    /// </summary>
    public int AssumedMemories { get; init; } = 20;

    /// <summary>
    /// What a term counts for the memory after it in the same conversation, in hundredths of what it counts for its own, at least 0. [L]
    /// </summary>
    public int PreviousPercent { get; init; } = 20;

    /// <summary>The same when the memory before asks something (contains <c>?</c>), so that answers are found by their questions. [L]</summary>
    public int PreviousQuestionPercent { get; init; } = 95;

    /// <summary>What a term counts for the memory two after it, in hundredths. [L]</summary>
    public int SecondPreviousPercent { get; init; } = 45;

    /// <summary>What a term counts for the memory before it, in hundredths. [L]</summary>
    public int NextPercent { get; init; } = 15;

    /// <summary>What a term counts for the memory two before it, in hundredths. [L]</summary>
    public int SecondNextPercent { get; init; } = 25;

    /// <summary>What an interchangeable word counts against the question's own, in hundredths. [L]</summary>
    public int SynonymPercent { get; init; } = 25;

    /// <summary>What an instance of the question's word counts ("Spain" for "country"), in hundredths. [L]</summary>
    public int InstancePercent { get; init; } = 20;

    /// <summary>What a word counts that says little in a question ("kind", "mention"), in 0..1. [L]</summary>
    public double GenericWord { get; init; } = 0.5;

    /// <summary>What the words of a date in the question count as words, in 0..1; as a date they count by <see cref="Date"/>. [L]</summary>
    public double DateWord { get; init; } = 0.25;

    /// <summary>Least sum of a question's inverse document frequencies that scores are divided by, so that one frequent word is no full match. [L]</summary>
    public double LeastQuestion { get; init; } = 2;

    /// <summary>Weight of the best single memory of the same conversation; a memory outside of conversations is one by itself. [F]</summary>
    public double Conversation { get; init; } = 0.43;

    /// <summary>Weight of being said by the one speaker the question names; against it when said by another in the conversation. [F]</summary>
    public double Speaker { get; init; } = 0.03;

    /// <summary>Weight of the named speaker saying something about himself ("I", "my", "we"). [F]</summary>
    public double SelfReport { get; init; } = 0.09;

    /// <summary>Weight of having happened when the question says. [F]</summary>
    public double Date { get; init; } = 0.5;

    /// <summary>Held back for ending in a question mark. [F]</summary>
    public double Asking { get; init; } = 0.06;

    /// <summary>Held back for speaking to another ("you"), which says little about the speaker. [F]</summary>
    public double Addressing { get; init; } = 0.07;

    /// <summary>Weight of following a question in the conversation. [F]</summary>
    public double Answering { get; init; } = 0.06;

    /// <summary>Weight of the logarithm of its length in terms, of at most <see cref="LongLength"/>. [F]</summary>
    public double Length { get; init; } = 0.055;

    /// <summary>Weight of words of time for a question of when. [F]</summary>
    public double TimeWords { get; init; } = 0.26;

    /// <summary>Weight of a number for a question of how many. [F]</summary>
    public double Numbers { get; init; } = 0.17;

    /// <summary>Weight of capitalised words for a question of who, where or which. [F]</summary>
    public double Names { get; init; } = 0.24;

    /// <summary>
    /// The score that becomes a similarity of 0.5: as common among memories that answer their question as among the others it
    /// brings up. [F]
    /// </summary>
    public double EvenScore { get; init; } = 1;

    /// <summary>How fast the logarithm of those odds grows with the score. [F]</summary>
    public double Steepness { get; init; } = 4;

    /// <summary>Whether every weight is in its range.</summary>
    public bool IsSound =>
        ((int[])[PreviousPercent, PreviousQuestionPercent, SecondPreviousPercent, NextPercent, SecondNextPercent, SynonymPercent, InstancePercent])
            .All(percent => percent is >= 0 and <= 1_000)
        && ((double[])[LengthNormalization, GenericWord, DateWord]).All(share => share is >= 0 and <= 1)
        && ((double[])[Conversation, Speaker, SelfReport, Date, Asking, Addressing, Answering, Length, TimeWords, Numbers, Names, EvenScore])
            .All(weight => weight is >= -10 and <= 10)
        && AssumedMemories >= 0 && TermSaturation is >= 0 and <= 100 && LeastQuestion > 0 && Steepness > 0;
}
