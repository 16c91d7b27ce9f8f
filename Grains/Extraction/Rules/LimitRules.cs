namespace Actors.Extraction.Rules;

/// <summary>What must be, what must not, and within which limits, at work.</summary>
internal static class LimitRules
{
    private static readonly WordSet NoLimitSubjects = new(
        "i you he she it we they your his her their my this that there these those what who which someone something somebody nobody let");

    private static readonly WordSet Musts = new("stay remain go include contain pass use run follow support arrive match carry keep comply meet end start fit wear sign register report");

    // What is done with things by rule; of others "must be" is a guess: "must be broken", "must be overloaded".
    private static readonly WordSet Participles = new(
        """
        sent paid kept written held met shown bought given taken put set run made signed countersigned approved encrypted reviewed tested stored deleted erased masked archived booked
        confirmed invoiced reported documented logged translated delivered returned shipped labelled labeled sealed locked reported registered replaced updated disclosed shared
        published released deployed merged granted checked verified validated audited cleared cleaned refrigerated hosted billed quoted submitted filed notified informed used insured
        supervised escorted authorized authorised authenticated backed anonymized anonymised pseudonymized pseudonymised redacted rotated renewed scheduled ordered recorded worn
        printed removed processed accepted completed exported imported copied forwarded contacted mentioned handled limited disposed inspected certified
        """);

    // What nobody may do; of itself it happens, or does not.
    private static readonly WordSet Allowed = new("left parked opened photographed moved changed entered exceeded brought");

    private static readonly WordSet Permitted = new("enter access leave use run happen start ship deploy book pay order work park smoke spend travel hire publish sign approve change");

    // "Must be finished by now", and chores: "must be replaced soon".
    private static readonly PhraseSet Guessing = new("by now | already | again | somewhere | somehow | by something | by someone | by somebody | by accident | by mistake | soon | now | today | tomorrow | tonight | this week | next week");

    // What cannot be for a technical reason is no rule: "the file cannot be opened".
    private static readonly WordSet Unshared = new("exceeded shared disclosed transferred exported outsourced resold negotiated postponed waived refunded combined subcontracted");

    private static readonly WordSet Data = new("data records documents files backups equipment laptops devices samples keys originals badges");

    private static readonly WordSet Faults = new("bug bugs problem problems leak issue issues fault error errors reason virus mistake typo glitch");

    private static readonly PhraseSet Capped = new("is | is capped at | is limited to | must not exceed | may not exceed | can not exceed | must stay below | must stay under | must be below | must be under | should not exceed");

    private static readonly PhraseSet Terms = new(
        """
        payment term | payment terms | payment | notice period | minimum order | maximum order | minimum stay | minimum age | maximum group size | group size | order minimum | credit limit | trial period
        warranty | retention period | cancellation period | minimum order quantity | maximum | minimum | spending limit | daily limit | file size limit | standard rate | discount limit | expense limit
        """);

    private static readonly WordSet Spelled = new("two three four five six seven eight nine ten twelve fourteen twenty thirty sixty ninety");

    private const int MaxSubjectWords = 8;

    private static readonly PhraseSet Restricting = new("limited to | restricted to | capped at | reserved for | confined to");

    private static readonly WordSet Limitable = new(
        """
        access budget budgets spend spending cost costs price prices rate rates fee fees expenses allowance headcount attendance capacity hours overtime discount discounts refunds length
        duration contract contracts meetings sessions visits team groups group parking permissions privileges rights liability fares hotels travel overdraft orders payments volume entry
        """);

    // How something works, no rule of anybody's: "must be set, or it gives a 404".
    private static readonly PhraseSet Failing = new("or it | or you | or else it | or the | otherwise it | otherwise you | for it to");

    private static readonly WordSet LabelWords = new("constraint requirement restriction rule limitation");

    public static FoundFact? Find(Clause clause) => clause.Subject switch
    {
        ClauseSubject.Client => Demand(clause),
        ClauseSubject.Group or ClauseSubject.Other => Labels.Rest(clause, LabelWords) is { } rest ? Work(clause, rest) : Limit(clause) ?? Restricted(clause) ?? Term(clause) ?? Must(clause),
        _ => null,
    };

    private static FoundFact? Demand(Clause clause)
    {
        var at = clause.Body;
        if (clause.Take(ref at, "am not allowed to"))
        {
            return at + 1 < clause.End && !clause.PointsElsewhere(at) ? new(ClauseSubject.Client, FactTypes.Constraint, $"Is not allowed to {clause.Rest(at)}") : null;
        }

        return (clause.Take(ref at, "require") || clause.Take(ref at, "demand") || clause.Take(ref at, "insist on") || clause.Take(ref at, "insist that"))
            && at < clause.End && clause[at] is not ("it" or "this" or "that" or "these" or "those" or "them" or "him" or "her" or "you" or "your" or "any")
            ? Work(clause, clause.Body)
            : null;
    }

    // Budgets and deadlines, with a figure.
    private static FoundFact? Limit(Clause clause)
    {
        var at = clause.Start;
        if (SentenceGuards.IsPassing(clause))
        {
            return null;
        }

        at += clause[at] is "the" or "our" ? 1 : 0;
        while (clause[at] is "total" or "overall" or "monthly" or "annual" or "yearly" or "final" or "hard" or "marketing" or "travel" or "project")
        {
            at++;
        }

        var isBudget = clause[at] == "budget";
        if (!isBudget && clause[at] != "deadline" && !(clause[at] == "due" && clause[at + 1] == "date"))
        {
            return null;
        }

        for (var i = at + 1; i < Math.Min(clause.End, at + 8); i++)
        {
            // "Budget: 40k."
            var isColon = clause.Word(i - 1).Break == ':';
            var length = isColon ? 0 : Capped.LengthAt(clause.Sentence.Words, i, clause.End);
            if (length > 0 || isColon)
            {
                return (isBudget ? HasAmount(clause, i + length) : HasDate(clause, i + length)) ? Work(clause, clause.Subject == ClauseSubject.Group ? clause.Start + 1 : clause.Start) : null;
            }
        }

        return null;
    }

    // "Payment terms are 30 days net", "the minimum order is 50 units".
    private static FoundFact? Term(Clause clause)
    {
        var at = clause.Start + (clause[clause.Start] is "the" or "our" ? 1 : 0);
        var length = Terms.LengthAt(clause.Sentence.Words, at, clause.End);
        var behind = at + length;
        var isTerm = length > 0 && clause[behind] is "is" or "are" && clause[behind + 1] is not ("late" or "overdue" or "missing" or "pending" or "outstanding" or "now" or "not") && behind + 1 < clause.End && !SentenceGuards.IsPassing(clause)
            && Enumerable.Range(behind, Math.Min(5, clause.End - behind)).Any(i => clause[i].Any(char.IsAsciiDigit) || Spelled.Contains(clause[i]));
        return isTerm ? Work(clause, clause.Subject == ClauseSubject.Group ? clause.Start + 1 : clause.Start) : null;
    }

    private static FoundFact? Must(Clause clause)
    {
        if (NoLimitSubjects.Contains(clause[clause.Start]))
        {
            return null;
        }

        for (var i = clause.Start + 1; i < Math.Min(clause.End - 1, clause.Start + 9); i++)
        {
            var binds = clause[i] switch
            {
                "must" => clause[i + 1] is "not" or "never" or "always" || Musts.Contains(clause[i + 1])
                    || (clause[i + 1] == "be" && Participles.Contains(clause[i + 2]))
                    || (clause[i + 1] == "have" && clause[i + 2] is "a" or "an" or "at" or "two" or "no" && clause[i + 3] is not ("lot" or "ton" or "bunch" or "good" or "great") && !HasFault(clause, i)),
                "may" => clause[i + 1] is "not" or "never" or "only" && (clause[i + 2] == "be" ? Participles.Contains(clause[i + 3]) || Allowed.Contains(clause[i + 3]) : clause[i + 1] == "only" && Permitted.Contains(clause[i + 2])),
                "can" => clause[i + 1] == "not" && (clause[i + 2] is "leave" or "exceed" ? clause[i + 2] == "exceed" || IsOfData(clause, i) : clause[i + 2] == "be" && Unshared.Contains(clause[i + 3])),
                "has" or "have" or "need" or "needs" => clause[i + 1] == "to" && clause[clause.Start] is "all" or "every" or "each" or "any" && clause[i + 2] is not ("say" or "do" or "go") && i + 3 < clause.End,
                "are" or "is" => clause[i + 1] is "forbidden" or "prohibited" or "mandatory" || (clause[i + 1] == "not" && clause[i + 2] is "allowed" or "permitted"),
                _ => false,
            };
            if (binds)
            {
                return Guessing.IsIn(clause.Sentence.Words, i, clause.End) || Failing.IsIn(clause.Sentence.Words, i, clause.End) ? null : Work(clause, clause.Subject == ClauseSubject.Group ? clause.Start + 1 : clause.Start);
            }

            if (NoLimitSubjects.Contains(clause[i]) || clause.Word(i - 1).Break != '\0' || clause[i] is "is" or "are" or "was" or "were" or "not" or "may" or "must")
            {
                return null;
            }
        }

        return null;
    }

    // "Production access is limited to the admins."
    private static FoundFact? Restricted(Clause clause)
    {
        var isLimited = false;
        for (var i = clause.Start; i < Math.Min(clause.End, clause.Start + MaxSubjectWords); i++)
        {
            if (clause[i] is "is" or "are")
            {
                var length = Restricting.LengthAt(clause.Sentence.Words, i + 1, clause.End);
                return isLimited && length > 0 && i + 1 + length < clause.End && clause[i + 1 + length] is not ("what" or "how" or "where") && !Guessing.IsIn(clause.Sentence.Words, i, clause.End) && !clause.PointsElsewhere(i)
                    ? Work(clause, clause.Subject == ClauseSubject.Group ? clause.Start + 1 : clause.Start)
                    : null;
            }

            isLimited |= Limitable.Contains(clause[i]);
            if (NoLimitSubjects.Contains(clause[i]) || clause.Word(i).Break != '\0')
            {
                return null;
            }
        }

        return null;
    }

    private static bool IsOfData(Clause clause, int to) => Enumerable.Range(clause.Start, to - clause.Start).Any(i => Data.Contains(clause[i]));

    private static bool HasFault(Clause clause, int from) => Enumerable.Range(from, clause.End - from).Any(i => Faults.Contains(clause[i]));

    private static bool HasAmount(Clause clause, int from)
    {
        for (var i = from; i < clause.End; i++)
        {
            var word = clause[i];
            if (word.Count(char.IsAsciiDigit) >= 3 || (word.Any(char.IsAsciiDigit) && (word[^1] is 'k' or 'm' || clause[i + 1] is "million" or "thousand" or "euros" or "dollars" or "eur" or "usd" or "hours")))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasDate(Clause clause, int from)
    {
        for (var i = from; i < clause.End; i++)
        {
            if (Recurrence.IsDay(clause[i]) || Recurrence.IsMonth(clause[i]) || clause[i].Any(char.IsAsciiDigit))
            {
                return true;
            }
        }

        return false;
    }

    private static FoundFact Work(Clause clause, int from) => new(ClauseSubject.Client, FactTypes.Constraint, ThirdPerson.Capitalised(clause.Rest(from)));
}
