namespace Actors.Sessions.Recall;

/// <summary>The weights of the ranking, in one place.</summary>
/// <param name="TermSaturation">
/// BM25's k1, at least 0: how much repeats of a term in one memory count. 0.9 was measured best on chat turns and notes
/// (LoCoMo, Maharana et al., ACL 2024), below the 1.2 usual for long documents.
/// </param>
/// <param name="LengthNormalization">BM25's b in 0..1: how much long memories are held back. 0.4, same measurement.</param>
internal sealed record RankingOptions(double TermSaturation = 0.9, double LengthNormalization = 0.4);
