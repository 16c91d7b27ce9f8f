namespace Actors.Extraction.Rules;

/// <summary>What was decided.</summary>
internal static class DecisionRules
{
    private const int MaxOccasionWords = 9;

    private static readonly WordSet LabelWords = new("decision decided agreed approved resolution resolved");

    // Nothing of it is decided yet.
    private static readonly PhraseSet Open = new(
        """
        undecided | put off | postponed | deferred | no decision | not decided | not yet | to be decided | tbd | tba | pending
        sleep on it | still open | on hold | parked | revisit | until somebody | until someone
        """);

    // Without it being said who decided, staying home is nobody's decision.
    private static readonly WordSet OfWork = new(
        """
        use adopt switch move migrate drop keep build buy hire postpone delay cancel launch release deploy ship stop support replace
        split merge outsource rewrite refactor renew extend raise lower cut invest publish standardise standardize remove introduce go
        retire sunset pause license freeze rebuild redesign rename offer discontinue deprecate
        """);

    private static readonly WordSet Deciders = new(
        """
        team board committee management group council company ceo owner founders partners directors steering association assembly jury
        shareholders members union leadership residents parents
        """);

    // "The parents' association", "the executive board".
    private static readonly WordSet OfWhom = new("parents parents' works city residents' general executive supervisory");

    // "The whole team", "the project group".
    private static readonly WordSet OfWhat = new("steering whole project design leadership");

    private static readonly WordSet Fillers = new("have has just finally now already also all jointly unanimously both then");

    private static readonly WordSet Complements = new("to on that against upon in");

    // What people do together once: "we agreed to meet on Monday".
    private static readonly WordSet Once = new("meet have eat talk call grab leave wait watch disagree chat speak skip sleep stay");

    private static readonly PhraseSet GoingWith = new(
        "are going with | will go with | are going for | are staying with | are sticking with | are sticking to | are switching to");

    private static readonly PhraseSet Choosing = new("settled on | opted for | chose | chosen");

    private static readonly WordSet Picking = new("picked selected");

    private static readonly WordSet Pointing = new("it this that these those them him her you wrong one to nothing");

    public static FoundFact? Find(Clause clause) => clause.Subject switch
    {
        ClauseSubject.Group when clause[clause.Start] == "we" => DecidedByUs(clause),
        ClauseSubject.Client => Decided(clause, clause.Body, isWe: false),
        ClauseSubject.Speaker when clause[clause.Start] == "i" => DecidedBySpeaker(clause),
        // "Decision: use Stripe."
        ClauseSubject.Other when Labels.Rest(clause, LabelWords) is { } rest => Fact(clause, "Decided: ", rest),
        ClauseSubject.Other => NamedChoices.Find(clause) ?? NoteForm(clause) ?? Impersonal(clause),
        _ => null,
    };

    /// <summary>A memory that was stored as a decision is one, if it says anything.</summary>
    public static FoundFact? Whole(Sentence sentence)
    {
        var words = sentence.Words;
        return words.Count >= 3 && words[0].Text is not ("i" or "we" or "my") && !Open.IsIn(words, 0, words.Count)
            ? new FoundFact(ClauseSubject.Client, FactTypes.Decision, $"Decided: {ThirdPerson.Text(sentence, 0, words.Count)}")
            : null;
    }

    // "I decided to move the servers to Hetzner"; what else a speaker does alone is no decision of the client's.
    private static FoundFact? DecidedBySpeaker(Clause clause)
    {
        var at = clause.Body;
        SkipFillers(clause, ref at);
        return clause[at] == "decided" ? Agreed(clause, at) : null;
    }

    // "We are going with Stripe."
    private static FoundFact? DecidedByUs(Clause clause)
    {
        var at = clause.Body;
        return clause.Take(ref at, GoingWith) ? Chosen(clause, at) : Decided(clause, at, isWe: true);
    }

    // "The whole team agreed to drop IE", "the board voted for the merger".
    private static FoundFact? Decided(Clause clause, int at, bool isWe)
    {
        SkipFillers(clause, ref at);
        if (clause[at] is "decided" or "agreed")
        {
            return Agreed(clause, at);
        }

        if (clause.Take(ref at, "went with"))
        {
            // "We went with Anna to the museum".
            return clause.Has(at, clause.End, i => clause[i] == "to") ? null : Chosen(clause, at);
        }

        if (clause.Take(ref at, Choosing) || (clause[at + 1] is not ("up" or "on" or "out" or "off") && clause.Take(ref at, Picking)))
        {
            return Chosen(clause, at);
        }

        if (!isWe && clause.Take(ref at, "voted") && clause[at] is "for" or "to" or "against" && at + 2 < clause.End)
        {
            return Fact(clause, "Voted ", at);
        }

        return Approved(clause, at);
    }

    private static FoundFact? Agreed(Clause clause, int verb)
    {
        var what = verb + 2;
        return Complements.Contains(clause[verb + 1]) && what < clause.End && !Once.Contains(clause[what])
            ? Fact(clause, $"{ThirdPerson.Capitalised(clause[verb])} ", verb + 1)
            : null;
    }

    // "We signed off on the budget", "the board approved the budget".
    private static FoundFact? Approved(Clause clause, int at)
    {
        if (clause.Take(ref at, "signed off on"))
        {
            return at + 1 < clause.End && !SentenceGuards.IsPassing(clause) ? Fact(clause, "Signed off on ", at) : null;
        }

        return clause[at] == "approved" && at + 1 < clause.End && !Pointing.Contains(clause[at + 1])
            ? Fact(clause, "Approved ", at + 1)
            : null;
    }

    // "Decided to use X", "chose Hetzner over AWS": notes leave out who did.
    private static FoundFact? NoteForm(Clause clause)
    {
        var isNote = clause.Start == 0
            && clause[0] is "decided" or "agreed" or "chose" or "settled" or "opted"
            && clause.Word(0).Break == '\0'
            && (clause[1] != "to" || OfWork.Contains(clause[2]))
            && !SentenceGuards.IsPassing(clause);
        return isNote ? Decided(clause, clause.Start, isWe: false) : null;
    }

    // "It was decided to use X", "the steering committee decided to use X".
    private static FoundFact? Impersonal(Clause clause)
    {
        var at = clause.Start;
        if (clause.Take(ref at, "it was") || clause.Take(ref at, "it has been"))
        {
            return clause[at] is "decided" or "agreed" or "resolved" && Complements.Contains(clause[at + 1]) && at + 2 < clause.End
                ? Fact(clause, $"{ThirdPerson.Capitalised(clause[at])} ", at + 1)
                : null;
        }

        at = BehindOccasion(clause);
        if (clause[at] is not ("the" or "our"))
        {
            return null;
        }

        at++;
        clause.Take(ref at, OfWhom);
        clause.Take(ref at, OfWhat);
        return clause.Take(ref at, Deciders) ? Decided(clause, at, isWe: false) : null;
    }

    // "After long back and forth the parents' association voted for ..."
    private static int BehindOccasion(Clause clause)
    {
        var start = clause.Start;
        if (clause[start] is not ("after" or "in" or "at" or "on"))
        {
            return start;
        }

        for (var i = start + 1; i < Math.Min(clause.End - 2, start + MaxOccasionWords); i++)
        {
            if (clause[i] is "the" or "our")
            {
                return i;
            }
        }

        return start;
    }

    private static void SkipFillers(Clause clause, ref int at)
    {
        while (clause.Take(ref at, Fillers))
        {
        }
    }

    private static FoundFact? Chosen(Clause clause, int at)
    {
        var isThing = at < clause.End && !Pointing.Contains(clause[at]) && clause[at] is not ("well" or [.., 'l', 'y']);
        return isThing && clause[clause.End - 1] is not ("one" or "ones") ? Fact(clause, "Decided on ", at) : null;
    }

    private static FoundFact? Fact(Clause clause, string beginning, int rest) =>
        clause.PointsElsewhere(rest) ? null : new(ClauseSubject.Client, FactTypes.Decision, beginning + clause.Rest(rest));
}
