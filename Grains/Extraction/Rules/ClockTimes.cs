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

    /// <summary>Reads a span; moves behind it.</summary>
    public static bool TrySpan(Clause clause, ref int at, out string span)
    {
        span = "";
        var i = at;
        if (clause[i] is "from" or "between")
        {
            i++;
        }

        if (Split(clause[i]) is var (first, second))
        {
            var (a, b) = (Parse(first), Parse(second));
            i++;
            return Finish(a, b is { HasHalf: false } ? WithHalf(clause, ref i, b) : b, i, ref at, ref span);
        }

        var from = Take(clause, ref i);
        if (from is null || !(clause[i] is "to" or "until" or "till" or "and" or "through"))
        {
            return false;
        }

        i++;
        return Finish(from, Take(clause, ref i), i, ref at, ref span);
    }

    /// <summary>Whether a time of day stands here: with minutes, or half of the day.</summary>
    public static bool IsTime(Clause clause, int at) => Take(clause, ref at) is { } time && (time.HasHalf || clause[at - 1].Contains(':', StringComparison.Ordinal) || clause[at - 1] is "noon" or "midnight");

    /// <summary>Whether a time of day may stand here: a bare hour, too.</summary>
    public static bool MayBeTime(Clause clause, int at) => Take(clause, ref at) is not null;

    private static bool Finish(Time? from, Time? to, int behind, ref int at, ref string span)
    {
        if (from is not { } a || to is not { } b)
        {
            return false;
        }

        var (start, end) = (a.Minutes, b.Minutes);
        if (!a.HasHalf && b.HasHalf && end > Noon && start < end - Noon)
        {
            start += Noon;
        }
        else if (!a.HasHalf && !b.HasHalf && start <= Noon && end <= Noon)
        {
            end += end <= start ? Noon : 0;
            (start, end) = start < EarliestMorning && end <= EarliestMorning ? (start + Noon, end + Noon) : (start, end);
        }
        else if (!b.HasHalf && end <= start)
        {
            end += Noon;
        }

        if (start >= Day || end > Day || start == end)
        {
            return false;
        }

        at = behind;
        span = $"{start / 60:00}:{start % 60:00} to {end / 60:00}:{end % 60:00}";
        return true;
    }

    private static Time? Take(Clause clause, ref int at)
    {
        var time = Parse(clause[at]);
        if (time is null)
        {
            return null;
        }

        at++;
        return time is { HasHalf: false } ? WithHalf(clause, ref at, time) : time;
    }

    private static Time? WithHalf(Clause clause, ref int at, Time? time)
    {
        if (clause[at] is "o'clock" or "sharp")
        {
            at++;
        }

        if (clause.Take(ref at, Morning))
        {
            return time is { } t ? InHalf(t.Minutes, isAfternoon: false) : null;
        }

        return clause.Take(ref at, Afternoon) && time is { } u ? InHalf(u.Minutes, isAfternoon: true) : time;
    }

    private static (string First, string Second)? Split(string word)
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

        var half = word.EndsWith("am", StringComparison.Ordinal) || word.EndsWith("a.m", StringComparison.Ordinal) ? false
            : word.EndsWith("pm", StringComparison.Ordinal) || word.EndsWith("p.m", StringComparison.Ordinal) ? true : (bool?)null;
        var digits = half is null ? word.TrimEnd('h') : word[..word.AsSpan().IndexOfAny('a', 'p')];
        var colon = digits.AsSpan().IndexOfAny(':', '.');
        var (hours, minutes) = colon < 0 ? (Number(digits), 0) : (Number(digits[..colon]), digits.Length - colon == 3 ? Number(digits[(colon + 1)..]) : null);
        if (hours is not { } h || minutes is not { } m || h > 24 || m > 59)
        {
            return null;
        }

        return half is { } isAfternoon ? InHalf((h * 60) + m, isAfternoon) : new Time((h * 60) + m, HasHalf: false);
    }

    private static Time? InHalf(int minutes, bool isAfternoon) =>
        minutes is < 60 or >= Noon + 60 ? null : new Time((minutes % Noon) + (isAfternoon ? Noon : 0), HasHalf: true);

    private static int? Number(string digits) => digits.Length is 1 or 2 && digits.All(char.IsAsciiDigit) ? int.Parse(digits) : null;

    private readonly record struct Time(int Minutes, bool HasHalf);
}
