using NodaTime;

namespace Actors.Work;

/// <summary>Which week it is in a time zone, and when weeks begin there. Pure.</summary>
internal sealed class PlannerZone(DateTimeZone zone)
{
    /// <summary>The zone of an IANA name; null when there is none.</summary>
    // The provider itself also knows fixed offsets, which no zone of a calendar is.
    public static PlannerZone? Find(string name) => DateTimeZoneProviders.Tzdb.Ids.Contains(name) ? new(DateTimeZoneProviders.Tzdb[name]) : null;

    /// <summary>The week an instant is in.</summary>
    public SprintWeek WeekOf(DateTimeOffset time) => SprintWeek.Of(Instant.FromDateTimeOffset(time).InZone(zone).Date.ToDateOnly());

    /// <summary>From when until before when a week lasts. One in which clocks are changed is an hour shorter or longer than others.</summary>
    public (DateTimeOffset From, DateTimeOffset To) TimeOf(SprintWeek week) => (StartOf(week.FirstDay), StartOf(week.NextMonday));

    // Where clocks are put forward at midnight, a day begins later.
    private DateTimeOffset StartOf(DateOnly day) => LocalDate.FromDateOnly(day).AtStartOfDayInZone(zone).ToInstant().ToDateTimeOffset();
}
