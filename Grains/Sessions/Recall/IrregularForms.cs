using System.Collections.Frozen;

namespace Actors.Sessions.Recall;

/// <summary>
/// English forms that no suffix rule leads back to their base: "went" counts as "go", "children" as "child". Forms that are words
/// of their own are left out ("saw", "left", "felt", "found", "ground").
/// </summary>
internal static class IrregularForms
{
    // Base form first.
    private const string Verbs =
        """
        arise arose arisen; awake awoke awoken; bear borne; beat beaten; become became; begin began begun; bend bent;
        bite bit bitten; bleed bled; blow blew blown; break broke broken; breed bred; bring brought; build built; burn burnt;
        buy bought; catch caught; choose chose chosen; come came; creep crept; deal dealt; dig dug; draw drew drawn;
        dream dreamt; drink drank drunk; drive drove driven; eat ate eaten; fall fell fallen; feed fed; fight fought;
        flee fled; fly flew flown; forbid forbade forbidden; forget forgot forgotten; forgive forgave forgiven;
        freeze froze frozen; get got gotten; give gave given; go went gone; grow grew grown; hang hung; hear heard;
        hide hid hidden; hold held; keep kept; kneel knelt; know knew known; lay laid; lead led; lean leant; leap leapt;
        learn learnt; lend lent; lose lost; make made; mean meant; meet met; pay paid; prove proven; ride rode ridden;
        ring rang rung; rise risen; run ran; say said; see seen; seek sought; sell sold; send sent; sew sewn;
        shake shook shaken; shine shone; show shown; shrink shrank shrunk; sing sang sung; sink sank sunk; sit sat;
        sleep slept; slide slid; speak spoke spoken; speed sped; spend spent; spin spun; spring sprang sprung; stand stood;
        steal stole stolen; stick stuck; sting stung; strike struck; strive strove striven; swear swore sworn; sweep swept;
        swim swam swum; swing swung; take took taken; teach taught; tear tore torn; tell told; think thought;
        throw threw thrown; understand understood; wake woke woken; wear wore worn; weave wove woven; weep wept; win won;
        withdraw withdrew withdrawn; write wrote written; overcome overcame; undergo underwent undergone
        """;

    private const string Nouns =
        """
        child children; man men; woman women; person people; foot feet; tooth teeth; mouse mice; goose geese; wife wives;
        knife knives; wolf wolves; shelf shelves; half halves; self selves; analysis analyses; crisis crises; criterion criteria
        """;

    private static readonly FrozenSet<string> Past = FormsOf(Verbs).Select(pair => pair.Form).ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> Stems = FormsOf(Verbs).Concat(FormsOf(Nouns))
        .ToFrozenDictionary(pair => pair.Form, pair => PorterStemmer.Stem(pair.Base), StringComparer.Ordinal);

    /// <summary>The stem of the base form; null when the word is no irregular form.</summary>
    /// <param name="word">A lower-case word.</param>
    public static string? StemOf(string word) => Stems.GetValueOrDefault(word);

    /// <summary>Whether it is an irregular form of a verb: a past.</summary>
    /// <param name="word">A lower-case word.</param>
    public static bool IsPast(string word) => Past.Contains(word);

    private static IEnumerable<(string Form, string Base)> FormsOf(string list) => list
        .Split(';', StringSplitOptions.TrimEntries)
        .Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        .SelectMany(words => words.Skip(1).Select(form => (form, words[0])));
}
