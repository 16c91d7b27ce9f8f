using System.Globalization;
using Actors.Work;

namespace Actors.Grains.Tests.Work;

public class SprintWeekTests
{
    [Fact]
    public void every_week_of_two_centuries_has_a_name_of_its_own_that_leads_back_to_it()
    {
        var names = new HashSet<string>();
        for (var day = new DateOnly(1900, 1, 1); day.Year < 2101; day = day.AddDays(1))
        {
            var week = SprintWeek.Of(day);
            Assert.Equal(DayOfWeek.Monday, week.FirstDay.DayOfWeek);
            Assert.InRange(day, week.FirstDay, week.LastDay);
            Assert.Equal(week, SprintWeek.Parse(week.ToString()));
            names.Add(week.ToString());
        }

        Assert.Equal(10_488, names.Count);
    }

    [Theory]
    [InlineData("2026-W01", "2025-12-29")]
    [InlineData("2026-W48", "2026-11-23")]
    [InlineData("2020-W53", "2020-12-28")]
    [InlineData("2026-W53", "2026-12-28")]
    [InlineData("9998-W52", "9998-12-21")]
    public void a_week_begins_on_its_monday(string name, string monday) =>
        Assert.Equal(DateOnly.Parse(monday, CultureInfo.InvariantCulture), SprintWeek.Parse(name)!.FirstDay);

    [Theory]
    [InlineData("2021-W53")]
    [InlineData("2027-W53")]
    [InlineData("2026-W00")]
    [InlineData("2026-W54")]
    [InlineData("1899-W10")]
    [InlineData("9999-W01")]
    [InlineData("2026-w48")]
    [InlineData("2026W48")]
    [InlineData("2026-W48\n")]
    [InlineData("2026-W4")]
    [InlineData("２０２６-W48")]
    [InlineData("current")]
    [InlineData("")]
    public void what_is_no_week_is_none(string name) => Assert.Null(SprintWeek.Parse(name));
}
