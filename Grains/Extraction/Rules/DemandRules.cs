namespace Actors.Extraction.Rules;

/// <summary>
/// What others demand who may, and who may do what: "the bank only accepts originals", "only admins may approve refunds".
/// </summary>
internal static class DemandRules
{
    private const int MaxSubjectWords = 5;

    // Who may demand. What programs and recipes require is nobody's rule.
    private static readonly WordSet Authorities = new(
        """
        council bank insurer insurance landlord landlady ministry authority authorities auditor auditors regulator regulators
        lawyer lawyers notary accountant accountants bookkeeper accounting procurement purchasing legal compliance hr board management
        ceo cfo cto coo boss committee supplier suppliers vendor landlord tenant tenants municipality city court customs embassy
        consulate school hospital clinic university union unions association team department agency publisher museum venue hotel
        airline sponsor funder funders investors investor shareholders security dpo headquarters hq parent buyer buyers distributor
        wholesaler carrier broker fund foundation church parish kindergarten
        """);

    private static readonly WordSet Departments = new(
        "legal procurement purchasing accounting compliance hr finance security management it");

    private static readonly WordSet BeforeAuthorities = new("the our their his her");

    private static readonly WordSet Nobody = new("who it this that my i you he she they");

    private static readonly WordSet Demanding = new(
        "requires require demands demand insists insist forbids forbid prohibits prohibit bans ban rejects reject refuses refuse");

    private static readonly WordSet Needing = new("needs need wants want has have must expects expect");

    private static readonly WordSet Always = new("every all each any always first only");

    private static readonly PhraseSet Denying = new("does not | do not | will not | never");

    private static readonly WordSet Refused = new("accept allow permit want take reimburse sign pay approve cover tolerate");

    private static readonly PhraseSet NoOne = new("nobody | no one");

    private static readonly PhraseSet May = new("may | is allowed to | is permitted to");

    private static readonly PhraseSet OnlyTheyMay = new(
        "may | can | is allowed to | are allowed to | is permitted to | are permitted to");

    private static readonly WordSet Granted = new(
        "approve sign enter access use deploy merge book order release publish see edit delete pay spend change open grant");

    private static readonly WordSet Spent = new(
        "anything everything purchases orders expenses invoices amounts spending payments bookings trips contracts discounts refunds");

    private static readonly WordSet NeededAbove = new("need needs require requires must has have");

    public static FoundFact? Find(Clause clause) => clause.Subject switch
    {
        ClauseSubject.Group => Demand(clause),
        ClauseSubject.Client => Refusal(clause, clause.Body, clause.Body),
        ClauseSubject.Other => NobodyMay(clause) ?? OnlyMay(clause) ?? Above(clause) ?? Demand(clause),
        _ => null,
    };

    // "The bank only accepts originals", "Legal needs every contract in German", "the Zimmermanns never allow dogs".
    private static FoundFact? Demand(Clause clause)
    {
        var isDepartment = Departments.Contains(clause[clause.Start]) && clause.Word(clause.Start).IsCapital;
        if (!isDepartment && !BeforeAuthorities.Contains(clause[clause.Start]))
        {
            return null;
        }

        for (var i = clause.Start + (isDepartment ? 0 : 1); i < Math.Min(clause.End - 2, clause.Start + MaxSubjectWords); i++)
        {
            if (DemandOf(clause, i) is { } fact)
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

    private static FoundFact? DemandOf(Clause clause, int who)
    {
        var (at, start) = (who + 1, clause.Start + (clause.Subject == ClauseSubject.Group ? 1 : 0));
        // The Zimmermanns.
        if (who == clause.Start + 1 && clause.Word(who).IsCapital && clause[who].EndsWith('s'))
        {
            return Refusal(clause, at, start);
        }

        if (!Authorities.Contains(clause[who]))
        {
            return null;
        }

        if (Demanding.Contains(clause[at]))
        {
            return HouseRules.IsNamed(clause, at + (clause[at + 1] is "on" or "that" ? 2 : 1)) ? HouseRules.Rule(clause, start) : null;
        }

        if (Needing.Contains(clause[at]))
        {
            return IsAlwaysNeeded(clause, at) ? HouseRules.Rule(clause, start) : null;
        }

        return Refusal(clause, at, start);
    }

    // "Needs all receipts", "wants to approve every post", "needs the report every month".
    private static bool IsAlwaysNeeded(Clause clause, int verb)
    {
        var at = verb + (clause[verb + 1] == "to" ? 2 : 1);
        var isAlways = clause.Has(at, at + 3, i => Always.Contains(clause[i]) && clause[i + 1] is not ("the" or "of" or "we" or "i"))
            || (clause[verb] is "need" or "needs" && Recurrence.IsIn(clause, at, clause.End));
        return isAlways && at + 1 < clause.End && HouseRules.IsNamed(clause, at);
    }

    // "Only accepts originals", "does not accept scans", "does not want their name in the press".
    private static FoundFact? Refusal(Clause clause, int at, int start)
    {
        var isOnly = clause.Take(ref at, "only");
        if (!isOnly && !clause.Take(ref at, Denying))
        {
            return null;
        }

        var verb = clause[at].EndsWith('s') ? clause[at][..^1] : clause[at];
        if (!Refused.Contains(verb) || (isOnly && verb == "want") || !HouseRules.IsNamed(clause, at + 1))
        {
            return null;
        }

        // "The client doesn't want ads": their verb stands as with "I" here.
        return clause.Subject == ClauseSubject.Client && clause[start] == "do"
            ? new FoundFact(ClauseSubject.Client, FactTypes.Constraint, $"Does not {HouseRules.Told(clause, at)}")
            : HouseRules.Rule(clause, start);
    }

    // "No one may enter the lab alone."
    private static FoundFact? NobodyMay(Clause clause)
    {
        var at = clause.Start;
        return clause.Take(ref at, NoOne) && clause.Take(ref at, May)
            && at + 1 < clause.End && clause[at] is not ("be" or "have" or "know" or "notice") && !clause.PointsElsewhere(at)
            ? HouseRules.Rule(clause, clause.Start)
            : null;
    }

    // "Only admins may approve refunds."
    private static FoundFact? OnlyMay(Clause clause)
    {
        if (clause[clause.Start] != "only" || Nobody.Contains(clause[clause.Start + 1]))
        {
            return null;
        }

        for (var i = clause.Start + 2; i < Math.Min(clause.End, clause.Start + MaxSubjectWords); i++)
        {
            var behind = i;
            if (clause.Take(ref behind, OnlyTheyMay))
            {
                return Granted.Contains(clause[behind]) && !clause.PointsElsewhere(i) ? HouseRules.Rule(clause, clause.Start) : null;
            }
        }

        return null;
    }

    // "Purchases over 1,000 euros need two signatures."
    private static FoundFact? Above(Clause clause)
    {
        var (bound, amount) = (clause.Start + 1, clause.Start + 2);
        if (!Spent.Contains(clause[clause.Start])
            || clause[bound] is not ("over" or "above" or "under" or "below") || !clause[amount].Any(char.IsAsciiDigit))
        {
            return null;
        }

        for (var i = amount + 1; i < Math.Min(clause.End - 1, amount + 3); i++)
        {
            if (NeededAbove.Contains(clause[i]))
            {
                return clause.PointsElsewhere(i) ? null : HouseRules.Rule(clause, clause.Start);
            }
        }

        return null;
    }
}
