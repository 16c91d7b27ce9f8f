namespace Actors.Extraction;

/// <summary>Finds the clauses of a sentence that can state something, and where each begins and ends. Pure.</summary>
internal static class ClauseReader
{
    private static readonly PhraseSet LeadIns = new(
        """
        and | but | so | well | also | btw | by the way | for the record | fyi | note | note that | please note that | please note | remember | remember that | please remember
        please remember that | reminder | just so you know | so you know | oh | hi | hello | hey | hi there | hello there | yes | yeah | yep | ok | okay | right | actually | honestly
        in general | generally | as a rule | personally | to be clear | as you know | good morning | good afternoon | good evening | for your information | just | also note that
        important | info | preference | preferences | about me | update | finally | then | plus | frankly | to be honest | keep in mind that | keep in mind | user | me | no | sure
        because | since | though | although | thanks | great | perfect
        """);

    private static readonly WordSet Prepositions = new("after during in on at last yesterday today this with for earlier");

    private static readonly WordSet Joins = new("and but because since so though although while or plus");

    private static readonly WordSet Pronouns = new("i we you he she it they my our your his her their this that there please thanks thank");

    private static readonly WordSet CutBefore = new("but because although though whereas");

    private static readonly WordSet Trailing = new("please thanks though too anyway btw cheers actually everyone all. folks");

    private static readonly PhraseSet TrailingPhrases = new("by the way | as well | thank you | of course | for the record | as you know | you know | so please");

    // "Friends who are kind and love me": what goes on is about them.
    private static readonly WordSet Relatives = new("who which that");

    /// <summary>Verbs by which a speaker goes on about themselves: "and hate running".</summary>
    private static readonly WordSet OwnVerbs = new(
        "prefer like love hate dislike enjoy live work speak am have do can always never usually only detest adore avoid start finish");

    /// <summary>Verbs by which somebody else is spoken of.</summary>
    public static readonly WordSet OthersVerbs = new("prefers likes loves hates dislikes enjoys requires insists demands does");

    private static readonly WordSet NoNames = new(
        """
        the a an all every each any no some this that these those it he she they we i you my our your his her their nobody everyone everybody anyone someone who what which
        postgres docker windows linux kubernetes google github monday tuesday wednesday thursday friday saturday sunday and or but if
        python java rust ruby perl scala kotlin swift go golang haskell clojure erlang elixir julia lua pascal fortran cobol basic lisp prolog dart zig node react angular vue svelte
        django rails spring laravel flask maven gradle bazel ansible terraform jenkins nginx apache redis kafka valkey mongo cassandra oracle mariadb sqlite spark hadoop airflow
        grafana prometheus excel word outlook teams slack zoom jira confluence trello asana notion figma sketch photoshop salesforce hubspot shopify stripe paypal xero chrome firefox
        safari edge android ubuntu debian fedora apple amazon microsoft netflix facebook instagram twitter linkedin youtube tiktok whatsapp telegram signal azure heroku netlify vercel
        orleans dotnet visual git bash make cmake emacs vim copilot chatgpt claude gemini siri alexa cortana
        management marketing sales support legal finance engineering accounting procurement operations security logistics production leadership purchasing compliance design research
        customers users clients people guests visitors employees developers engineers students children kids parents cats dogs plants coffee tea water nature weather society life love
        time money music art science history mother mum mom dad father grandma grandpa
        """);

    private static readonly WordSet Clients = new("client customer clients customers");

    private static readonly WordSet Orders = new("never always no");

    public static IEnumerable<Clause> Read(Sentence sentence)
    {
        var words = sentence.Words;
        Clause? before = null;
        for (var at = AfterLeadIn(words, 0); at < words.Count;)
        {
            var end = EndOf(words, at);
            if (!words[at].IsQuoted && ClauseAt(sentence, at, end, before) is { } clause)
            {
                yield return clause;
                before = clause;
            }

            var next = NextStart(words, at, end);
            at = next > at ? next : words.Count;
        }
    }

    private static Clause? ClauseAt(Sentence sentence, int start, int end, Clause? before)
    {
        var words = sentence.Words;
        end = WithoutTrailing(words, start, end);
        if (end <= start)
        {
            return null;
        }

        var word = words[start].Text;
        if (word is "i" or "my")
        {
            return new Clause(sentence, start, start + 1, end, ClauseSubject.Speaker);
        }

        if (word is "we" or "our")
        {
            return new Clause(sentence, start, start + 1, end, ClauseSubject.Group);
        }

        var named = start + (word is "the" or "our" ? 1 : 0);
        if (named < end && (Clients.Contains(words[named].Text) || words[named].Text == "user") && words[named].Break == '\0')
        {
            return new Clause(sentence, start, named + 1, end, words[named].Text == "user" ? ClauseSubject.User : ClauseSubject.Client);
        }

        // "... and hate running" goes on about whom the clause before was about.
        var isOthers = OthersVerbs.Contains(word);
        if (before is not null && !Enumerable.Range(before.Start, start - before.Start).Any(i => Relatives.Contains(words[i].Text))
            && (isOthers ? before.Subject is ClauseSubject.Client or ClauseSubject.User or ClauseSubject.Named : before.Subject == ClauseSubject.Speaker && OwnVerbs.Contains(word)))
        {
            return new Clause(sentence, start, start, end, before.Subject, before.Name);
        }

        if (NameAt(sentence, start, end) is { } name)
        {
            return name;
        }

        var order = start + (word == "please" ? 1 : 0);
        return order < end && Orders.Contains(words[order].Text)
            ? new Clause(sentence, start, order, end, ClauseSubject.Order)
            : new Clause(sentence, start, start, end, ClauseSubject.Other);
    }

    private static Clause? NameAt(Sentence sentence, int start, int end)
    {
        var (words, to) = (sentence.Words, start);
        while (to < end && to - start < 3 && words[to].IsCapital && !NoNames.Contains(words[to].Text) && words[to].Break == '\0' && LooksLikeName(sentence.TextOf(to, to + 1)))
        {
            to++;
        }

        return to > start && to < end && OthersVerbs.Contains(words[to].Text)
            ? new Clause(sentence, start, to, end, ClauseSubject.Named, sentence.TextOf(start, to))
            : null;
    }

    // Products have capitals within, or only such, or digits: JavaScript, SAP, S3; McKenna, O'Neil and Anne-Marie are people.
    private static bool LooksLikeName(string word)
    {
        for (var i = 1; i < word.Length; i++)
        {
            var mayBegin = !char.IsLetter(word[i - 1]) || (i <= 3 && word[i - 1] is 'c' or 'e' or 'a' or 'i' or 'u' && i + 1 < word.Length && char.IsLower(word[i + 1]));
            if (char.IsDigit(word[i]) || word[i] is '#' or '+' or '/' or '_' || (char.IsUpper(word[i]) && !mayBegin))
            {
                return false;
            }
        }

        return char.IsLetter(word[0]);
    }

    // Past greetings and other words that say nothing, then past "after the demo", up to whom it speaks of.
    private static int AfterLeadIn(IReadOnlyList<SentenceWord> words, int at)
    {
        for (var length = LeadIns.LengthAt(words, at, words.Count); length > 0; length = LeadIns.LengthAt(words, at, words.Count))
        {
            // "No calls on Fridays", "User accounts must ...": only a mark makes these lead-ins.
            if (words[at].Text is "no" or "user" or "me" or "sure" or "right" or "note" or "important" or "info" or "preference" or "preferences" or "update" or "just" or "great" or "perfect"
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
        }

        return at;
    }

    private static int EndOf(IReadOnlyList<SentenceWord> words, int start)
    {
        for (var i = start; i < words.Count; i++)
        {
            if (i > start && CutBefore.Contains(words[i].Text))
            {
                return i;
            }

            if (i > start && words[i].Text is "and" or "since" or "so" && i + 1 < words.Count
                && (Pronouns.Contains(words[i + 1].Text) || (words[i].Text == "and" && (OwnVerbs.Contains(words[i + 1].Text) || OthersVerbs.Contains(words[i + 1].Text)))))
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

    private static bool EndsAtComma(IReadOnlyList<SentenceWord> words, int next) =>
        Pronouns.Contains(words[next].Text) || words[next].Text is "the" or "cause" || Joins.Contains(words[next].Text) && words[next].Text is not ("and" or "or")
        || (words[next].Text == "and" && next + 1 < words.Count && Pronouns.Contains(words[next + 1].Text))
        || CutBefore.Contains(words[next].Text) || words[next].Text is "which" or "who" || Trailing.Contains(words[next].Text) || TrailingPhrases.LengthAt(words, next, words.Count) > 0
        || words[next].Text is "said" or "says";

    // After the mark or the word that ended the clause before; a colon begins one, too.
    private static int NextStart(IReadOnlyList<SentenceWord> words, int start, int end)
    {
        var at = end;
        while (at < words.Count && (Joins.Contains(words[at].Text) || Trailing.Contains(words[at].Text) || words[at].Text == "also"))
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
