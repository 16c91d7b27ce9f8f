namespace Actors.Extraction.Rules;

/// <summary>What stands before a sentence states anything: "for the record", "one thing before I forget:", "after the demo". Pure.</summary>
internal static class LeadIns
{
    private const int MaxPreface = 10;

    // Of "after the demo with the people from Graz we ...", up to "we".
    private const int MaxCircumstance = 9;

    private static readonly PhraseSet Phrases = new(
        """
        and | but | so | well | also | btw | by the way | for the record | fyi | note | note that | please note that | please note
        remember | remember that | please remember | please remember that | reminder | just so you know | so you know | oh | hi | hello
        hey | hi there | hello there | yes | yeah | yep | ok | okay | right | actually | honestly | in general | generally
        as a rule | personally | to be clear | as you know | good morning | good afternoon | good evening | for your information | just
        also note that | important | info | preference | preferences | about me | update | finally | then | plus | frankly
        to be honest | keep in mind that | keep in mind | user | me | no | sure | because | since | though | although | thanks | great
        perfect | in the end | at the end of the day | long story short | good news | great news | bad news | going forward
        from now on | heads up | heads-up | quick note | one thing | small correction | correction | pls note | and yes
        """);

    // "No calls on Fridays", "User accounts must ...": only a mark behind them makes these lead-ins.
    private static readonly WordSet WithMark = new(
        "no user me sure right note important info preference preferences update great perfect correction heads-up");

    private static readonly WordSet Prefacing = new(
        """
        note notes file record records thing correction news reminder forget status background context intro say logged checked stand
        short summary crm remember
        """);

    private static readonly WordSet Circumstances = new("after during in on at last yesterday today this with for earlier");

    private static readonly PhraseSet Minding = new(
        """
        keep in mind | keep in mind that | remember that | please remember | please remember that | note that | bear in mind
        bear in mind that
        """);

    /// <summary>The first word that may state something.</summary>
    public static int End(IReadOnlyList<SentenceWord> words) => PastCircumstance(words, PastPhrases(words, PastPreface(words)));

    // Past "one thing before I forget:"; the name of who speaks, or what it is ("Decision:"), stays.
    private static int PastPreface(IReadOnlyList<SentenceWord> words)
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

    // Past greetings and other words that say nothing.
    private static int PastPhrases(IReadOnlyList<SentenceWord> words, int at)
    {
        while (Phrases.LengthAt(words, at, words.Count) is > 0 and var length)
        {
            if (length == 1 && words[at].Break == '\0' && WithMark.Contains(words[at].Text))
            {
                break;
            }

            at += length;
        }

        return at;
    }

    // Past "after the demo", up to whom it speaks of.
    private static int PastCircumstance(IReadOnlyList<SentenceWord> words, int at)
    {
        if (at >= words.Count || !Circumstances.Contains(words[at].Text))
        {
            return at;
        }

        for (var i = at + 1; i < Math.Min(words.Count, at + MaxCircumstance); i++)
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
}
