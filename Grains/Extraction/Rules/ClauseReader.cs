namespace Actors.Extraction.Rules;

/// <summary>Finds the clauses of a sentence that can state something, and where each begins and ends. Pure.</summary>
internal static class ClauseReader
{
    private const int MaxApposition = 7;

    private static readonly WordSet Joins = new("and but because since so though although while or plus");

    private static readonly WordSet Asides = new("also honestly frankly actually ok okay well yes therefore");

    private static readonly WordSet Pronouns = new("i we you he she it they my our your his her their this that there please thanks thank");

    private static readonly WordSet CutBefore = new("but because although though whereas");

    private static readonly WordSet Trailing = new(
        "please thanks though too anyway btw cheers actually everyone all. folks mainly partly largely chiefly");

    private static readonly PhraseSet TrailingPhrases = new(
        "by the way | as well | thank you | of course | for the record | as you know | you know | so please");

    /// <summary>Verbs by which a speaker goes on about themselves: "and hate running".</summary>
    public static readonly WordSet OwnVerbs = new(
        "prefer like love hate dislike enjoy live work speak am have do can always never usually only detest adore avoid start finish");

    /// <summary>Verbs by which somebody else is spoken of.</summary>
    public static readonly WordSet OthersVerbs = new(
        """
        prefers likes loves hates dislikes enjoys detests adores loathes requires insists demands does wants is has can works lives speaks
        goes eats drinks smokes uses owns runs leads manages heads handles oversees leaves starts finishes comes attends teaches plays
        studies drives flies takes keeps joins asks looks avoids wears travels commutes swims trains was took never always usually
        normally only rarely mostly also currently really
        """);

    // Of these alone another clause begins behind "and"; others may go on with a list.
    private static readonly WordSet GoingOn = new(
        """
        prefers likes loves hates dislikes enjoys requires insists demands does is has works lives speaks goes eats drinks uses leaves
        starts finishes asks can never
        """);

    /// <summary>The clauses of a sentence.</summary>
    /// <param name="sentence">The sentence.</param>
    /// <param name="person">Whom the sentence before spoke of; null: nobody by name, or several.</param>
    public static IEnumerable<Clause> Read(Sentence sentence, Clause? person = null)
    {
        var words = sentence.Words;
        Clause? before = null;
        for (var at = LeadIns.End(words); at < words.Count;)
        {
            var end = EndOf(words, at);
            var to = WithoutTrailing(words, at, end);
            if (!words[at].IsQuoted && to > at)
            {
                before = SubjectReader.Read(sentence, at, to, before, person);
                person = before.Subject is ClauseSubject.Named or ClauseSubject.User ? before : person;
                yield return before;
            }

            var next = NextStart(words, at, end);
            at = next > at ? next : words.Count;
        }
    }

    private static int EndOf(IReadOnlyList<SentenceWord> words, int start)
    {
        for (var i = PastApposition(words, start); i < words.Count; i++)
        {
            if (i > start && (CutBefore.Contains(words[i].Text) || BeginsAnother(words, i)))
            {
                return i;
            }

            var isLast = i + 1 >= words.Count;
            if (words[i].Break is ';' or '-' || (words[i].Break == ',' && !isLast && EndsAtComma(words, i + 1)))
            {
                return i + 1;
            }
        }

        return words.Count;
    }

    /// <summary>The first word behind "our bookkeeper" of "Carla, our bookkeeper, only works mornings"; without such, the place itself.</summary>
    public static int PastApposition(IReadOnlyList<SentenceWord> words, int at)
    {
        var name = at;
        while (name < words.Count && name < at + 2 && words[name].IsCapital && words[name].Break == '\0')
        {
            name++;
        }

        if (name >= words.Count || !words[name].IsCapital || words[name].Break != ',' || !GivenNames.Contains(words[at].Text))
        {
            return at;
        }

        for (var i = name + 2; i < Math.Min(words.Count - 1, name + MaxApposition); i++)
        {
            if (words[i].Break != '\0')
            {
                return words[i].Break == ',' && OthersVerbs.Contains(words[i + 1].Text) ? i + 1 : at;
            }
        }

        return at;
    }

    // "Mette doesn't drink and Søren has an allergy".
    private static bool NamesSomebody(IReadOnlyList<SentenceWord> words, int at) =>
        words[at].IsCapital && GivenNames.Contains(words[at].Text) && at + 1 < words.Count && OthersVerbs.Contains(words[at + 1].Text);

    // "... and we ship on Mondays", "... and also hate running", "... so it is closed".
    private static bool BeginsAnother(IReadOnlyList<SentenceWord> words, int at)
    {
        if (words[at].Text is not ("and" or "since" or "so") || at + 1 >= words.Count)
        {
            return false;
        }

        var next = words[at + 1].Text;
        return Pronouns.Contains(next) || (words[at].Text == "and" && (GoesOn(next) || NamesSomebody(words, at + 1)));
    }

    private static bool GoesOn(string word) => Asides.Contains(word) || OwnVerbs.Contains(word) || GoingOn.Contains(word);

    // What stands behind a comma: a list goes on behind it, too.
    private static bool EndsAtComma(IReadOnlyList<SentenceWord> words, int next)
    {
        var word = words[next].Text;
        if (word is "and" or "or")
        {
            var isOther = word == "and" && next + 1 < words.Count
                && (Pronouns.Contains(words[next + 1].Text) || NamesSomebody(words, next + 1));
            return isOther || IsStatement(words, next);
        }

        return Pronouns.Contains(word) || Joins.Contains(word) || CutBefore.Contains(word) || Trailing.Contains(word)
            || word is "the" or "cause" or "which" or "who" or "said" or "says"
            || TrailingPhrases.LengthAt(words, next, words.Count) > 0
            || NamesSomebody(words, next) || IsStatement(words, next);
    }

    // "VAT number is X, contact is Niamh", "planning: Mondays 13:00, retro: Fridays 15:00".
    private static bool IsStatement(IReadOnlyList<SentenceWord> words, int at)
    {
        var isTold = at + 2 < words.Count && words[at].Break == '\0' && words[at + 1].Text is "is" or "are" && !words[at + 1].IsPart;
        return isTold || (words[at].Break == ':' && ScheduleRules.IsMeeting(words[at].Text));
    }

    // After the mark or the word that ended the clause before; a colon begins one, too.
    private static int NextStart(IReadOnlyList<SentenceWord> words, int start, int end)
    {
        var at = end;
        while (at < words.Count && (Joins.Contains(words[at].Text) || Trailing.Contains(words[at].Text) || Asides.Contains(words[at].Text)))
        {
            at++;
        }

        return at > start ? at : start + 1;
    }

    private static int WithoutTrailing(IReadOnlyList<SentenceWord> words, int start, int end)
    {
        while (end > start + 1 && LengthOfTrailing(words, start, end) is > 0 and var length)
        {
            end -= length;
        }

        return end;
    }

    // Something is left of the clause without it.
    private static int LengthOfTrailing(IReadOnlyList<SentenceWord> words, int start, int end)
    {
        if (Trailing.Contains(words[end - 1].Text))
        {
            return 1;
        }

        for (var length = 3; length > 1; length--)
        {
            if (end - start > length && TrailingPhrases.LengthAt(words, end - length, end) == length)
            {
                return length;
            }
        }

        return 0;
    }
}
