namespace Actors.Extraction.Rules;

/// <summary>Reads times of day: 9, 9:30, 9am, 5 p.m., 17h, noon; and spans of them: 9 to 5, 9-17, between 2 and 4 pm. Pure.</summary>
internal static class ClockTimes
{
    private const int Noon = 12 * 60;
    private const int Day = 24 * 60;

    // A day's work that begins before has the afternoon in mind: "2 to 6".
    private const int EarliestMorning = 6 * 60;

    private static readonly WordSet Morning = new("am a.m");

    private static readonly WordSet Afternoon = new("pm p.m");

    private static readonly WordSet Exactly = new("o'clock sharp");

    private static readonly WordSet BeforeSpan = new("from between");

    private static readonly WordSet WithinSpan = new("to until till and through");

    /// <summary>Reads a span; moves behind it.</summary>
    public static bool TrySpan(Clause clause, ref int at, out string span)
    {
        span = "";
        var behind = at;
        clause.Take(ref behind, BeforeSpan);
        if (TakeBounds(clause, ref behind) is not var (from, to))
        {
            return false;
        }

        var (start, end) = OnOneDay(from, to);
        if (start >= Day || end > Day || start == end)
        {
            return false;
        }

        at = behind;
        span = $"{start / 60:00}:{start % 60:00} to {end / 60:00}:{end % 60:00}";
        return true;
    }

    /// <summary>Whether a time of day stands here: with minutes, or half of the day.</summary>
    public static bool IsTime(Clause clause, int at) =>
        Take(clause, ref at) is { } time && (time.HasHalf || clause[at - 1].Contains(':', StringComparison.Ordinal));

    /// <summary>Whether a time of day may stand here: a bare hour, too.</summary>
    public static bool MayBeTime(Clause clause, int at) => Take(clause, ref at) is not null;

    // "9-17", "9-5 pm", "9 am to 5".
    private static (Time From, Time To)? TakeBounds(Clause clause, ref int at)
    {
        Time? from;
        Time? to;
        if (SplitAtDash(clause[at]) is var (first, second))
        {
            at++;
            from = Parse(first);
            to = Parse(second) is { } last ? WithHalf(clause, ref at, last) : null;
        }
        else
        {
            from = Take(clause, ref at);
            to = from is not null && clause.Take(ref at, WithinSpan) ? Take(clause, ref at) : null;
        }

        return from is { } a && to is { } b ? (a, b) : null;
    }

    // What is left unsaid of the halves of the day: "9 to 5" ends in the afternoon, "2 to 4 pm" begins in it.
    private static (int Start, int End) OnOneDay(Time from, Time to)
    {
        var (start, end) = (from.Minutes, to.Minutes);
        if (to.HasHalf)
        {
            var beginsAfterNoon = !from.HasHalf && end > Noon && start < end - Noon;
            return (beginsAfterNoon ? start + Noon : start, end);
        }

        if (end <= start)
        {
            end += Noon;
        }

        var isOpen = !from.HasHalf && from.Minutes <= Noon && to.Minutes <= Noon;
        return isOpen && start < EarliestMorning && end <= EarliestMorning ? (start + Noon, end + Noon) : (start, end);
    }

    private static Time? Take(Clause clause, ref int at)
    {
        if (Parse(clause[at]) is not { } time)
        {
            return null;
        }

        at++;
        return WithHalf(clause, ref at, time);
    }

    private static Time? WithHalf(Clause clause, ref int at, Time time)
    {
        if (time.HasHalf)
        {
            return time;
        }

        clause.Take(ref at, Exactly);
        if (clause.Take(ref at, Morning))
        {
            return InHalf(time.Minutes, isAfternoon: false);
        }

        return clause.Take(ref at, Afternoon) ? InHalf(time.Minutes, isAfternoon: true) : time;
    }

    private static (string First, string Second)? SplitAtDash(string word)
    {
        var dash = word.AsSpan().IndexOfAny('-', '–');
        return dash > 0 && dash < word.Length - 1 ? (word[..dash], word[(dash + 1)..]) : null;
    }

    private static Time? Parse(string word)
    {
        if (word is "noon" or "midday")
        {
            return new Time(Noon, HasHalf: true);
        }

        if (word == "midnight")
        {
            return new Time(Day, HasHalf: true);
        }

        var isAfternoon = IsAfternoon(word);
        var clock = isAfternoon is null ? word.TrimEnd('h') : word[..word.AsSpan().IndexOfAny('a', 'p')];
        if (Minutes(clock) is not { } minutes)
        {
            return null;
        }

        return isAfternoon is { } half ? InHalf(minutes, half) : new Time(minutes, HasHalf: false);
    }

    // "5pm", "9a.m"; null: it does not say.
    private static bool? IsAfternoon(string word) => word switch
    {
        [.., 'a', 'm'] or [.., 'a', '.', 'm'] => false,
        [.., 'p', 'm'] or [.., 'p', '.', 'm'] => true,
        _ => null,
    };

    // "9", "9:30", "9.30".
    private static int? Minutes(string clock)
    {
        var mark = clock.AsSpan().IndexOfAny(':', '.');
        if (mark < 0)
        {
            return Number(clock, 24) * 60;
        }

        return clock.Length - mark == 3 ? (Number(clock[..mark], 24) * 60) + Number(clock[(mark + 1)..], 59) : null;
    }

    private static Time? InHalf(int minutes, bool isAfternoon) =>
        minutes is < 60 or >= Noon + 60 ? null : new Time((minutes % Noon) + (isAfternoon ? Noon : 0), HasHalf: true);

    private static int? Number(string digits, int most) =>
        digits.Length is 1 or 2 && digits.All(char.IsAsciiDigit) && int.Parse(digits) <= most ? int.Parse(digits) : null;

    private readonly record struct Time(int Minutes, bool HasHalf);
}
