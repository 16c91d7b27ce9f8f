namespace Actors.Extraction.Rules;

/// <summary>Who or what a clause speaks of.</summary>
internal enum ClauseSubject
{
    /// <summary>Whatever its first words name.</summary>
    Other,

    /// <summary>The speaker: I, my.</summary>
    Speaker,

    /// <summary>The speaker and others: we, our.</summary>
    Group,

    /// <summary>The client: "the client", "the customer".</summary>
    Client,

    /// <summary>The user: "the user".</summary>
    User,

    /// <summary>Somebody by their name.</summary>
    Named,

    /// <summary>One of the speaker's family, who is not named: "my wife".</summary>
    Relative,

    /// <summary>Nobody: it tells what is to be done.</summary>
    Order,
}

/// <summary>A part of a sentence that states something, and how far it has been read.</summary>
/// <param name="sentence">Its sentence.</param>
/// <param name="start">First word that belongs to it.</param>
/// <param name="body">First word after its subject.</param>
/// <param name="end">After its last word.</param>
/// <param name="subject">What it speaks of.</param>
/// <param name="name">Whom, when that is <see cref="ClauseSubject.Named"/>; what they are, when it is <see cref="ClauseSubject.Relative"/>.</param>
internal sealed class Clause(Sentence sentence, int start, int body, int end, ClauseSubject subject, string? name = null)
{
    // "To that" points at something; "that we sell" goes on.
    private static readonly WordSet BeforeThat = new("to in of with at for on from like");

    private static readonly WordSet Adverbs = new(
        """
        also only usually always never generally normally typically often mostly mainly really much strongly definitely absolutely just
        actually truly very rarely seldom hardly currently now
        """);

    public Sentence Sentence => sentence;

    public int Start => start;

    public int Body => body;

    public int End => end;

    public ClauseSubject Subject => subject;

    public string? Name => name;

    /// <summary>Whether first persons in it are whom it speaks of, or are told of them.</summary>
    public bool IsSpeaker => subject is not (ClauseSubject.Client or ClauseSubject.User);

    /// <summary>Whether it speaks of a person.</summary>
    public bool IsPerson => subject is ClauseSubject.Speaker or ClauseSubject.User or ClauseSubject.Named or ClauseSubject.Relative;

    /// <summary>Whether it is about a person by another than themselves, whose verb stands as it does with "I".</summary>
    public bool IsThird => subject is ClauseSubject.Client or ClauseSubject.User or ClauseSubject.Named or ClauseSubject.Relative;

    /// <summary>Whether it speaks of what is somebody's: my birthday, the user's email.</summary>
    public bool IsPossessive =>
        body > start && (this[body - 1] is "my" or "our" || (IsThird && this[body - 1].EndsWith("'s", StringComparison.Ordinal)));

    /// <summary>A clause about a person by another: its verb stands as it does with "I", so that one rule reads both.</summary>
    public static Clause OfThird(Sentence sentence, int start, int body, int end, ClauseSubject subject, string? name = null)
    {
        var verb = body;
        while (verb < end && Adverbs.Contains(sentence.Words[verb].Text))
        {
            verb++;
        }

        if (verb >= end || sentence.Words[verb].IsPart)
        {
            return new Clause(sentence, start, body, end, subject, name);
        }

        var words = sentence.Words.ToArray();
        words[verb] = words[verb] with { Text = ThirdPerson.Base(words[verb].Text) };
        return new Clause(sentence with { Words = words }, start, body, end, subject, name);
    }

    /// <summary>The word at a place; empty beyond the end.</summary>
    public string this[int at] => at >= start && at < end ? sentence.Words[at].Text : "";

    public SentenceWord Word(int at) => at >= start && at < end ? sentence.Words[at] : default;

    /// <summary>Whether the word at a place is the last of what is stated: nothing follows, or a mark does.</summary>
    public bool EndsAt(int at) => at + 1 == end || Word(at).Break != '\0';

    /// <summary>Whether these words, parted by blanks, stand at a place; moves behind them.</summary>
    public bool Take(ref int at, string words)
    {
        var i = at;
        foreach (var range in words.AsSpan().Split(' '))
        {
            if (!this[i].AsSpan().SequenceEqual(words.AsSpan()[range]))
            {
                return false;
            }

            i++;
        }

        at = i;
        return true;
    }

    /// <summary>Whether a word of the set stands at a place; moves behind it.</summary>
    public bool Take(ref int at, WordSet words)
    {
        var found = at < end && words.Contains(this[at]);
        at += found ? 1 : 0;
        return found;
    }

    /// <summary>Whether one of the phrases stands at a place; moves behind the longest that does.</summary>
    public bool Take(ref int at, PhraseSet phrases)
    {
        var length = phrases.LengthAt(sentence.Words, at, end);
        at += length;
        return length > 0;
    }

    /// <summary>Whether a word from a place on is in the set.</summary>
    public bool Has(int from, WordSet words) => Has(from, end, i => words.Contains(this[i]));

    /// <summary>Whether something holds at a place between two, the second not included.</summary>
    public bool Has(int from, int to, Func<int, bool> isSo)
    {
        for (var i = from; i < Math.Min(to, end); i++)
        {
            if (isSo(i))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a word between two places, the second not included, has a digit.</summary>
    public bool HasFigure(int from, int to) => Has(from, to, i => this[i].Any(char.IsAsciiDigit));

    /// <summary>Whether words from a place on speak of what was named before the clause, without which they cannot be understood.</summary>
    public bool PointsElsewhere(int from)
    {
        for (var i = from; i < end; i++)
        {
            var isLast = i + 1 == end;
            if (this[i] is "this" or "these" or "those" or "him" or "them"
                || (this[i] == "it" && isLast)
                || (this[i] == "that" && (isLast || BeforeThat.Contains(this[i - 1]))))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Before the first comma behind a place.</summary>
    public int EndOfStatement(int from)
    {
        var to = Math.Min(from + 1, end);
        while (to < end && this.Word(to - 1).Break != ',')
        {
            to++;
        }

        return to;
    }

    /// <summary>The words from a place to its end, said of whom it speaks.</summary>
    public string Rest(int from) => Text(from, end);

    public string Text(int from, int to) => ThirdPerson.Text(sentence, from, to, IsSpeaker);
}
