using System.Globalization;
using Microsoft.Extensions.Options;

namespace Actors.Retention;

/// <summary>
/// How long what is over is kept. Configuration section <c>Retention</c>. A time is written as .NET prints it, <c>days.hours:minutes:seconds</c>,
/// or <c>never</c>: what it names is kept for ever.
/// </summary>
internal sealed class RetentionOptions
{
    /// <summary>Keeps for ever.</summary>
    public const string Never = "never";

    /// <summary>
    /// After which time from its end an expired memory is deleted, positive; default 30 days (the requirement's). Until then it is found
    /// with <c>as_of</c> and <c>include_expired</c>.
    /// </summary>
    public string ExpiredEvents { get; set; } = "30.00:00:00";

    /// <summary>
    /// After which time from its end a belief about a fact (a row of <c>fact_versions</c>) is deleted, positive; default <c>never</c>. Until
    /// then it is found with <c>known_at</c> and in the fact's history. Facts themselves are kept, also when their valid time is over.
    /// </summary>
    public string FactVersions { get; set; } = Never;

    /// <summary>
    /// After which time a row of the change log is deleted, at least 1 day; default 30 days. Who follows the log and has not read it for
    /// longer has to start anew.
    /// </summary>
    public string ChangeLog { get; set; } = "30.00:00:00";

    /// <summary>What ended before it goes; null: nothing does.</summary>
    /// <param name="kept">One of the settings above.</param>
    /// <param name="now">The clock.</param>
    public static DateTimeOffset? Horizon(string kept, DateTimeOffset now) =>
        TryParse(kept, out var time) && time is { } given && given < now - DateTimeOffset.MinValue ? now - given : null;

    /// <returns>Whether it is a time, or <c>never</c>, which is null.</returns>
    public static bool TryParse(string text, out TimeSpan? time)
    {
        time = null;
        if (string.Equals(text, Never, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var given))
        {
            time = given;
        }

        return time is not null;
    }
}

/// <summary>Says at the start what is wrong with the settings.</summary>
internal sealed class RetentionValidation : IValidateOptions<RetentionOptions>
{
    // Who follows the log may be away for a day.
    private static readonly TimeSpan ShortestLog = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, RetentionOptions options)
    {
        var faults = Faults(options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(RetentionOptions options) =>
        from setting in new (string Name, string Value, TimeSpan Least, string Rule)[]
        {
            (nameof(options.ExpiredEvents), options.ExpiredEvents, TimeSpan.FromTicks(1), "a positive time"),
            (nameof(options.FactVersions), options.FactVersions, TimeSpan.FromTicks(1), "a positive time"),
            (nameof(options.ChangeLog), options.ChangeLog, ShortestLog, "at least 1 day"),
        }
        where !RetentionOptions.TryParse(setting.Value, out var time) || time < setting.Least
        select $"Retention:{setting.Name} must be {setting.Rule}, such as 30.00:00:00, or {RetentionOptions.Never}.";
}
