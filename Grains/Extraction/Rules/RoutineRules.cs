namespace Actors.Extraction.Rules;

/// <summary>What people do on the same days again and again; what happens on them is read by <see cref="HappeningRules"/>.</summary>
internal static class RoutineRules
{
    private static readonly WordSet Often = new("usually always never generally normally typically only mostly also");

    // Without one of these a span of days may be this week's: "at home Tuesday till Thursday".
    private static readonly WordSet Exclusive = new("only usually always");

    // Of liking and of mishaps others speak: "I hate Mondays", "I lose an hour every day".
    private static readonly WordSet Habits = new(
        """
        go swim run jog train play teach practise practice rehearse volunteer work commute cycle pick drop take attend visit sing dance row
        cook shop meet travel fly study learn coach have do come leave start finish stop close babysit fast pray call answer reply check
        """);

    // What is done so must be their own: "I do my invoices on Fridays".
    private static readonly WordSet VagueHabits = new("do call stop close");

    private static readonly WordSet NoHabits = new(
        """
        error errors problem problems headache headaches issue issues trouble crash crashes question questions doubt doubts
        time fun dream dreams idea ideas fight fights best worst bit lot
        """);

    // "I have your report every Friday", "I would run every day".
    private static readonly WordSet NotOfOneself = new("you your too would");

    private static readonly WordSet PartsOfDay = new("morning evening afternoon mornings evenings afternoons");

    private static readonly PhraseSet Away = new(
        """
        off | out | away | closed | open | unavailable | in the office | at the office | at home | working from home | remote
        on site | on-site | onsite | on call | on-call | busy | travelling | traveling | out of office | out of the office | offline
        in class | in court | in surgery | in theatre | at the clinic | in the lab | at school | in the warehouse | with a client
        at the client
        """);

    private static readonly WordSet OurHabits = new(
        "close open meet invoice bill deliver ship deploy release pay have do work hold review plan rehearse train");

    // "We have to", "we do not", "we have a".
    private static readonly WordSet AfterNoHabit = new("to it a not no been got");

    private static readonly WordSet CutBefore = new("once when whenever while so if unless as until after");

    // "On Mondays, Wednesdays, and Fridays", "daily, at noon".
    private static readonly WordSet GoesOnWith = new("every on and at");

    public static FoundFact? Find(Clause clause)
    {
        if (SentenceGuards.IsPassing(clause))
        {
            return null;
        }

        if (clause.IsPerson)
        {
            return clause.IsPossessive ? null : Own(clause);
        }

        return clause.Subject == ClauseSubject.Group && !clause.IsPossessive ? Ours(clause) : HappeningRules.Find(clause);
    }

    /// <summary>Where what is said of a habit ends: before what it depends on, and before what is said beside it.</summary>
    public static int EndOf(Clause clause, int from)
    {
        for (var i = from + 1; i < clause.End; i++)
        {
            if (CutBefore.Contains(clause[i]) || (clause.Word(i - 1).Break is ',' or ':' && !GoesOn(clause[i])))
            {
                return i;
            }
        }

        return clause.End;
    }

    private static bool GoesOn(string word) => Recurrence.IsDay(word) || Recurrence.IsManyDays(word) || GoesOnWith.Contains(word);

    // "I usually swim on Tuesdays", "I'm off on Fridays".
    private static FoundFact? Own(Clause clause)
    {
        var (at, how) = (clause.Body, "");
        while (Often.Contains(clause[at]))
        {
            how += clause[at++] + " ";
        }

        var end = EndOf(clause, at);
        if (clause[at] == "am")
        {
            return IsAway(clause, at + 1, end) ? Fact(clause, $"Is {how}{clause.Text(at + 1, end)}", end) : null;
        }

        if (how.StartsWith("never", StringComparison.Ordinal) || !IsHabit(clause, at, end))
        {
            return null;
        }

        var isUsual = how.Contains("usually", StringComparison.Ordinal);
        return IsRegular(clause, at, end, isUsual) || LeavesAt(clause, at)
            ? Fact(clause, $"{how}{ThirdPerson.Verb(clause[at])} {clause.Text(at + 1, end)}", end)
            : null;
    }

    private static bool IsHabit(Clause clause, int at, int end) =>
        Habits.Contains(clause[at]) && at + 1 < end && clause[at + 1] is not ("not" or "it" or "to") && !clause.PointsElsewhere(at)
        && !clause.Has(at, end, i => NoHabits.Contains(clause[i]) || NotOfOneself.Contains(clause[i]));

    // "I teach on Mondays", "I do my invoices on Fridays", "I usually run in the morning".
    private static bool IsRegular(Clause clause, int at, int end, bool isUsual)
    {
        var isOwn = clause[at] == "do" && clause[at + 1] is "my" or "his" or "her";
        if ((isOwn || !VagueHabits.Contains(clause[at])) && Recurrence.IsIn(clause, at + 1, end))
        {
            return true;
        }

        return (isUsual || isOwn) && IsInPartOfDay(clause, at, end);
    }

    // "Mandy leaves at 3"; of themselves people say so of the day.
    private static bool LeavesAt(Clause clause, int at) =>
        clause.IsThird && clause[at] is "leave" or "start" or "finish" && clause[at + 1] == "at"
        && ClockTimes.MayBeTime(clause, at + 2) && at + 4 >= clause.End;

    private static bool IsInPartOfDay(Clause clause, int at, int end) =>
        clause.Has(at + 1, end - 2, i => clause[i] == "in" && clause[i + 1] == "the" && PartsOfDay.Contains(clause[i + 2]));

    // "Off on Fridays", "only in the office Tuesday till Thursday".
    private static bool IsAway(Clause clause, int at, int end)
    {
        clause.Take(ref at, Often);
        var length = Away.LengthAt(clause.Sentence.Words, at, end);
        if (length == 0)
        {
            return false;
        }

        var behind = at + length;
        if (Recurrence.IsIn(clause, behind, end))
        {
            return true;
        }

        var isExclusive = clause.Has(at - 1, end, i => Exclusive.Contains(clause[i]));
        return isExclusive && clause.Has(behind, end, i => Recurrence.IsSpanOfDays(clause, i));
    }

    // "We are closed on Wednesday afternoons", "we close at noon on Fridays".
    private static FoundFact? Ours(Clause clause)
    {
        var at = clause.Body;
        var end = EndOf(clause, at);
        var isOurs = clause.Take(ref at, "are") ? IsOurAbsence(clause, at, end) : IsOurHabit(clause, at, end);
        return isOurs
            ? new FoundFact(ClauseSubject.Client, FactTypes.Schedule, ThirdPerson.Capitalised(clause.Text(clause.Body, end)), End: end)
            : null;
    }

    private static bool IsOurAbsence(Clause clause, int at, int end) =>
        IsClosed(clause, at) || (IsAway(clause, at, end) && (clause[at] != "open" || Recurrence.IsIn(clause, at, end)));

    private static bool IsOurHabit(Clause clause, int at, int end) =>
        OurHabits.Contains(clause[at]) && !AfterNoHabit.Contains(clause[at + 1]) && !clause.PointsElsewhere(at)
        && !clause.Has(at, end, i => NoHabits.Contains(clause[i])) && Recurrence.IsIn(clause, at + 1, end);

    // "Closed in August", "closed from December 24 to January 2".
    private static bool IsClosed(Clause clause, int at) =>
        clause[at] == "closed" && clause.Has(at + 1, clause.End - 1, i => IsInMonth(clause, i) || IsFromDate(clause, i));

    private static bool IsInMonth(Clause clause, int at) =>
        clause[at] is "in" or "during" or "throughout" && Recurrence.IsMonth(clause[at + 1]);

    private static bool IsFromDate(Clause clause, int at) =>
        clause[at] is "from" or "between" && (Recurrence.IsMonth(clause[at + 1]) || clause[at + 1].Any(char.IsAsciiDigit));

    private static FoundFact Fact(Clause clause, string content, int end) =>
        new(clause.Subject, FactTypes.Schedule, ThirdPerson.Capitalised(content), End: end);
}
