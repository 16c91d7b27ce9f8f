namespace Actors.Extraction.Rules;

/// <summary>What was decided.</summary>
internal static class DecisionRules
{
    private const int MaxThingWords = 4;

    private static readonly WordSet NoThings = new(
        """
        what how that as so where who whatever whoever whichever which wherever when why know think say says if because and or but it i you we he she they there here one ones this these those
        pizza sushi lunch dinner beer coffee tomorrow today noon is was are not
        """);

    // Without it being said who decided, staying home is nobody's decision.
    private static readonly WordSet OfWork = new(
        """
        use adopt switch move migrate drop keep build buy hire postpone delay cancel launch release deploy ship stop support replace split merge outsource rewrite refactor renew extend
        raise lower cut invest publish standardise standardize remove introduce go retire sunset pause license freeze rebuild redesign rename offer discontinue deprecate
        """);

    // Nothing of it is decided yet.
    private static readonly PhraseSet Open = new(
        "undecided | put off | postponed | deferred | no decision | not decided | not yet | to be decided | tbd | tba | pending | sleep on it | still open | on hold | parked | revisit | until somebody | until someone");

    private static readonly WordSet LabelWords = new("decision decided agreed approved resolution resolved");

    private static readonly WordSet Deciders = new(
        "team board committee management group council company ceo owner founders partners directors steering association assembly jury shareholders members union leadership residents parents");

    private static readonly WordSet Fillers = new("have has just finally now already also all jointly unanimously both then");

    private static readonly WordSet Complements = new("to on that against upon in");

    // What people do together once: "we agreed to meet on Monday".
    private static readonly WordSet Once = new("meet have eat talk call grab leave wait watch disagree chat speak skip sleep stay");

    private static readonly WordSet Pointing = new("it this that these those them him her you wrong one to nothing");

    public static FoundFact? Find(Clause clause)
    {
        switch (clause.Subject)
        {
            case ClauseSubject.Group when clause[clause.Start] == "we":
                return Deciding(clause, clause.Body, isWe: true);
            case ClauseSubject.Client:
                return Deciding(clause, clause.Body, isWe: false);
            case ClauseSubject.Speaker when clause[clause.Start] == "i":
                var own = clause.Body;
                while (clause.Take(ref own, Fillers))
                {
                }

                return clause[own] == "decided" && Complements.Contains(clause[own + 1]) && own + 2 < clause.End && !Once.Contains(clause[own + 2]) ? Fact(clause, "Decided ", own + 1) : null;
            case ClauseSubject.Other:
                return Labels.Rest(clause, LabelWords) is { } rest ? Fact(clause, "Decided: ", rest) : ItIs(clause) ?? NoteForm(clause) ?? Impersonal(clause);
            default:
                return null;
        }
    }

    /// <summary>A memory that was stored as a decision is one, if it says anything.</summary>
    public static FoundFact? Whole(Sentence sentence) =>
        sentence.Words.Count >= 3 && sentence.Words[0].Text is not ("i" or "we" or "my") && !Open.IsIn(sentence.Words, 0, sentence.Words.Count)
            ? new FoundFact(ClauseSubject.Client, FactTypes.Decision, $"Decided: {ThirdPerson.Text(sentence, 0, sentence.Words.Count)}")
            : null;

    private static FoundFact? Impersonal(Clause clause)
    {
        var at = clause.Start;
        if (clause.Take(ref at, "it was") || clause.Take(ref at, "it has been"))
        {
            return clause[at] is "decided" or "agreed" or "resolved" && Complements.Contains(clause[at + 1]) && at + 2 < clause.End
                ? Fact(clause, $"{ThirdPerson.Capitalised(clause[at])} ", at + 1)
                : null;
        }

        // "After long back and forth the parents' association voted for ..."
        for (var i = at + 1; clause[at] is not ("the" or "our") && clause[at] is "after" or "in" or "at" or "on" && i < Math.Min(clause.End - 2, at + 9); i++)
        {
            if (clause[i] is "the" or "our")
            {
                at = i;
            }
        }

        var isOf = clause[at] is "the" or "our";
        at++;
        at += clause[at] is "parents" or "parents'" or "works" or "city" or "residents'" or "general" or "executive" or "supervisory" ? 1 : 0;
        at += clause[at] is "steering" or "whole" or "project" or "design" or "leadership" ? 1 : 0;
        return isOf && clause.Take(ref at, Deciders) ? Deciding(clause, at, isWe: false) : null;
    }

    private static FoundFact? Deciding(Clause clause, int at, bool isWe)
    {
        if (isWe && (clause.Take(ref at, "are going with") || clause.Take(ref at, "will go with") || clause.Take(ref at, "are going for") || clause.Take(ref at, "are staying with") || clause.Take(ref at, "are sticking with")
            || clause.Take(ref at, "are sticking to") || clause.Take(ref at, "are switching to")))
        {
            return Chosen(clause, at);
        }

        while (clause.Take(ref at, Fillers))
        {
        }

        if (clause[at] is "decided" or "agreed" && Complements.Contains(clause[at + 1]) && at + 2 < clause.End && !Once.Contains(clause[at + 2]))
        {
            return Fact(clause, $"{ThirdPerson.Capitalised(clause[at])} ", at + 1);
        }

        // "We went with Anna to the museum".
        if (clause.Take(ref at, "went with"))
        {
            return Enumerable.Range(at, clause.End - at).Any(i => clause[i] == "to") ? null : Chosen(clause, at);
        }

        if (clause.Take(ref at, "settled on") || clause.Take(ref at, "opted for") || clause.Take(ref at, "chose") || clause.Take(ref at, "chosen")
            || (clause[at + 1] is not ("up" or "on" or "out" or "off") && (clause.Take(ref at, "picked") || clause.Take(ref at, "selected"))))
        {
            return Chosen(clause, at);
        }

        if (!isWe && clause.Take(ref at, "voted") && clause[at] is "for" or "to" or "against" && at + 2 < clause.End)
        {
            return Fact(clause, "Voted ", at);
        }

        if (clause.Take(ref at, "signed off on"))
        {
            return at + 1 < clause.End && !SentenceGuards.IsPassing(clause) ? Fact(clause, "Signed off on ", at) : null;
        }

        return clause[at] == "approved" && at + 1 < clause.End && !Pointing.Contains(clause[at + 1]) ? Fact(clause, "Approved ", at + 1) : null;
    }

    // "Postgres it is", "spaces it is for all the repos".
    private static FoundFact? ItIs(Clause clause)
    {
        for (var i = clause.Start; i < Math.Min(clause.End, clause.Start + MaxThingWords); i++)
        {
            if (NoThings.Contains(clause[i]) || Recurrence.IsDay(clause[i]) || clause[i].Any(char.IsAsciiDigit) || clause.Word(i).Break != '\0')
            {
                return null;
            }

            if (clause[i + 1] == "it" && clause[i + 2] == "is" && (i + 3 == clause.End || (clause[i + 3] is "for" or "then" && clause[i + 4] is not ("now" or "me" or "us" or "you" or "lunch" or "dinner"))))
            {
                var rest = clause[i + 3] == "then" ? i + 4 : i + 3;
                return SentenceGuards.IsPassing(clause) || clause.PointsElsewhere(i + 3) ? null
                    : new(ClauseSubject.Client, FactTypes.Decision, $"Decided on {clause.Text(clause.Start, i + 1)} {clause.Rest(rest)}".TrimEnd());
            }
        }

        return null;
    }

    // "Decided to use X", "chose Hetzner over AWS": notes leave out who did.
    private static FoundFact? NoteForm(Clause clause) =>
        clause.Start == 0 && clause[0] is "decided" or "agreed" or "chose" or "settled" or "opted" && clause.Word(0).Break == '\0' && !SentenceGuards.IsPassing(clause)
            && (clause[1] != "to" || OfWork.Contains(clause[2]))
            ? Deciding(clause, clause.Start, isWe: false)
            : null;

    private static FoundFact? Chosen(Clause clause, int at) => at < clause.End && !Pointing.Contains(clause[at]) && clause[at] is not ("well" or [.., 'l', 'y']) && clause[clause.End - 1] is not ("one" or "ones") ? Fact(clause, "Decided on ", at) : null;

    private static FoundFact? Fact(Clause clause, string beginning, int rest) => clause.PointsElsewhere(rest) ? null : new(ClauseSubject.Client, FactTypes.Decision, beginning + clause.Rest(rest));
}
