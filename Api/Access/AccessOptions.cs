namespace Actors.Access;

/// <summary>How keys are treated. Configuration section <c>Access</c>.</summary>
internal sealed class AccessOptions
{
    /// <summary>
    /// Requests a minute of a key that has no <c>rate_limit_per_minute</c> of its own, at least 1; default 6,000. Counted by
    /// each API process for itself. The admin key has no limit.
    /// </summary>
    public int RequestsPerMinute { get; set; } = 6_000;

    /// <summary>
    /// The key that may do everything, <c>pm_admin_</c> and at least 32 characters more, 256 in all at most; by it several API processes share one.
    /// Without it, it is the one in the data folder's <c>admin.key</c>, which is made if it is missing.
    /// </summary>
    public string? AdminKey { get; set; }
}
