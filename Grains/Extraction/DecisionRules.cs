namespace Actors.Extraction;

/// <summary>What was decided.</summary>
internal static class DecisionRules
{
    private static readonly WordSet LabelWords = new("decision decided agreed approved resolution resolved");

    private static readonly WordSet Deciders = new("team board committee management group council company ceo owner founders partners directors steering");

    private static readonly WordSet Fillers = new("have has just finally now already also all jointly unanimously both then");

    private static readonly WordSet Complements = new("to on that against upon in");

    // What people do together once: "we agreed to meet on Monday".
    private static readonly WordSet Once = new("meet have eat talk call grab leave wait watch disagree chat speak");

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
                return Labels.Rest(clause, LabelWords) is { } rest ? Fact(clause, "Decided: ", rest) : Impersonal(clause);
            default:
                return null;
        }
    }

    /// <summary>A memory that was stored as a decision is one, if it says anything.</summary>
    public static FoundFact? Whole(Sentence sentence) =>
        sentence.Words.Count >= 3 && sentence.Words[0].Text is not ("i" or "we" or "my")
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

        at++;
        at += clause[at] is "steering" or "whole" or "project" or "design" or "leadership" ? 1 : 0;
        return clause[clause.Start] is "the" or "our" && clause.Take(ref at, Deciders) ? Deciding(clause, at, isWe: false) : null;
    }

    private static FoundFact? Deciding(Clause clause, int at, bool isWe)
    {
        if (isWe && (clause.Take(ref at, "are going with") || clause.Take(ref at, "will go with") || clause.Take(ref at, "are going for")))
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

        if (clause.Take(ref at, "settled on") || clause.Take(ref at, "opted for") || clause.Take(ref at, "chose"))
        {
            return Chosen(clause, at);
        }

        return clause[at] == "approved" && at + 1 < clause.End && !Pointing.Contains(clause[at + 1]) ? Fact(clause, "Approved ", at + 1) : null;
    }

    private static FoundFact? Chosen(Clause clause, int at) => at < clause.End && !Pointing.Contains(clause[at]) && clause[at] is not ("well" or [.., 'l', 'y']) ? Fact(clause, "Decided on ", at) : null;

    private static FoundFact? Fact(Clause clause, string beginning, int rest) => clause.PointsElsewhere(rest) ? null : new(ClauseSubject.Client, FactTypes.Decision, beginning + clause.Rest(rest));
}
