namespace Actors.Zep;

/// <summary>Failures as metrics and operators read them.</summary>
internal static class ZepFailureCodes
{
    public static string Code(this ZepFailure failure) => failure switch
    {
        ZepFailure.Unreachable => "unreachable",
        ZepFailure.TimedOut => "timed_out",
        ZepFailure.Throttled => "throttled",
        ZepFailure.Unauthorized => "unauthorized",
        ZepFailure.Removed => "removed",
        ZepFailure.NotFound => "not_found",
        ZepFailure.Refused => "refused",
        ZepFailure.Failed => "failed",
        ZepFailure.Unreadable => "unreadable",
        ZepFailure.Paused => "paused",
        ZepFailure.OverBudget => "over_budget",
        _ => throw new InvalidOperationException($"No code for {failure}."),
    };
}
