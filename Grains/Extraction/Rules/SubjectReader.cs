namespace Actors.Extraction.Rules;

/// <summary>Finds whom or what a clause speaks of. Pure.</summary>
internal static class SubjectReader
{
    // "Friends who are kind and love me": what goes on is about them.
    private static readonly WordSet Pronouns = new("who which that");

    private static readonly WordSet Clients = new("client customer clients customers");

    // The customer's data are not the customer.
    private static readonly WordSet OfClients = new(
        """
        data records service support success portal base list files account accounts number numbers satisfaction relations team names
        details information side
        """);

    private static readonly WordSet Orders = new("never always no nothing");

    private static readonly PhraseSet Reported = new(
        """
        mentioned | said | told me | noted | explained | confirmed | stated | shared | reported | says | mentions | mentioned in passing
        told us | clarified | has mentioned | has said
        """);

    /// <summary>What a clause between two places of a sentence speaks of.</summary>
    /// <param name="sentence">The sentence.</param>
    /// <param name="start">Its first word.</param>
    /// <param name="end">After its last one.</param>
    /// <param name="before">The clause before; null: none.</param>
    /// <param name="person">The last clause before about a person by another; null: none, or "she" may be several.</param>
    public static Clause Read(Sentence sentence, int start, int end, Clause? before, Clause? person)
    {
        var word = sentence.Words[start].Text;
        var known = word switch
        {
            "i" or "we" => null,
            "my" => PersonReader.Relative(sentence, start, end),
            "our" => Role(sentence, start, end),
            _ => Role(sentence, start, end)
                ?? GoingOn(sentence, start, end, before)
                ?? Again(sentence, start, end, person)
                ?? PersonReader.Named(sentence, start, end)
                ?? Rest(sentence, start, end),
        };
        return known ?? new Clause(sentence, start, start + 1, end, word is "we" or "our" ? ClauseSubject.Group : ClauseSubject.Speaker);
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
            return body < end && words[body].Text is "he" or "she" or "they"
                ? Clause.OfThird(sentence, start, body + 1, end, ClauseSubject.User)
                : new Clause(sentence, start, at + 1, end, ClauseSubject.User);
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

        if (before.IsThird && ClauseReader.OthersVerbs.Contains(word))
        {
            return Clause.OfThird(sentence, start, start, end, before.Subject, before.Name);
        }

        return before.Subject == ClauseSubject.Speaker && ClauseReader.OwnVerbs.Contains(word)
            ? new Clause(sentence, start, start, end, before.Subject)
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

    // "Never call before ten" tells what is to be done; "No one likes it" does not.
    private static Clause Rest(Sentence sentence, int start, int end)
    {
        var order = start + (sentence.Words[start].Text is "please" or "pls" ? 1 : 0);
        return order < end && Orders.Contains(sentence.Words[order].Text) && !(order + 1 < end && sentence.Words[order + 1].Text == "one")
            ? new Clause(sentence, start, order, end, ClauseSubject.Order)
            : new Clause(sentence, start, start, end, ClauseSubject.Other);
    }
}
