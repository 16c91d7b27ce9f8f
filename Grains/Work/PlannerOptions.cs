namespace Actors.Work;

/// <summary>How work is planned. Configuration section <c>Planner</c>.</summary>
internal sealed class PlannerOptions
{
    /// <summary>The zone whose Mondays begin weeks: an IANA name; default <c>America/Los_Angeles</c>.</summary>
    public string TimeZone { get; set; } = "America/Los_Angeles";

    /// <summary>The least share of a week's capacity that is to be billed, in per cent, 0 to 100; default 60. Below it a week says so.</summary>
    public double BillableFloorPct { get; set; } = 60;
}
