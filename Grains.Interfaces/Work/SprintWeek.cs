using System.Globalization;
using System.Text.RegularExpressions;

namespace Actors.Work;

/// <summary>A week of a sprint: Monday to Sunday, named as ISO 8601 names weeks.</summary>
/// <param name="FirstDay">Its Monday.</param>
[GenerateSerializer, Immutable, Alias("SprintWeek")]
public sealed partial record SprintWeek([property: Id(0)] DateOnly FirstDay)
{
    /// <summary>The first year whose weeks are known.</summary>
    public const int FirstYear = 1900;

    /// <summary>The last year whose weeks are known.</summary>
    public const int LastYear = 9998;

    /// <summary>Its Sunday.</summary>
    public DateOnly LastDay => FirstDay.AddDays(6);

    /// <summary>The Monday after it.</summary>
    public DateOnly NextMonday => FirstDay.AddDays(7);

    /// <summary>The week a day is in.</summary>
    public static SprintWeek Of(DateOnly day) => new(day.AddDays(-(((int)day.DayOfWeek + 6) % 7)));

    /// <summary>The week of a name such as <c>2026-W48</c>; null when there is none: not every year has a <c>W53</c>.</summary>
    public static SprintWeek? Parse(string name)
    {
        if (Shape().Match(name) is not { Success: true } match)
        {
            return null;
        }

        var (year, week) = (int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture));
        return year is >= FirstYear and <= LastYear && week >= 1 && week <= ISOWeek.GetWeeksInYear(year)
            ? new SprintWeek(DateOnly.FromDateTime(ISOWeek.ToDateTime(year, week, DayOfWeek.Monday)))
            : null;
    }

    /// <summary>Its name. The year is that of its Thursday.</summary>
    public override string ToString()
    {
        var monday = FirstDay.ToDateTime(TimeOnly.MinValue);
        return $"{ISOWeek.GetYear(monday):0000}-W{ISOWeek.GetWeekOfYear(monday):00}";
    }

    [GeneratedRegex(@"^(\d{4})-W(\d{2})\z", RegexOptions.CultureInvariant | RegexOptions.ECMAScript)]
    private static partial Regex Shape();
}
