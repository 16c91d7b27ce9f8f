using System.Collections.Frozen;

namespace Actors.Sessions.Recall;

/// <summary>English function words, which say nothing about what a text is about. Lower case, without apostrophes.</summary>
internal static class StopWords
{
    private static readonly FrozenSet<string> English = FrozenSet.Create(
        StringComparer.Ordinal,
        """
        a about above after again against all am an and any are arent as at be because been before being below between both
        but by can cant cannot could couldnt did didnt do does doesnt doing dont down during each few for from further had
        hadnt has hasnt have havent having he hed hell her here heres hers herself hes him himself his how i id if ill im
        in into is isnt it its itself ive just lets me more most my myself no nor not now of off on once only or other our
        ours ourselves out over own same shall she shed should shouldnt so some such than that thats the their theirs them
        themselves then there theres these they theyd theyll theyre theyve this those through to too under until up very
        was wasnt we wed were werent weve what whats when where which while who whom whos why will with wont would wouldnt
        you youd youll your youre yours yourself yourselves youve
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> EnglishBySpan =
        English.GetAlternateLookup<ReadOnlySpan<char>>();

    public static bool Contains(ReadOnlySpan<char> word) => EnglishBySpan.Contains(word);
}
