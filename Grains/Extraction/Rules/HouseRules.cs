namespace Actors.Extraction.Rules;

/// <summary>
/// What is done at the client's by rule: "we never deploy on Fridays"; what others demand is read by <see cref="DemandRules"/>.
/// </summary>
internal static class HouseRules
{
    private static readonly WordSet Pointing = new("it this that these those them him her you your to more help time me us");

    private static readonly WordSet Habits = new(
        """
        deploy release ship merge push discount accept sell store share send sign pay reimburse refund publish hire outsource track
        invoice bill charge quote email call disclose allow permit print log test use write spell host bundle subcontract negotiate
        advertise recruit lend rent deliver close answer delete commit hand give schedule hold book order buy approve discuss
        """);

    // Of these only "we always" makes a rule; "we always buy local food" is a liking.
    private static readonly WordSet AlwaysDone = new(
        "write spell sign invoice bill quote encrypt deploy test review approve archive label");

    private static readonly WordSet NoHabit = new(
        "it this that these those them him her you your anything much enough to me well very any");

    // "We only sell to companies."
    private static readonly WordSet DoneToSomebody = new("ship sell deliver lend rent charge");

    private static readonly WordSet Duties = new("keep spend leave report file document");

    private static readonly WordSet VerbsBesideRule = new("is are will does do would can must has have");

    private static readonly PhraseSet Must = new("must | have to");

    private static readonly PhraseSet MayNot = new("are not allowed to | may not | must not");

    private static readonly PhraseSet Restricting = new("never | do not | only");

    public static FoundFact? Find(Clause clause)
    {
        if (SentenceGuards.IsPassing(clause))
        {
            return null;
        }

        return clause.Subject == ClauseSubject.Group && !clause.IsPossessive ? Ours(clause) : DemandRules.Find(clause);
    }

    /// <summary>A rule, in the words it is told in from a place on.</summary>
    public static FoundFact Rule(Clause clause, int from) =>
        new(ClauseSubject.Client, FactTypes.Constraint, ThirdPerson.Capitalised(Told(clause, from)));

    /// <summary>What is told of a rule from a place on, without what is said beside it: "..., a scan won't do".</summary>
    public static string Told(Clause clause, int from)
    {
        // What stands behind a comma and has a verb of its own.
        var end = clause.EndOfStatement(from);
        return clause.Text(from, clause.Has(end, VerbsBesideRule) ? end : clause.End);
    }

    /// <summary>Whether a rule names here what it is about.</summary>
    public static bool IsNamed(Clause clause, int at) => at < clause.End && !Pointing.Contains(clause[at]) && !clause.PointsElsewhere(at);

    private static FoundFact? Ours(Clause clause) => Bound(clause) ?? Forbidden(clause) ?? Restricted(clause) ?? Always(clause);

    // "We have to keep records for ten years", "we can't deploy on Fridays": with what makes it more than a chore, or a mishap.
    private static FoundFact? Bound(Clause clause)
    {
        var at = clause.Body;
        if (clause.Take(ref at, "can not"))
        {
            return IsBinding(clause, at) && clause.Has(at + 1, clause.End, i => IsLimit(clause, i))
                ? new FoundFact(ClauseSubject.Client, FactTypes.Constraint, $"Cannot {Told(clause, at)}")
                : null;
        }

        return clause.Take(ref at, Must) && IsBinding(clause, at) && clause.Has(at + 1, clause.End, i => IsDuty(clause, i))
            ? Rule(clause, clause.Body)
            : null;
    }

    private static bool IsBinding(Clause clause, int verb) =>
        verb + 2 < clause.End && (Habits.Contains(clause[verb]) || Duties.Contains(clause[verb])) && IsNamed(clause, verb + 1);

    // "Outside the EU", "without a ticket", "more than 50 euros", "Fridays".
    private static bool IsLimit(Clause clause, int at) =>
        clause[at] is "outside" or "without" || (clause[at] == "more" && clause[at + 1] == "than") || Recurrence.IsManyDays(clause[at]);

    // "Every invoice", "for ten years", "by law".
    private static bool IsDuty(Clause clause, int at) =>
        (clause[at] is "every" or "each" && clause[at + 1] != "time")
        || (clause[at] == "for" && clause[clause.End - 1] == "years")
        || (clause[at] == "by" && clause[at + 1] == "law");

    // "We may not disclose prices."
    private static FoundFact? Forbidden(Clause clause)
    {
        var at = clause.Body;
        return clause.Take(ref at, MayNot) && at + 1 < clause.End && IsNamed(clause, at) && clause[at] != "be"
            ? Rule(clause, clause.Body)
            : null;
    }

    // "We never deploy on Fridays", "we only work with local suppliers".
    private static FoundFact? Restricted(Clause clause)
    {
        var at = clause.Body;
        return clause.Take(ref at, Restricting) && IsHabit(clause, at) && (Habits.Contains(clause[at]) || IsWorkWith(clause, at))
            ? Rule(clause, clause.Body)
            : null;
    }

    private static bool IsWorkWith(Clause clause, int at) =>
        clause[at] == "work" && clause[at + 1] is "with" or "for" or "on" && at + 2 < clause.End;

    // "We always sign with both names", "we write the name in lowercase always".
    private static FoundFact? Always(Clause clause)
    {
        var at = clause.Body;
        var isAlways = clause.Take(ref at, "always") || clause[clause.End - 1] == "always"
            || clause.Has(at, clause.End, i => clause[i] == "always" && clause.Word(i).Break == ':');
        return isAlways && IsHabit(clause, at) && AlwaysDone.Contains(clause[at]) ? Rule(clause, clause.Body) : null;
    }

    private static bool IsHabit(Clause clause, int verb)
    {
        var at = verb + 1;
        var isToSomebody = clause[at] == "to" && DoneToSomebody.Contains(clause[verb]) && !NoHabit.Contains(clause[at + 1]);
        return at < clause.End && (isToSomebody || !NoHabit.Contains(clause[at])) && !clause.PointsElsewhere(verb);
    }
}
