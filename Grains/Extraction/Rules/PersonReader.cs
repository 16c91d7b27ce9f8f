namespace Actors.Extraction.Rules;

/// <summary>Finds the person a clause speaks of by name, or as one of the speaker's family. Pure.</summary>
internal static class PersonReader
{
    private const int MaxNameWords = 3;
    private const int MaxWordsOfPlace = 5;

    private static readonly WordSet Function = new(
        """
        the a an all every each any no some this that these those it he she they we i you my our your his her their nobody everyone
        everybody anyone someone who what which and or but if
        """);

    // They have a capital, and run, like and take as people do.
    private static readonly WordSet Products = new(
        """
        postgres docker windows linux kubernetes google github python java rust ruby perl scala kotlin swift go golang haskell clojure
        erlang elixir julia lua pascal fortran cobol basic lisp prolog dart zig node react angular vue svelte django rails spring laravel
        flask maven gradle bazel ansible terraform jenkins nginx apache redis kafka valkey mongo cassandra oracle mariadb sqlite spark
        hadoop airflow grafana prometheus excel word outlook teams slack zoom jira confluence trello asana notion figma sketch photoshop
        salesforce hubspot shopify stripe paypal xero chrome firefox safari edge android ubuntu debian fedora apple amazon microsoft
        netflix facebook instagram twitter linkedin youtube tiktok whatsapp telegram signal azure heroku netlify vercel orleans dotnet
        visual git bash make cmake emacs vim copilot chatgpt claude gemini siri alexa cortana
        """);

    // Whoever they are, or whatever begins a sentence: "Customers want", "Mondays", "Coffee keeps me awake".
    private static readonly WordSet Kinds = new(
        """
        monday tuesday wednesday thursday friday saturday sunday management marketing sales support legal finance engineering accounting
        procurement operations security logistics production leadership purchasing compliance design research customers users clients
        people guests visitors employees developers engineers students children kids parents cats dogs plants coffee tea water nature
        weather society life love time money music art science history mother mum mom dad father grandma grandpa
        """);

    private static readonly WordSet Family = new(
        """
        wife husband partner spouse son daughter sister brother mother father mom mum dad girlfriend boyfriend fiancé fiancée baby
        stepson stepdaughter grandson granddaughter grandmother grandfather
        """);

    private static readonly WordSet OfFamily = new("older younger eldest oldest youngest little big twin first second");

    private static readonly WordSet Meals = new("no meat fish alcohol gluten pork dairy coffee tea");

    private static readonly WordSet OfHumans = new("his her he she");

    private static readonly WordSet Traits = new(
        "vegan vegetarian pescatarian allergic diabetic pregnant married divorced retired left-handed");

    private static readonly WordSet OfPlace = new("from of at in");

    // "My husband Joaquim can't eat gluten", "my mother, Hannelore, is 84", "my son is allergic to nuts".
    public static Clause? Relative(Sentence sentence, int start, int end)
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

        if (name >= end || words[at].Break != '\0' || !ClauseReader.OthersVerbs.Contains(words[name].Text))
        {
            return null;
        }

        var who = ThirdPerson.Capitalised(ThirdPerson.Text(sentence, start + 1, name));
        return Clause.OfThird(sentence, start, name, end, ClauseSubject.Relative, who);
    }

    // "Ana prefers email", "Mr Weber's number is ...", "Carla, our bookkeeper, only works mornings", "Delphine from the insurance calls".
    public static Clause? Named(Sentence sentence, int start, int end)
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

    // Behind "from the insurance people".
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

    // What is not known for a name may be a thing: only what nothing but people are or do, or "her", makes it one.
    private static bool IsHuman(Clause clause)
    {
        if (clause.Has(clause.Body, OfHumans) || clause.Has(clause.Body, Traits))
        {
            return true;
        }

        var at = clause.Body;
        clause.Take(ref at, "only");
        var verb = clause[at] == "do" && clause[at + 1] == "not" ? clause[at + 2] : clause[at];
        return verb switch
        {
            "smoke" => true,
            "eat" or "drink" => Meals.Contains(clause[at + 1]),
            "speak" => clause.Word(at + 1).IsCapital,
            "live" or "work" => clause[at + 1] is "as" or "in" && clause.Word(at + 2).IsCapital,
            _ => false,
        };
    }

    private static int NameEnd(Sentence sentence, int start, int end)
    {
        var (words, to) = (sentence.Words, start);
        while (to < end && to - start < MaxNameWords && (to == start || words[to - 1].Break == '\0') && MayBeName(sentence, to))
        {
            to++;
        }

        return to;
    }

    private static bool MayBeName(Sentence sentence, int at)
    {
        var word = sentence.Words[at];
        var isOther = Function.Contains(word.Text) || Products.Contains(word.Text) || Kinds.Contains(word.Text);
        return word.IsCapital && !isOther && LooksLikeName(sentence.TextOf(at, at + 1));
    }

    // Products have capitals within, or only such, or digits: JavaScript, SAP, S3; McKenna, O'Neil and Anne-Marie are people.
    private static bool LooksLikeName(string word)
    {
        for (var i = 1; i < word.Length; i++)
        {
            // "McKenna", "LeBron".
            var isPrefixed = i <= 3 && word[i - 1] is 'c' or 'e' or 'a' or 'i' or 'u' && i + 1 < word.Length && char.IsLower(word[i + 1]);
            var mayBegin = !char.IsLetter(word[i - 1]) || isPrefixed;
            if (char.IsDigit(word[i]) || word[i] is '#' or '+' or '/' or '_' || (char.IsUpper(word[i]) && !mayBegin))
            {
                return false;
            }
        }

        return word.Length > 0 && char.IsLetter(word[0]);
    }
}
