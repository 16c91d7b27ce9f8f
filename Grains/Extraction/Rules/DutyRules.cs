namespace Actors.Extraction.Rules;

/// <summary>What everybody at work must do, must not do, and what is open to some only.</summary>
internal static class DutyRules
{
    private const int MaxSubjectWords = 8;

    private static readonly WordSet NoSubjects = new(
        "i you he she it we they your his her their my this that there these those what who which someone something somebody nobody let");

    private static readonly PhraseSet Restricting = new("limited to | restricted to | capped at | reserved for | confined to");

    private static readonly WordSet Limitable = new(
        """
        access budget budgets spend spending cost costs price prices rate rates fee fees expenses allowance headcount attendance
        capacity hours overtime discount discounts refunds length duration contract contracts meetings sessions visits team groups group
        parking permissions privileges rights liability fares hotels travel overdraft orders payments volume entry
        """);

    private static readonly WordSet Musts = new(
        """
        stay remain go include contain pass use run follow support arrive match carry keep comply meet end start fit wear sign register
        report
        """);

    // What is done with things by rule; of others "must be" is a guess: "must be broken", "must be overloaded".
    private static readonly WordSet Participles = new(
        """
        sent paid kept written held met shown bought given taken put set run made signed countersigned approved encrypted reviewed
        tested stored deleted erased masked archived booked confirmed invoiced reported documented logged translated delivered returned
        shipped labelled labeled sealed locked reported registered replaced updated disclosed shared published released deployed merged
        granted checked verified validated audited cleared cleaned refrigerated hosted billed quoted submitted filed notified informed
        used insured supervised escorted authorized authorised authenticated backed anonymized anonymised pseudonymized pseudonymised
        redacted rotated renewed scheduled ordered recorded worn printed removed processed accepted completed exported imported copied
        forwarded contacted mentioned handled limited disposed inspected certified
        """);

    // "The report must have a typo" is a guess.
    private static readonly WordSet Faults = new(
        "bug bugs problem problems leak issue issues fault error errors reason virus mistake typo glitch");

    // What nobody may do; of itself it happens, or does not.
    private static readonly WordSet Allowed = new("left parked opened photographed moved changed entered exceeded brought");

    private static readonly WordSet Permitted = new(
        "enter access leave use run happen start ship deploy book pay order work park smoke spend travel hire publish sign approve change");

    // What cannot be for a technical reason is no rule: "the file cannot be opened".
    private static readonly WordSet Unshared = new(
        "exceeded shared disclosed transferred exported outsourced resold negotiated postponed waived refunded combined subcontracted");

    private static readonly WordSet Data = new(
        "data records documents files backups equipment laptops devices samples keys originals badges");

    // "Must be finished by now", and chores: "must be replaced soon".
    private static readonly PhraseSet Guessing = new(
        """
        by now | already | again | somewhere | somehow | by something | by someone | by somebody | by accident | by mistake
        soon | now | today | tomorrow | tonight | this week | next week
        """);

    // How something works, no rule of anybody's: "must be set, or it gives a 404".
    private static readonly PhraseSet Failing = new("or it | or you | or else it | or the | otherwise it | otherwise you | for it to");

    // No duty is told behind one of these.
    private static readonly WordSet OtherVerbs = new("is are was were not may must");

    /// <summary>Whether it limits something to some: "Production access is limited to the admins".</summary>
    public static bool Restricts(Clause clause)
    {
        var isLimitable = false;
        for (var i = clause.Start; i < Math.Min(clause.End, clause.Start + MaxSubjectWords); i++)
        {
            if (clause[i] is "is" or "are")
            {
                return isLimitable && IsRestricted(clause, i);
            }

            isLimitable |= Limitable.Contains(clause[i]);
            if (NoSubjects.Contains(clause[i]) || clause.Word(i).Break != '\0')
            {
                return false;
            }
        }

        return false;
    }

    private static bool IsRestricted(Clause clause, int verb)
    {
        var at = verb + 1;
        return clause.Take(ref at, Restricting)
            && at < clause.End
            && clause[at] is not ("what" or "how" or "where")
            && !Guessing.IsIn(clause.Sentence.Words, verb, clause.End)
            && !clause.PointsElsewhere(verb);
    }

    /// <summary>Whether it says what must be, or must not: "All invoices must be approved", "smoking is forbidden".</summary>
    public static bool Obliges(Clause clause)
    {
        if (NoSubjects.Contains(clause[clause.Start]))
        {
            return false;
        }

        for (var i = clause.Start + 1; i < Math.Min(clause.End - 1, clause.Start + 1 + MaxSubjectWords); i++)
        {
            if (IsDuty(clause, i))
            {
                var words = clause.Sentence.Words;
                return !Guessing.IsIn(words, i, clause.End) && !Failing.IsIn(words, i, clause.End);
            }

            if (NoSubjects.Contains(clause[i]) || OtherVerbs.Contains(clause[i]) || clause.Word(i - 1).Break != '\0')
            {
                return false;
            }
        }

        return false;
    }

    private static bool IsDuty(Clause clause, int verb) => clause[verb] switch
    {
        "must" => IsMust(clause, verb + 1),
        "may" => IsMay(clause, verb + 1),
        "can" => clause[verb + 1] == "not" && IsCannot(clause, verb + 2),
        "has" or "have" or "need" or "needs" => clause[verb + 1] == "to" && IsForAll(clause, verb + 2),
        "is" or "are" => IsForbidden(clause, verb + 1),
        _ => false,
    };

    // "Visitors must always sign", "logs must be kept", "all doors must have a lock".
    private static bool IsMust(Clause clause, int at) => clause[at] switch
    {
        "not" or "never" or "always" => true,
        "be" => Participles.Contains(clause[at + 1]),
        "have" => clause[at + 1] is "a" or "an" or "at" or "two" or "no"
            && clause[at + 2] is not ("lot" or "ton" or "bunch" or "good" or "great")
            && !clause.Has(at, Faults),
        _ => Musts.Contains(clause[at]),
    };

    // "Samples may not be opened", "contractors may only enter with a badge".
    private static bool IsMay(Clause clause, int at)
    {
        if (clause[at] is not ("not" or "never" or "only"))
        {
            return false;
        }

        return clause[at + 1] == "be"
            ? Participles.Contains(clause[at + 2]) || Allowed.Contains(clause[at + 2])
            : clause[at] == "only" && Permitted.Contains(clause[at + 1]);
    }

    // "Travel costs cannot exceed 500 euros", "customer data cannot leave the EU".
    private static bool IsCannot(Clause clause, int at) => clause[at] switch
    {
        "exceed" => true,
        "leave" => clause.Has(clause.Start, at, i => Data.Contains(clause[i])),
        "be" => Unshared.Contains(clause[at + 1]),
        _ => false,
    };

    // "Every visitor has to sign in".
    private static bool IsForAll(Clause clause, int at) =>
        clause[clause.Start] is "all" or "every" or "each" or "any" && clause[at] is not ("say" or "do" or "go") && at + 1 < clause.End;

    // "Smoking is forbidden", "pets are not allowed".
    private static bool IsForbidden(Clause clause, int at) =>
        clause[at] is "forbidden" or "prohibited" or "mandatory" || (clause[at] == "not" && clause[at + 1] is "allowed" or "permitted");
}
