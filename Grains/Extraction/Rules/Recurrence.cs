namespace Actors.Extraction.Rules;

/// <summary>Reads what says that something comes again: on Fridays, every second Monday, the first Tuesday of each month, three days a week. Pure.</summary>
internal static class Recurrence
{
    private static readonly WordSet Days = new(
        "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed weds thu thur thurs fri sat sun");

    private static readonly WordSet ManyDays = new("mondays tuesdays wednesdays thursdays fridays saturdays sundays weekdays weekends weeknights");

    private static readonly WordSet PartsOfDays = new("mornings afternoons evenings nights lunchtimes");

    private static readonly WordSet Each = new("every each");

    private static readonly WordSet Ordinals = new("first second third fourth last 1st 2nd 3rd 4th other two three four alternate");

    private static readonly WordSet Periods = new("day week month quarter year morning afternoon evening night weekend weekday workday summer winter spring autumn fall");

    private static readonly WordSet Months = new("january february march april may june july august september october november december");

    private static readonly WordSet Adverbs = new("daily weekly monthly quarterly yearly annually fortnightly biweekly bi-weekly nightly");

    public static bool IsDay(string word) => Days.Contains(word);

    public static bool IsMonth(string word) => Months.Contains(word);

    public static bool IsManyDays(string word) => ManyDays.Contains(word);

    /// <summary>Whether something between two places of a clause says so.</summary>
    public static bool IsIn(Clause clause, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            if (IsAt(clause, i))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether it says so of the days themselves, with a span of them: Tuesday till Thursday.</summary>
    public static bool IsSpanOfDays(Clause clause, int at) =>
        Days.Contains(clause[at]) && clause[at + 1] is "to" or "till" or "until" or "through" && Days.Contains(clause[at + 2]);

    private static bool IsAt(Clause clause, int at)
    {
        var (word, next) = (clause[at], clause[at + 1]);
        if (ManyDays.Contains(word) || Adverbs.Contains(word))
        {
            return true;
        }

        if (PartsOfDays.Contains(word))
        {
            return Days.Contains(clause[at - 1]) || clause[at - 1] is "the" or "in" or "works" or "work" or "only" or "on";
        }

        if (Each.Contains(word))
        {
            return Days.Contains(next) || Periods.Contains(next) || Months.Contains(next) || (Ordinals.Contains(next) && IsDayOrPeriod(clause[at + 2]));
        }

        // The first Tuesday of the month.
        if (Ordinals.Contains(word) && Days.Contains(next))
        {
            return clause[at + 2] is "of" or "in" && clause[at + 3] is "the" or "a" && clause[at + 4] is "month" or "quarter" or "year";
        }

        return next is "a" or "per" && (word == "days" ? clause[at + 2] == "week" : word is "once" or "twice" or "times" && clause[at + 2] is "week" or "month" or "year" or "day");
    }

    // Weeks and Fridays: "every two weeks".
    private static bool IsDayOrPeriod(string word) => Days.Contains(word) || Periods.Contains(word) || (word.EndsWith('s') && (Periods.Contains(word[..^1]) || Days.Contains(word[..^1])));
}
