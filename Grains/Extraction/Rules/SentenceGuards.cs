namespace Actors.Extraction.Rules;

/// <summary>What keeps a sentence from being taken at its word: whoever doubts, supposes, quotes, remembers or jokes states no fact of today.</summary>
internal static class SentenceGuards
{
    private static readonly PhraseSet Anywhere = new(
        """
        maybe | perhaps | possibly | probably | might | supposedly | allegedly | apparently | hypothetically | theoretically | in theory
        presumably | let us say | suppose | supposing | imagine | pretend | pretending | i think | i believe | i guess | i suppose
        i assume | do not think | not sure | unsure | i wonder | wondering | kind of | sort of | rumor | rumour | i doubt | used to
        no longer | anymore | any more | formerly | back then | back when | back in | when i was | when we were | as a child | as a kid
        as a teenager | as a student | my last | my previous | my old | my former | in the past | kidding | joking | just joke
        yeah right | yeah sure | oh sure | oh great | oh yes because | sure because | said no one | said nobody | said nobody ever
        says no one ever | lol | haha | hahaha | rofl | lmao | /s | as if | who does not love | for example | for instance | e.g
        in the novel | in the movie | in the film | in the story | in the book | in the game | in the song | in the play | in the series
        in my dream | in a dream | my character | the narrator | the protagonist | role play | roleplay | at heart | no for an answer
        take my time | married to my job | cup of tea | feel like | felt like | i wish | we wish | was going to | were going to
        about to | was told | were told | was asked | hope to | hopefully | hoping | would have | could have
        """);

    // What comes after one of these is somebody's words, or depends on something.
    private static readonly PhraseSet Before = new(
        """
        if | whether | unless | once | until | till | would | let me know | say | says | said | saying | tell | tells | told | telling
        claim | claims | claimed | thinks | thought | believes | believed | mention | mentions | mentioned | ask | asks | asked | wrote
        writes | heard | hears | according to | quote | quoted | swears | insists | insisted | assumes | assumed | pretends | like how
        the idea that | hope | wish | want | wants | could | should | expect | expects | goal | target | forecast | plan | to say
        """);

    // Of today only, or of one occasion.
    private static readonly PhraseSet Passing = new(
        """
        today | tomorrow | tonight | yesterday | this week | this morning | this afternoon | this evening | this time | this month
        next week | next month | next time | next year | right now | at the moment | for now | just now | last night | last week
        last month | in this case | like this | like that | yet | so far | still
        """);

    private static readonly PhraseSet Places = new("here | there");

    private static readonly WordSet Questioning = new("what who whom whose which why how");

    private static readonly WordSet Asking = new("do does did can could would should shall will is are was were has have may am");

    private static readonly PhraseSet TakesBack = new(
        "just kidding | kidding | just joking | joking | jk | not really | just a joke | only joking | haha | lol");

    /// <summary>Whether nothing of it is to be believed.</summary>
    public static bool Bars(Sentence sentence)
    {
        var words = sentence.Words;
        return sentence.IsQuestion || sentence.IsMarked || Asks(words) || Anywhere.IsIn(words, 0, words.Count);
    }

    // "Did we ship it"; "Do not call" tells.
    private static bool Asks(IReadOnlyList<SentenceWord> words)
    {
        var tells = words[0].Text == "do" && words.Count > 1 && words[1].Text == "not";
        return Questioning.Contains(words[0].Text) || (Asking.Contains(words[0].Text) && !tells);
    }

    /// <summary>Whether what stands before a clause keeps it from being a statement of the speaker's.</summary>
    public static bool BarsAfter(Sentence sentence, int clauseStart) => Before.IsIn(sentence.Words, 0, clauseStart);

    /// <summary>Whether a clause, or another of its sentence, speaks of one occasion.</summary>
    public static bool IsPassing(Clause clause)
    {
        var words = clause.Sentence.Words;
        return Passing.IsIn(words, 0, words.Count) || Places.IsIn(words, clause.Start, clause.End);
    }

    /// <summary>Whether it says that the sentence before was not meant.</summary>
    public static bool TakesBackWhatWasSaid(Sentence sentence) => TakesBack.LengthAt(sentence.Words, 0, sentence.Words.Count) > 0;
}
