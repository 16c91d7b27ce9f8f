namespace Actors.Extraction.Rules;

/// <summary>What must be, what must not, and within which limits, at work.</summary>
internal static class LimitRules
{
    private const int MaxWordsToLimit = 7;

    private const int MaxWordsToFigure = 5;

    private static readonly WordSet LabelWords = new("constraint requirement restriction rule limitation");

    private static readonly PhraseSet Demanding = new("require | demand | insist on | insist that");

    private static readonly WordSet Pointing = new("it this that these those them him her you your any");

    private static readonly WordSet KindsOfBudget = new("total overall monthly annual yearly final hard marketing travel project");

    private static readonly PhraseSet Capped = new(
        """
        is | is capped at | is limited to | must not exceed | may not exceed | can not exceed | should not exceed
        must stay below | must stay under | must be below | must be under
        """);

    private static readonly WordSet Units = new("million thousand euros dollars eur usd hours");

    private static readonly PhraseSet Terms = new(
        """
        payment term | payment terms | payment | notice period | minimum order | maximum order | minimum stay | minimum age
        maximum group size | group size | order minimum | credit limit | trial period | warranty | retention period
        cancellation period | minimum order quantity | maximum | minimum | spending limit | daily limit | file size limit
        standard rate | discount limit | expense limit
        """);

    // "The payment is overdue since the 3rd" is news of one payment.
    private static readonly WordSet States = new("late overdue missing pending outstanding now not");

    private static readonly WordSet Spelled = new(
        "two three four five six seven eight nine ten twelve fourteen twenty thirty sixty ninety");

    public static FoundFact? Find(Clause clause) => clause.Subject switch
    {
        ClauseSubject.Client => Demand(clause),
        ClauseSubject.Group or ClauseSubject.Other => AtWork(clause),
        _ => null,
    };

    // "The client is not allowed to store backups abroad", "the client insists on two signatures".
    private static FoundFact? Demand(Clause clause)
    {
        var at = clause.Body;
        if (clause.Take(ref at, "am not allowed to"))
        {
            return at + 1 < clause.End && !clause.PointsElsewhere(at)
                ? new(ClauseSubject.Client, FactTypes.Constraint, $"Is not allowed to {clause.Rest(at)}")
                : null;
        }

        var isDemand = clause.Take(ref at, Demanding) && at < clause.End && !Pointing.Contains(clause[at]);
        return isDemand ? Fact(clause, clause.Body) : null;
    }

    private static FoundFact? AtWork(Clause clause)
    {
        if (Labels.Rest(clause, LabelWords) is { } rest)
        {
            return Fact(clause, rest);
        }

        var isLimit = IsBudgetOrDeadline(clause) || IsTerm(clause) || DutyRules.Restricts(clause) || DutyRules.Obliges(clause);

        // "Our budget is 40k" is told as "Budget is 40k".
        return isLimit ? Fact(clause, clause.Subject == ClauseSubject.Group ? clause.Start + 1 : clause.Start) : null;
    }

    // "The total budget must not exceed 40k", "the deadline is March 3".
    private static bool IsBudgetOrDeadline(Clause clause)
    {
        if (SentenceGuards.IsPassing(clause))
        {
            return false;
        }

        var at = BehindArticle(clause);
        while (clause.Take(ref at, KindsOfBudget))
        {
        }

        if (clause[at] == "budget")
        {
            return BehindLimit(clause, at + 1) is { } amount && HasAmount(clause, amount);
        }

        var isDeadline = clause[at] == "deadline" || (clause[at] == "due" && clause[at + 1] == "date");
        return isDeadline && BehindLimit(clause, at + 1) is { } date && HasDate(clause, date);
    }

    private static int? BehindLimit(Clause clause, int from)
    {
        for (var i = from; i < Math.Min(clause.End, from + MaxWordsToLimit); i++)
        {
            // "Budget: 40k."
            var behind = i;
            if (clause.Word(i - 1).Break == ':' || clause.Take(ref behind, Capped))
            {
                return behind;
            }
        }

        return null;
    }

    private static bool HasAmount(Clause clause, int from) => clause.Has(from, clause.End, i => IsAmount(clause[i], clause[i + 1]));

    // "4500", "40k", "2 million"; "2" alone is no budget, nor is "2026", or "5pm".
    private static bool IsAmount(string word, string next)
    {
        var digits = word.Count(char.IsAsciiDigit);
        var isYear = word is ['2', '0', '1' or '2' or '3', _];
        return digits > 0 && (Units.Contains(next) || (digits >= 3 && !isYear) || word is [.., >= '0' and <= '9', 'k' or 'm']);
    }

    private static bool HasDate(Clause clause, int from) =>
        clause.HasFigure(from, clause.End)
            || clause.Has(from, clause.End, i => Recurrence.IsDay(clause[i]) || IsMonth(clause, i));

    // What "may" move is no date.
    private static bool IsMonth(Clause clause, int at) => Recurrence.IsMonth(clause[at]) && (clause[at] != "may" || clause.Word(at).IsCapital);

    // "Payment terms are 30 days net", "the minimum order is 50 units".
    private static bool IsTerm(Clause clause)
    {
        var at = BehindArticle(clause);
        return clause.Take(ref at, Terms)
            && clause[at] is "is" or "are"
            && at + 1 < clause.End
            && !States.Contains(clause[at + 1])
            && (clause.HasFigure(at, at + MaxWordsToFigure) || clause.Has(at, at + MaxWordsToFigure, i => Spelled.Contains(clause[i])))
            && !SentenceGuards.IsPassing(clause);
    }

    private static int BehindArticle(Clause clause) => clause.Start + (clause[clause.Start] is "the" or "our" ? 1 : 0);

    private static FoundFact Fact(Clause clause, int from) =>
        new(ClauseSubject.Client, FactTypes.Constraint, ThirdPerson.Capitalised(clause.Rest(from)));
}
