namespace Actors.Extraction;

/// <summary>What must not be, what has to be, and within which limits.</summary>
internal static class ConstraintRules
{
    private static readonly WordSet Abstaining = new("eat drink smoke work take fly drive travel use accept answer schedule book buy wear join meet share order eat pay attend");

    private static readonly WordSet Unable = new("eat drink fly drive swim lift wear climb work take");

    private static readonly WordSet NeedsNoObject = new("drink smoke drive fly swim");

    private static readonly WordSet Pointing = new("it this that these those them him her you your any");

    private static readonly WordSet Diets = new("vegan vegetarian pescatarian");

    private static readonly WordSet Conditions = new("diabetic celiac coeliac colorblind colourblind color-blind colour-blind dyslexic deaf teetotal kosher gluten-free");

    private static readonly WordSet Ordered = new(
        """
        call send book schedule use reply answer write email contact share deploy ship push merge include add ask cc invoice charge order put offer plan print release commit
        publish delete store copy forward sign pay mention
        """);

    private static readonly WordSet Forbidden = new(
        """
        calls call meetings meeting deployments deploys deploy releases release emails work changes discounts travel alcohol meat nuts gluten appointments phone deliveries visits
        overtime advertising cookies subcontractors purchases refunds payments newsletters invoices
        """);

    private static readonly WordSet Limiting = new("on after before during without at over above between in for to");

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
        printed removed processed accepted completed exported imported copied forwarded contacted called mentioned handled limited disposed inspected certified
        """);

    // What nobody may do; of itself it happens, or does not.
    private static readonly WordSet Allowed = new("left parked opened photographed moved changed entered exceeded brought");

    private static readonly WordSet Permitted = new("enter access leave use run happen start ship deploy book pay order work park smoke spend travel hire publish sign approve change");

    // "Must be finished by now", and chores: "must be replaced soon".
    private static readonly PhraseSet Guessing = new("by now | already | again | somewhere | somehow | by something | by someone | by somebody | by accident | by mistake | soon | now | today | tomorrow | tonight | this week | next week");

    private static readonly WordSet Faults = new("bug bugs problem problems leak issue issues fault error errors reason virus mistake typo glitch");

    private static readonly PhraseSet Capped = new("is | must not exceed | may not exceed | can not exceed | must stay below | must stay under | must be below | must be under | should not exceed");

    private static readonly WordSet Months = new(
        "january february march april may june july august september october november december monday tuesday wednesday thursday friday saturday sunday");

    private static readonly WordSet LabelWords = new("constraint requirement restriction rule limitation");

    public static FoundFact? Find(Clause clause)
    {
        if (clause.Subject == ClauseSubject.Speaker && clause[clause.Start] != "my")
        {
            return SentenceGuards.IsPassing(clause.Sentence) ? null : Own(clause);
        }

        return clause.Subject switch
        {
            ClauseSubject.Order => Order(clause) ?? NoneOf(clause),
            ClauseSubject.Client => Demand(clause),
            ClauseSubject.Group or ClauseSubject.Other => Labels.Rest(clause, LabelWords) is { } rest ? Work(clause, rest) : Limit(clause) ?? Must(clause),
            _ => null,
        };
    }

    private static FoundFact? Own(Clause clause)
    {
        var at = clause.Body;
        if (clause.Take(ref at, "am"))
        {
            return Being(clause, at);
        }

        if (clause.Take(ref at, "do not") && Abstaining.Contains(clause[at]) && HasObject(clause, at))
        {
            return Fact(clause, $"Does not {clause.Rest(at)}");
        }

        if (clause.Take(ref at, "can not") && Unable.Contains(clause[at]) && HasObject(clause, at))
        {
            return Fact(clause, $"Cannot {clause.Rest(at)}");
        }

        return clause.Take(ref at, "never") && Abstaining.Contains(clause[at]) && HasObject(clause, at)
            ? Fact(clause, $"Never {ThirdPerson.Verb(clause[at])} {clause.Rest(at + 1)}".TrimEnd())
            : null;
    }

    private static FoundFact? Being(Clause clause, int at)
    {
        var start = at;
        while (clause[at] is "a" or "an" or "strict" or "severely" or "also" or "highly")
        {
            at++;
        }

        if (Diets.Contains(clause[at]) && (at + 1 == clause.End || clause.Word(at).Break != '\0'))
        {
            return new FoundFact(ClauseSubject.Speaker, FactTypes.Constraint, $"Is {clause[at]}", "diet", at + 1);
        }

        if (clause[at + 1] == "intolerant")
        {
            return new FoundFact(ClauseSubject.Speaker, FactTypes.Constraint, $"Is {clause.Text(start, at + 2)}", End: at + 2);
        }

        return (clause[at] == "allergic" && clause[at + 1] == "to" && at + 2 < clause.End && !Pointing.Contains(clause[at + 2]) && !Months.Contains(clause[at + 2].TrimEnd('s'))) || (Conditions.Contains(clause[at]) && at + 1 == clause.End)
            ? Fact(clause, $"Is {clause.Rest(start)}")
            : null;
    }

    private static FoundFact? Order(Clause clause)
    {
        var (at, word) = (clause.Body + 1, clause[clause.Body]);
        if (word == "no" || !Ordered.Contains(clause[at]) || at + 1 >= clause.End || Pointing.Contains(clause[at + 1]) || clause.PointsElsewhere(at + 1))
        {
            return null;
        }

        var about = ClauseSubject.Client;
        for (var i = at; i < clause.End; i++)
        {
            about = clause[i] is "me" or "my" or "i" ? ClauseSubject.Speaker : about;
        }

        return new FoundFact(about, FactTypes.Constraint, ThirdPerson.Capitalised(clause.Rest(clause.Body)));
    }

    // "No calls on Fridays".
    private static FoundFact? NoneOf(Clause clause)
    {
        if (clause[clause.Body] != "no" || SentenceGuards.IsPassing(clause.Sentence))
        {
            return null;
        }

        for (var i = clause.Body + 1; i < Math.Min(clause.End, clause.Body + 4); i++)
        {
            if (Forbidden.Contains(clause[i]) && i + 2 < clause.End && Limiting.Contains(clause[i + 1]))
            {
                return Work(clause, clause.Body);
            }
        }

        return null;
    }

    private static FoundFact? Demand(Clause clause)
    {
        var at = clause.Body;
        return (clause.Take(ref at, "requires") || clause.Take(ref at, "demands") || clause.Take(ref at, "insists on") || clause.Take(ref at, "insists that"))
            && at < clause.End && !Pointing.Contains(clause[at])
            ? Work(clause, clause.Body)
            : null;
    }

    // Budgets and deadlines, with a figure.
    private static FoundFact? Limit(Clause clause)
    {
        var at = clause.Start;
        if (clause[at] is not ("the" or "our") || SentenceGuards.IsPassing(clause.Sentence))
        {
            return null;
        }

        at++;
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
            var length = Capped.LengthAt(clause.Sentence.Words, i, clause.End);
            if (length > 0)
            {
                return (isBudget ? HasAmount(clause, i + length) : HasDate(clause, i + length)) ? Work(clause, clause.Subject == ClauseSubject.Group ? clause.Start + 1 : clause.Start) : null;
            }
        }

        return null;
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
                "are" or "is" => clause[i + 1] is "forbidden" or "prohibited" or "mandatory" || (clause[i + 1] == "not" && clause[i + 2] is "allowed" or "permitted"),
                _ => false,
            };
            if (binds)
            {
                return Guessing.IsIn(clause.Sentence.Words, i, clause.End) ? null : Work(clause, clause.Subject == ClauseSubject.Group ? clause.Start + 1 : clause.Start);
            }

            if (NoLimitSubjects.Contains(clause[i]) || clause.Word(i - 1).Break != '\0' || clause[i] is "is" or "are" or "was" or "were" or "not" or "may" or "must")
            {
                return null;
            }
        }

        return null;
    }

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
            if (Months.Contains(clause[i]) || clause[i].Any(char.IsAsciiDigit))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasObject(Clause clause, int at) =>
        at + 1 < clause.End ? !Pointing.Contains(clause[at + 1]) && !clause.PointsElsewhere(at + 1) && clause[at + 1] is not ("here" or "well" or "much" or "enough" or "for" or "like") : NeedsNoObject.Contains(clause[at]);

    private static FoundFact Fact(Clause clause, string content) => new(clause.Subject, FactTypes.Constraint, content);

    private static FoundFact Work(Clause clause, int from) => new(ClauseSubject.Client, FactTypes.Constraint, ThirdPerson.Capitalised(clause.Rest(from)));
}
