namespace Actors.Extraction.Rules;

/// <summary>Finds the clauses of a sentence that can state something, and where each begins and ends. Pure.</summary>
internal static class ClauseReader
{
    private static readonly PhraseSet LeadIns = new(
        """
        and | but | so | well | also | btw | by the way | for the record | fyi | note | note that | please note that | please note | remember | remember that | please remember
        please remember that | reminder | just so you know | so you know | oh | hi | hello | hey | hi there | hello there | yes | yeah | yep | ok | okay | right | actually | honestly
        in general | generally | as a rule | personally | to be clear | as you know | good morning | good afternoon | good evening | for your information | just | also note that
        important | info | preference | preferences | about me | update | finally | then | plus | frankly | to be honest | keep in mind that | keep in mind | user | me | no | sure
        because | since | though | although | thanks | great | perfect | in the end | at the end of the day | long story short | good news | great news | bad news | going forward
        from now on | heads up | heads-up | quick note | one thing | small correction | correction | pls note | and yes
        """);

    private const int MaxApposition = 7;
    private const int MaxPreface = 10;

    private static readonly WordSet Prefacing = new("note notes file record records thing correction news reminder forget status background context intro say logged checked stand short summary crm remember");

    private static readonly WordSet Prepositions = new("after during in on at last yesterday today this with for earlier");

    private static readonly PhraseSet Minding = new("keep in mind | keep in mind that | remember that | please remember | please remember that | note that | bear in mind | bear in mind that");

    private static readonly WordSet Joins = new("and but because since so though although while or plus");

    private static readonly WordSet Asides = new("also honestly frankly actually ok okay well yes therefore");

    private static readonly WordSet Pronouns = new("i we you he she it they my our your his her their this that there please thanks thank");

    private static readonly WordSet CutBefore = new("but because although though whereas");

    private static readonly WordSet Trailing = new("please thanks though too anyway btw cheers actually everyone all. folks mainly partly largely chiefly");

    private static readonly PhraseSet TrailingPhrases = new("by the way | as well | thank you | of course | for the record | as you know | you know | so please");

    /// <summary>Verbs by which a speaker goes on about themselves: "and hate running".</summary>
    public static readonly WordSet OwnVerbs = new(
        "prefer like love hate dislike enjoy live work speak am have do can always never usually only detest adore avoid start finish");

    /// <summary>Verbs by which somebody else is spoken of.</summary>
    public static readonly WordSet OthersVerbs = new(
        """
        prefers likes loves hates dislikes enjoys detests adores loathes requires insists demands does wants is has can works lives speaks goes eats drinks smokes uses owns runs leads manages
        heads handles oversees leaves starts finishes comes attends teaches plays studies drives flies takes keeps joins asks looks avoids wears travels commutes swims trains was took never
        always usually normally only rarely mostly also currently really
        """);

    // Of these alone another clause begins behind "and"; others may go on with a list.
    private static readonly WordSet GoingOn = new("prefers likes loves hates dislikes enjoys requires insists demands does is has works lives speaks goes eats drinks uses leaves starts finishes asks can never");

    /// <summary>The clauses of a sentence.</summary>
    /// <param name="sentence">The sentence.</param>
    /// <param name="person">Whom the sentence before spoke of; null: nobody by name, or several.</param>
    public static IEnumerable<Clause> Read(Sentence sentence, Clause? person = null)
    {
        var words = sentence.Words;
        Clause? before = null;
        for (var at = AfterLeadIn(words, AfterPreface(words)); at < words.Count;)
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

    // Past "one thing before I forget:"; the name of who speaks, or what it is ("Decision:"), stays.
    private static int AfterPreface(IReadOnlyList<SentenceWord> words)
    {
        var says = false;
        for (var i = 0; i < Math.Min(words.Count - 1, MaxPreface); i++)
        {
            says |= Prefacing.Contains(words[i].Text);
            if (words[i].Break != '\0')
            {
                return says && words[i].Break == ':' ? i + 1 : 0;
            }
        }

        return 0;
    }

    // Past greetings and other words that say nothing, then past "after the demo", up to whom it speaks of.
    private static int AfterLeadIn(IReadOnlyList<SentenceWord> words, int at)
    {
        for (var length = LeadIns.LengthAt(words, at, words.Count); length > 0; length = LeadIns.LengthAt(words, at, words.Count))
        {
            // "No calls on Fridays", "User accounts must ...": only a mark makes these lead-ins.
            if (words[at].Text is "no" or "user" or "me" or "sure" or "right" or "note" or "important" or "info" or "preference" or "preferences" or "update" or "just" or "great" or "perfect" or "correction" or "heads-up"
                && length == 1 && words[at].Break == '\0' && words[at].Text != "just")
            {
                break;
            }

            at += length;
        }

        if (at >= words.Count || !Prepositions.Contains(words[at].Text))
        {
            return at;
        }

        for (var i = at + 1; i < Math.Min(words.Count, at + 9); i++)
        {
            if (words[i].Text is "we" or "i" && (i > at + 1 || words[at].Text is "yesterday" or "today" or "earlier"))
            {
                return i;
            }

            if (words[i].Break == ',')
            {
                return i + 1;
            }

            if (Minding.LengthAt(words, i, words.Count) is > 0 and var length)
            {
                return i + length;
            }
        }

        return at;
    }

    private static int EndOf(IReadOnlyList<SentenceWord> words, int start)
    {
        for (var i = PastApposition(words, start); i < words.Count; i++)
        {
            if (i > start && CutBefore.Contains(words[i].Text))
            {
                return i;
            }

            if (i > start && words[i].Text is "and" or "since" or "so" && i + 1 < words.Count
                && (Pronouns.Contains(words[i + 1].Text) || (words[i].Text == "and" && (Asides.Contains(words[i + 1].Text) || OwnVerbs.Contains(words[i + 1].Text) || GoingOn.Contains(words[i + 1].Text) || NamesSomebody(words, i + 1)))))
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

    private static bool EndsAtComma(IReadOnlyList<SentenceWord> words, int next) =>
        Pronouns.Contains(words[next].Text) || words[next].Text is "the" or "cause" || Joins.Contains(words[next].Text) && words[next].Text is not ("and" or "or")
        || (words[next].Text == "and" && next + 1 < words.Count && (Pronouns.Contains(words[next + 1].Text) || NamesSomebody(words, next + 1))) || NamesSomebody(words, next)
        || CutBefore.Contains(words[next].Text) || words[next].Text is "which" or "who" || Trailing.Contains(words[next].Text) || TrailingPhrases.LengthAt(words, next, words.Count) > 0
        || words[next].Text is "said" or "says" || IsStatement(words, next);

    // "VAT number is X, contact is Niamh", "planning: Mondays 13:00, retro: Fridays 15:00".
    private static bool IsStatement(IReadOnlyList<SentenceWord> words, int at) =>
        (at + 2 < words.Count && words[at + 1].Text is "is" or "are" && !words[at + 1].IsPart && words[at].Break == '\0') || (words[at].Break == ':' && ScheduleRules.IsMeeting(words[at].Text));

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
        while (end > start + 1)
        {
            var length = Trailing.Contains(words[end - 1].Text) ? 1
                : end - start > 3 && TrailingPhrases.LengthAt(words, end - 3, end) == 3 ? 3
                : end - start > 2 && TrailingPhrases.LengthAt(words, end - 2, end) == 2 ? 2 : 0;
            if (length == 0)
            {
                break;
            }

            end -= length;
        }

        return end;
    }
}
