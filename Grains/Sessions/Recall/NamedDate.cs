using System.Globalization;

namespace Actors.Sessions.Recall;

/// <summary>A day, month or year that a question names, in UTC; parts it does not name are null.</summary>
internal readonly record struct NamedDate(int? Year, int? Month, int? Day)
{
    private static readonly string[] Months =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

    // "may" and "march" are also verbs: as months they follow one of these, or stand beside a number.
    private static readonly string[] BeforeMonth = ["in", "of", "on", "since", "until", "till", "by", "before", "after", "during", "early", "mid", "late", "last", "this"];

    /// <summary>How well a time fits, in 0..1: it may be told some time after it happened, hardly before.</summary>
    /// <param name="time">When a memory occurred.</param>
    public double Match(DateTimeOffset time)
    {
        var day = time.UtcDateTime.Date;
        if (Month is not { } month)
        {
            return day.Year == Year ? 0.3 : 0;
        }

        if (Day is { } dayOfMonth)
        {
            // Without a year it is the last one there was.
            var yearOfDay = Year ?? ((day.Month, day.Day).CompareTo((month, dayOfMonth)) >= 0 ? day.Year : day.Year - 1);
            return yearOfDay < 1 || dayOfMonth > DateTime.DaysInMonth(yearOfDay, month) ? 0 : (day - new DateTime(yearOfDay, month, dayOfMonth)).Days switch
            {
                0 => 1,
                > 0 and <= 10 => 0.8,
                > 10 and <= 31 => 0.4,
                _ => 0,
            };
        }

        return ((day.Year * 12) + day.Month - ((Year ?? day.Year) * 12) - month) switch
        {
            0 => 1,
            1 => day.Day <= 15 ? 0.5 : 0.2,
            -11 when Year is null => day.Day <= 15 ? 0.5 : 0.2,
            _ => 0,
        };
    }

    /// <summary>Finds the dates in a question.</summary>
    /// <param name="words">Its words as <see cref="Tokenizer"/> makes them.</param>
    /// <param name="isPart">Room for one flag per word: whether it is part of a date.</param>
    public static List<NamedDate> AllIn(List<string> words, Span<bool> isPart)
    {
        var dates = new List<NamedDate>();
        var year = FindYear(words, isPart);
        for (var i = 0; i < words.Count; i++)
        {
            if (TryIso(words, i, isPart, out var iso))
            {
                dates.Add(iso);
                i += iso.Day is null ? 1 : 2;
            }
            else if (Array.IndexOf(Months, words[i]) is >= 0 and var month && IsMonth(words, i))
            {
                isPart[i] = true;
                dates.Add(new NamedDate(year, month + 1, FindDay(words, i, isPart)));
            }
        }

        return dates.Count == 0 && year is not null ? [new NamedDate(year, null, null)] : dates;
    }

    private static int? FindYear(List<string> words, Span<bool> isPart)
    {
        int? year = null;
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i] is { Length: 4 } && Number(words[i]) is >= 1900 and < 2100 and var found)
            {
                isPart[i] = true;
                year ??= found;
            }
        }

        return year;
    }

    private static bool IsMonth(List<string> words, int i) =>
        words[i] is not ("may" or "march")
        || (i > 0 && (BeforeMonth.Contains(words[i - 1]) || DayOf(words[i - 1]) is not null))
        || (i + 1 < words.Count && char.IsAsciiDigit(words[i + 1][0]));

    // "May 7", "7 May", "7th of May".
    private static int? FindDay(List<string> words, int i, Span<bool> isPart)
    {
        foreach (var j in (ReadOnlySpan<int>)[i - 1, i + 1, i - 2])
        {
            if (j >= 0 && j < words.Count && DayOf(words[j]) is { } day && (j != i - 2 || words[i - 1] == "of"))
            {
                isPart[j] = true;
                return day;
            }
        }

        return null;
    }

    // "2026-05-07" and "2026-05" come as words of digits.
    private static bool TryIso(List<string> words, int i, Span<bool> isPart, out NamedDate date)
    {
        date = default;
        if (i + 1 >= words.Count || words[i].Length != 4 || words[i + 1].Length != 2
            || Number(words[i]) is not (>= 1900 and < 2100 and var year) || Number(words[i + 1]) is not (>= 1 and <= 12 and var month))
        {
            return false;
        }

        int? day = i + 2 < words.Count && words[i + 2].Length == 2 && Number(words[i + 2]) is >= 1 and <= 31 and var found ? found : null;
        isPart.Slice(i, day is null ? 2 : 3).Fill(true);
        date = new NamedDate(year, month, day);
        return true;
    }

    private static int? DayOf(string word)
    {
        var digits = word.AsSpan();
        if (digits.Length > 2 && digits[^2..] is "st" or "nd" or "rd" or "th")
        {
            digits = digits[..^2];
        }

        return digits.Length <= 2 && Number(digits) is >= 1 and <= 31 and var day ? day : null;
    }

    private static int? Number(ReadOnlySpan<char> word) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
