namespace Actors.Changes;

/// <summary>How the change feed is looked at. Configuration section <c>Changes</c>.</summary>
internal sealed class ChangeOptions
{
    /// <summary>
    /// How long until those who wait hear of a change, at most: in each silo one small statement so often, as long as somebody waits. At
    /// least 10 ms; default 200 ms.
    /// </summary>
    public TimeSpan LookInterval { get; set; } = TimeSpan.FromMilliseconds(200);
}
