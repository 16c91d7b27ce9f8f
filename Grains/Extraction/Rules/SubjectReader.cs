namespace Actors.Extraction.Rules;

/// <summary>Finds whom or what a clause speaks of. Pure.</summary>
internal static class SubjectReader
{
    private const int MaxNameWords = 3;
    private const int MaxWordsOfPlace = 5;

    // "Friends who are kind and love me": what goes on is about them.
    private static readonly WordSet Pronouns = new("who which that");

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

    // The customer's data are not the customer.
    private static readonly WordSet OfClients = new("data records service support success portal base list files account accounts number numbers satisfaction relations team names details information side");

    private static readonly WordSet Orders = new("never always no nothing");

    private static readonly WordSet Family = new(
        "wife husband partner spouse son daughter sister brother mother father mom mum dad girlfriend boyfriend fiancé fiancée baby stepson stepdaughter grandson granddaughter grandmother grandfather");

    private static readonly WordSet OfFamily = new("older younger eldest oldest youngest little big twin first second");

    // What is done by people, and by others only in jest.
    private static readonly WordSet Human = new("speak eat drink smoke work live");

    private static readonly WordSet OfHumans = new("his her he she");

    private static readonly WordSet Traits = new("vegan vegetarian pescatarian allergic diabetic pregnant married divorced retired left-handed");

    private static readonly PhraseSet Reported = new(
        "mentioned | said | told me | noted | explained | confirmed | stated | shared | reported | says | mentions | mentioned in passing | told us | clarified | has mentioned | has said");

    private static readonly WordSet OfPlace = new("from of at in");

    /// <summary>What a clause between two places of a sentence speaks of.</summary>
    /// <param name="sentence">The sentence.</param>
    /// <param name="start">Its first word.</param>
    /// <param name="end">After its last one.</param>
    /// <param name="before">The clause before; null: none.</param>
    /// <param name="person">The last clause before about a person by another; null: none, or "she" may be several.</param>
    public static Clause Read(Sentence sentence, int start, int end, Clause? before, Clause? person)
    {
        var word = sentence.Words[start].Text;
        if (word is "i" or "my")
        {
            return (word == "my" ? Relative(sentence, start, end) : null) ?? new Clause(sentence, start, start + 1, end, ClauseSubject.Speaker);
        }

        if (word is "we" or "our")
        {
            return (word == "our" ? Role(sentence, start, end) : null) ?? new Clause(sentence, start, start + 1, end, ClauseSubject.Group);
        }

        return Role(sentence, start, end) ?? GoingOn(sentence, start, end, before) ?? Again(sentence, start, end, person) ?? Person(sentence, start, end) ?? Rest(sentence, start, end);
    }

    // The client, the user, the user's birthday, "the user mentioned that she ...".
    private static Clause? Role(Sentence sentence, int start, int end)
    {
        var words = sentence.Words;
        var at = start + (words[start].Text is "the" or "our" ? 1 : 0);
        if (at >= end || words[at].Break != '\0')
        {
            return null;
        }

        if (Clients.Contains(words[at].Text) && !(at + 1 < end && OfClients.Contains(words[at + 1].Text)))
        {
            return Clause.OfThird(sentence, start, at + 1, end, ClauseSubject.Client);
        }

        if (words[at].Text is not ("user" or "user's"))
        {
            return null;
        }

        var body = at + 1;
        var said = Reported.LengthAt(words, body, end);
        if (said > 0)
        {
            body += said;
            body += body < end && words[body].Text == "that" ? 1 : 0;
            return body < end && words[body].Text is "he" or "she" or "they" ? Clause.OfThird(sentence, start, body + 1, end, ClauseSubject.User) : new Clause(sentence, start, at + 1, end, ClauseSubject.User);
        }

        return Clause.OfThird(sentence, start, body, end, ClauseSubject.User);
    }

    // "... and hate running" goes on about whom the clause before was about.
    private static Clause? GoingOn(Sentence sentence, int start, int end, Clause? before)
    {
        var word = sentence.Words[start].Text;
        if (before is null || Enumerable.Range(before.Start, start - before.Start).Any(i => Pronouns.Contains(sentence.Words[i].Text)))
        {
            return null;
        }

        return ClauseReader.OthersVerbs.Contains(word) && before.IsThird ? Clause.OfThird(sentence, start, start, end, before.Subject, before.Name)
            : before.Subject == ClauseSubject.Speaker && ClauseReader.OwnVerbs.Contains(word) ? new Clause(sentence, start, start, end, before.Subject)
            : null;
    }

    // "She prefers email", of somebody who was named.
    private static Clause? Again(Sentence sentence, int start, int end, Clause? person)
    {
        var word = sentence.Words[start].Text;
        return person is not null && (word is "he" or "she" || (word == "they" && person.Subject == ClauseSubject.User))
            ? Clause.OfThird(sentence, start, start + 1, end, person.Subject, person.Name)
            : null;
    }

    // "My husband Joaquim can't eat gluten", "my mother, Hannelore, is 84", "my son is allergic to nuts".
    private static Clause? Relative(Sentence sentence, int start, int end)
    {
        var (words, at) = (sentence.Words, start + 1);
        while (at < end && OfFamily.Contains(words[at].Text))
        {
            at++;
        }

        if (at >= end || !Family.Contains(words[at].Text))
        {
            return null;
        }

        var name = at + 1;
        var to = NameEnd(sentence, name, end);
        if (to > name && to < end)
        {
            return Clause.OfThird(sentence, start, to, end, ClauseSubject.Named, sentence.TextOf(name, to));
        }

        return name < end && words[at].Break == '\0' && ClauseReader.OthersVerbs.Contains(words[name].Text)
            ? Clause.OfThird(sentence, start, name, end, ClauseSubject.Relative, ThirdPerson.Capitalised(ThirdPerson.Text(sentence, start + 1, name)))
            : null;
    }

    private static Clause? Person(Sentence sentence, int start, int end)
    {
        var words = sentence.Words;
        var isTitled = GivenNames.IsHonorific(words[start].Text) && words[start].IsCapital;
        var to = NameEnd(sentence, start + (isTitled ? 1 : 0), end);
        if (to == start + (isTitled ? 1 : 0))
        {
            return null;
        }

        var last = words[to - 1].Text;
        var isKnown = isTitled || GivenNames.Contains(words[start].Text);
        if (last.EndsWith("'s", StringComparison.Ordinal))
        {
            return isTitled || GivenNames.Contains(to - start == 1 ? last[..^2] : words[start].Text)
                ? new Clause(sentence, start, to, end, ClauseSubject.Named, sentence.TextOf(start, to)[..^2])
                : null;
        }

        var body = Math.Max(ClauseReader.PastApposition(words, start), PastPlace(words, to, end));
        if (body >= end || !ClauseReader.OthersVerbs.Contains(words[body].Text))
        {
            return null;
        }

        var clause = Clause.OfThird(sentence, start, body, end, ClauseSubject.Named, sentence.TextOf(start, to));
        return isKnown || IsHuman(clause) ? clause : null;
    }

    // Delphine from the insurance people.
    private static int PastPlace(IReadOnlyList<SentenceWord> words, int at, int end)
    {
        if (at >= end || !OfPlace.Contains(words[at].Text))
        {
            return at;
        }

        for (var i = at + 2; i < Math.Min(end, at + 1 + MaxWordsOfPlace) && words[i - 1].Break == '\0'; i++)
        {
            if (ClauseReader.OthersVerbs.Contains(words[i].Text))
            {
                return i;
            }
        }

        return at;
    }

    // What is not known for a name may be a thing: only what nothing but people do, or "her", makes it one.
    private static bool IsHuman(Clause clause)
    {
        for (var i = clause.Body; i < clause.End; i++)
        {
            if (OfHumans.Contains(clause[i]) || Traits.Contains(clause[i]))
            {
                return true;
            }
        }

        var at = clause.Body + (clause[clause.Body] == "only" ? 1 : 0);
        var does = clause[at] is "do" && clause[at + 1] == "not" ? clause[at + 2] : clause[at];
        return Human.Contains(does) && (does is not ("live" or "work") || clause[at + 1] is "as" or "in" && clause.Word(at + 2).IsCapital) && (does != "speak" || clause.Word(at + 1).IsCapital)
            && (does is not ("eat" or "drink") || clause[at + 1] is "no" or "meat" or "fish" or "alcohol" or "gluten" or "pork" or "dairy" or "coffee" or "tea");
    }

    private static int NameEnd(Sentence sentence, int start, int end)
    {
        var (words, to) = (sentence.Words, start);
        while (to < end && to - start < MaxNameWords && words[to].IsCapital && !NoNames.Contains(words[to].Text) && (to == start || words[to - 1].Break == '\0') && LooksLikeName(sentence.TextOf(to, to + 1)))
        {
            to++;
        }

        return to;
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

        return word.Length > 0 && char.IsLetter(word[0]);
    }

    private static Clause Rest(Sentence sentence, int start, int end)
    {
        var order = start + (sentence.Words[start].Text is "please" or "pls" ? 1 : 0);
        return order < end && Orders.Contains(sentence.Words[order].Text) && !(order + 1 < end && sentence.Words[order + 1].Text == "one")
            ? new Clause(sentence, start, order, end, ClauseSubject.Order)
            : new Clause(sentence, start, start, end, ClauseSubject.Other);
    }
}
