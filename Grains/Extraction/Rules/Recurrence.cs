namespace Actors.Extraction.Rules;

/// <summary>
/// Reads what says that something comes again: on Fridays, every second Monday, the first Tuesday of each month, three days a week. Pure.
/// </summary>
internal static class Recurrence
{
    private static readonly WordSet Days = new(
        "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed weds thu thur thurs fri sat sun");

    private static readonly WordSet ManyDays = new(
        "mondays tuesdays wednesdays thursdays fridays saturdays sundays weekdays weekends weeknights");

    private static readonly WordSet PartsOfDays = new("mornings afternoons evenings nights lunchtimes");

    // "Works nights", "in the evenings", "only mornings".
    private static readonly WordSet BeforePartsOfDays = new("the in works work only on");

    private static readonly WordSet Each = new("every each");

    private static readonly WordSet Ordinals = new("first second third fourth last 1st 2nd 3rd 4th other two three four alternate");

    private static readonly WordSet Periods = new(
        "day week month quarter year morning afternoon evening night weekend weekday workday summer winter spring autumn fall");

    private static readonly WordSet Months = new(
        "january february march april may june july august september october november december");

    private static readonly WordSet Adverbs = new(
        "daily weekly monthly quarterly yearly annually fortnightly biweekly bi-weekly nightly");

    public static bool IsDay(string word) => Days.Contains(word);

    public static bool IsMonth(string word) => Months.Contains(word);

    public static bool IsManyDays(string word) => ManyDays.Contains(word);

    /// <summary>Whether something between two places of a clause says so.</summary>
    public static bool IsIn(Clause clause, int from, int to) => clause.Has(from, to, i => IsAt(clause, i));

    /// <summary>Whether it says so of the days themselves, with a span of them: Tuesday till Thursday.</summary>
    public static bool IsSpanOfDays(Clause clause, int at) =>
        Days.Contains(clause[at]) && clause[at + 1] is "to" or "till" or "until" or "through" && Days.Contains(clause[at + 2]);

    private static bool IsAt(Clause clause, int at)
    {
        var word = clause[at];
        return ManyDays.Contains(word) || Adverbs.Contains(word) || IsPartOfDays(clause, at)
            || IsEach(clause, at) || IsDayOfPeriod(clause, at) || IsCountOfPeriod(clause, at);
    }

    // "On Friday evenings", "works nights".
    private static bool IsPartOfDays(Clause clause, int at) =>
        PartsOfDays.Contains(clause[at]) && (Days.Contains(clause[at - 1]) || BeforePartsOfDays.Contains(clause[at - 1]));

    // "Every Monday", "each quarter", "every July", "every second Friday", "every two weeks".
    private static bool IsEach(Clause clause, int at)
    {
        var next = clause[at + 1];
        return Each.Contains(clause[at])
            && (IsDayOrPeriod(next) || Months.Contains(next) || (Ordinals.Contains(next) && IsOneOrMore(clause[at + 2])));
    }

    // "The first Tuesday of the month."
    private static bool IsDayOfPeriod(Clause clause, int at) =>
        Ordinals.Contains(clause[at]) && Days.Contains(clause[at + 1])
        && clause[at + 2] is "of" or "in" && clause[at + 3] is "the" or "a" && clause[at + 4] is "month" or "quarter" or "year";

    // "Three days a week", "twice a month", "four times per year".
    private static bool IsCountOfPeriod(Clause clause, int at)
    {
        if (clause[at + 1] is not ("a" or "per"))
        {
            return false;
        }

        return clause[at] == "days"
            ? clause[at + 2] == "week"
            : clause[at] is "once" or "twice" or "times" && clause[at + 2] is "week" or "month" or "year" or "day";
    }

    private static bool IsDayOrPeriod(string word) => Days.Contains(word) || Periods.Contains(word);

    // "Week", "weeks", "Friday", "Fridays".
    private static bool IsOneOrMore(string word) => IsDayOrPeriod(word) || (word.EndsWith('s') && IsDayOrPeriod(word[..^1]));
}
