using System.Globalization;
using Actors.Work;

namespace Actors.Grains.Tests.Work;

public class PlannerZoneTests
{
    [Theory]
    [InlineData("America/Los_Angeles", "2026-W48", "2026-11-23T08:00:00Z", 168)]
    // Clocks go forward on Sunday 2026-03-08 and back on Sunday 2026-11-01.
    [InlineData("America/Los_Angeles", "2026-W10", "2026-03-02T08:00:00Z", 167)]
    [InlineData("America/Los_Angeles", "2026-W11", "2026-03-09T07:00:00Z", 168)]
    [InlineData("America/Los_Angeles", "2026-W44", "2026-10-26T07:00:00Z", 169)]
    // The Sunday without a midnight lies within this week.
    [InlineData("America/Sao_Paulo", "2018-W44", "2018-10-29T03:00:00Z", 167)]
    // This Monday began at 01:00.
    [InlineData("Asia/Tehran", "2016-W12", "2016-03-20T20:30:00Z", 167)]
    [InlineData("UTC", "2026-W48", "2026-11-23T00:00:00Z", 168)]
    public void a_week_lasts_from_monday_to_monday_of_its_zone(string zone, string name, string start, int hours)
    {
        var week = SprintWeek.Parse(name)!;
        var planner = PlannerZone.Find(zone)!;

        var (from, to) = planner.TimeOf(week);

        Assert.Equal((DateTimeOffset.Parse(start, CultureInfo.InvariantCulture), TimeSpan.FromHours(hours)), (from, to - from));
        Assert.Equal(week, planner.WeekOf(from));
        Assert.Equal(week, planner.WeekOf(to.AddTicks(-1)));
        Assert.NotEqual(week, planner.WeekOf(from.AddTicks(-1)));
        Assert.NotEqual(week, planner.WeekOf(to));
    }

    [Fact]
    public void weeks_follow_each_other_without_a_gap_in_every_zone()
    {
        var first = SprintWeek.Parse("2016-W01")!;
        foreach (var id in NodaTime.DateTimeZoneProviders.Tzdb.Ids)
        {
            var zone = PlannerZone.Find(id)!;
            for (var (week, end) = (first, zone.TimeOf(first).From); week.FirstDay.Year < 2027; week = SprintWeek.Of(week.NextMonday))
            {
                var (from, to) = zone.TimeOf(week);
                Assert.True(from == end && zone.WeekOf(from) == week, $"{id} {week}");
                end = to;
            }
        }
    }

    [Theory]
    [InlineData("Mars/Olympus")]
    [InlineData("UTC+08:00")]
    [InlineData("")]
    public void what_is_no_zone_of_a_calendar_is_not_found(string name) => Assert.Null(PlannerZone.Find(name));
}
