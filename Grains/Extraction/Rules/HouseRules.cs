using System.Collections.Frozen;

namespace Actors.Extraction.Rules;

/// <summary>What others demand who may, and what is done at the client's by rule: "the bank only accepts originals", "we never deploy on Fridays".</summary>
internal static class HouseRules
{
    private const int MaxSubjectWords = 5;

    // Who may demand. What programs and recipes require is nobody's rule.
    private static readonly WordSet Authorities = new(
        """
        council bank insurer insurance landlord landlady ministry authority authorities auditor auditors regulator regulators lawyer lawyers notary accountant accountants bookkeeper accounting
        procurement purchasing legal compliance hr board management ceo cfo cto coo boss committee supplier suppliers vendor landlord tenant tenants municipality city court customs embassy
        consulate school hospital clinic university union unions association team department agency publisher museum venue hotel airline sponsor funder funders investors investor shareholders
        security dpo headquarters hq parent buyer buyers distributor wholesaler carrier broker fund foundation church parish kindergarten
        """);

    private static readonly WordSet Departments = new("legal procurement purchasing accounting compliance hr finance security management it");

    private static readonly WordSet Demanding = new("requires require demands demand insists insist forbids forbid prohibits prohibit bans ban rejects reject refuses refuse");

    private static readonly WordSet Refused = new("accept allow permit want take reimburse sign pay approve cover tolerate");

    private static readonly WordSet Needing = new("needs need wants want has have must expects expect");

    private static readonly WordSet Always = new("every all each any always first only");

    private static readonly WordSet Pointing = new("it this that these those them him her you your to more help time me us");

    private static readonly WordSet Habits = new(
        """
        deploy release ship merge push discount accept sell store share send sign pay reimburse refund publish hire outsource track invoice bill charge quote email call disclose allow
        permit print log test use write spell host bundle subcontract negotiate advertise recruit lend rent deliver close answer delete commit hand give schedule hold book order buy approve discuss
        """);

    // Of these only "we always" makes a rule; "we always buy local food" is a liking.
    private static readonly WordSet AlwaysDone = new("write spell sign invoice bill quote encrypt deploy test review approve archive label");

    private static readonly WordSet Granted = new("approve sign enter access use deploy merge book order release publish see edit delete pay spend change open grant");

    private static readonly WordSet NoHabit = new("it this that these those them him her you your anything much enough to me well very any");

    private static readonly WordSet Spent = new("anything everything purchases orders expenses invoices amounts spending payments bookings trips contracts discounts refunds");

    private static readonly WordSet To = new("ship sell deliver lend rent charge");

    private static readonly FrozenSet<string> Nobody = ["who", "it", "this", "that", "my", "i", "you", "he", "she", "they"];

    public static FoundFact? Find(Clause clause)
    {
        if (SentenceGuards.IsPassing(clause))
        {
            return null;
        }

        return clause.Subject switch
        {
            ClauseSubject.Group => clause.IsPossessive ? Demand(clause) : Ours(clause),
            ClauseSubject.Client => Refusal(clause, clause.Body, clause.Body),
            ClauseSubject.Other => OnlyMay(clause) ?? Demand(clause),
            _ => null,
        };
    }

    private static FoundFact? Demand(Clause clause)
    {
        var isBare = Departments.Contains(clause[clause.Start]) && clause.Word(clause.Start).IsCapital;
        if (!isBare && clause[clause.Start] is not ("the" or "our" or "their" or "his" or "her"))
        {
            return null;
        }

        for (var i = clause.Start + (isBare ? 0 : 1); i < Math.Min(clause.End - 2, clause.Start + MaxSubjectWords); i++)
        {
            // The Zimmermanns.
            var isFamily = i == clause.Start + 1 && clause.Word(i).IsCapital && clause[i].EndsWith('s');
            if ((Authorities.Contains(clause[i]) || isFamily) && (Demands(clause, i + 1, isFamily) is { } fact))
            {
                return fact;
            }

            if (Nobody.Contains(clause[i]) || clause.Word(i).Break != '\0')
            {
                return null;
            }
        }

        return null;
    }

    private static FoundFact? Demands(Clause clause, int at, bool isFamily)
    {
        var start = clause.Start + (clause.Subject == ClauseSubject.Group ? 1 : 0);
        if (!isFamily && Demanding.Contains(clause[at]))
        {
            var of = at + (clause[at + 1] is "on" or "that" ? 2 : 1);
            return of < clause.End && !Pointing.Contains(clause[of]) && !clause.PointsElsewhere(of) ? Work(clause, start) : null;
        }

        if (!isFamily && Needing.Contains(clause[at]))
        {
            var to = at + (clause[at + 1] == "to" ? 2 : 1);
            var isAll = Enumerable.Range(to, Math.Min(3, clause.End - to)).Any(i => Always.Contains(clause[i]) && clause[i + 1] is not ("the" or "of" or "we" or "i")) || (clause[at] is "need" or "needs" && Recurrence.IsIn(clause, to, clause.End));
            return isAll && to + 1 < clause.End && !Pointing.Contains(clause[to]) && !clause.PointsElsewhere(to) ? Work(clause, start) : null;
        }

        return Refusal(clause, at, start);
    }

    // "Only accepts originals", "does not accept scans", "does not want their name in it".
    private static FoundFact? Refusal(Clause clause, int at, int start)
    {
        var isOnly = clause.Take(ref at, "only");
        var isNot = !isOnly && (clause.Take(ref at, "does not") || clause.Take(ref at, "do not") || clause.Take(ref at, "will not") || clause.Take(ref at, "never"));
        // "The client doesn't want ads": their verb stands as with "I" here.
        var isClient = clause.Subject == ClauseSubject.Client && clause[start] == "do";
        var verb = clause[at].EndsWith('s') ? clause[at][..^1] : clause[at];
        return (isOnly || isNot) && (verb == "want" ? isNot : Refused.Contains(verb)) && at + 1 < clause.End && !Pointing.Contains(clause[at + 1]) && !clause.PointsElsewhere(at + 1)
            ? isClient ? new(ClauseSubject.Client, FactTypes.Constraint, $"Does not {clause.Text(at, EndOf(clause, at))}") : Work(clause, start)
            : null;
    }

    // "We never deploy on Fridays", "we write the name in lowercase always".
    private static FoundFact? Ours(Clause clause)
    {
        var at = clause.Body;
        if (clause.Take(ref at, "must") || clause.Take(ref at, "have to") || clause.Take(ref at, "can not"))
        {
            return Bound(clause, at, isNot: clause[at - 1] == "not");
        }

        if (clause.Take(ref at, "are not allowed to") || clause.Take(ref at, "may not") || clause.Take(ref at, "must not"))
        {
            return at + 1 < clause.End && !Pointing.Contains(clause[at]) && !clause.PointsElsewhere(at) && clause[at] != "be" ? Work(clause, clause.Body) : null;
        }

        var isNever = clause.Take(ref at, "never") || clause.Take(ref at, "do not") || clause.Take(ref at, "only");
        var isAlways = !isNever && (clause.Take(ref at, "always") || clause[clause.End - 1] == "always" || Enumerable.Range(at, clause.End - at).Any(i => clause[i] == "always" && clause.Word(i).Break == ':'));
        if ((!isNever && !isAlways) || at + 1 >= clause.End || (NoHabit.Contains(clause[at + 1]) && !(clause[at + 1] == "to" && To.Contains(clause[at]) && !NoHabit.Contains(clause[at + 2]))) || clause.PointsElsewhere(at))
        {
            return null;
        }

        return isNever ? Habits.Contains(clause[at]) || (clause[at] == "work" && clause[at + 1] is "with" or "for" or "on" && at + 2 < clause.End) ? Work(clause, clause.Body) : null
            : AlwaysDone.Contains(clause[at]) ? Work(clause, clause.Body) : null;
    }

    // "We have to keep records for ten years", "we can't deploy on Fridays": with what makes it more than a chore, or a mishap.
    private static FoundFact? Bound(Clause clause, int at, bool isNot)
    {
        if (at + 2 >= clause.End || Pointing.Contains(clause[at + 1]) || clause.PointsElsewhere(at) || !(Habits.Contains(clause[at]) || clause[at] is "keep" or "spend" or "leave" or "report" or "file" or "document"))
        {
            return null;
        }

        for (var i = at + 1; i < clause.End; i++)
        {
            var isRule = isNot ? clause[i] is "outside" or "without" || (clause[i] == "more" && clause[i + 1] == "than") : (clause[i] is "every" or "each" && clause[i + 1] != "time") || (clause[i] == "for" && clause[clause.End - 1] == "years") || (clause[i] == "by" && clause[i + 1] == "law");
            if (isRule || (isNot && Recurrence.IsManyDays(clause[i])))
            {
                return isNot ? new(ClauseSubject.Client, FactTypes.Constraint, $"Cannot {clause.Text(at, EndOf(clause, at))}") : Work(clause, clause.Body);
            }
        }

        return null;
    }

    // "Only admins may approve refunds."
    private static FoundFact? OnlyMay(Clause clause)
    {
        var none = clause.Start;
        if ((clause.Take(ref none, "nobody") || clause.Take(ref none, "no one")) && (clause.Take(ref none, "may") || clause.Take(ref none, "is allowed to") || clause.Take(ref none, "is permitted to")))
        {
            return none + 1 < clause.End && clause[none] is not ("be" or "have" or "know" or "notice") && !clause.PointsElsewhere(none) ? Work(clause, clause.Start) : null;
        }

        if (clause[clause.Start] != "only")
        {
            return Above(clause);
        }

        for (var i = clause.Start + 2; i < Math.Min(clause.End, clause.Start + MaxSubjectWords); i++)
        {
            var length = clause[i] is "may" or "can" ? 1 : clause[i] is "is" or "are" && clause[i + 1] is "allowed" or "permitted" && clause[i + 2] == "to" ? 3 : 0;
            if (length > 0)
            {
                return Granted.Contains(clause[i + length]) && !Nobody.Contains(clause[clause.Start + 1]) && !clause.PointsElsewhere(i) ? Work(clause, clause.Start) : null;
            }
        }

        return null;
    }

    // "Purchases over 1,000 euros need two signatures."
    private static FoundFact? Above(Clause clause)
    {
        var at = clause.Start + 1;
        if (!Spent.Contains(clause[clause.Start]) || clause[at] is not ("over" or "above" or "under" or "below") || !clause[at + 1].Any(char.IsAsciiDigit))
        {
            return null;
        }

        for (var i = at + 2; i < Math.Min(clause.End - 1, at + 4); i++)
        {
            if (clause[i] is "need" or "needs" or "require" or "requires" or "must" or "has" or "have")
            {
                return clause.PointsElsewhere(i) ? null : Work(clause, clause.Start);
            }
        }

        return null;
    }

    private static FoundFact Work(Clause clause, int from) => new(ClauseSubject.Client, FactTypes.Constraint, ThirdPerson.Capitalised(clause.Text(from, EndOf(clause, from))));

    // "..., a scan won't do": behind a comma, what has a verb of its own.
    private static int EndOf(Clause clause, int from)
    {
        var end = clause.EndOfStatement(from);
        return Enumerable.Range(end, clause.End - end).Any(i => clause[i] is "is" or "are" or "will" or "does" or "do" or "would" or "can" or "must" or "has" or "have") ? end : clause.End;
    }
}
