using Microsoft.Extensions.Options;

namespace Actors.Zep;

/// <summary>How much is asked of Zep, and when it is given up. Configuration section <c>Zep</c>, beside <see cref="ZepOptions"/>.</summary>
internal sealed class ZepQueueOptions
{
    /// <summary>
    /// Calls a month, spread over its days; 0: no limit; default 10,000. Zep itself limits calls a minute, which it tells, and bills what it stores,
    /// which it does not: so this is a figure of ours, to be set by what the plan costs.
    /// </summary>
    public int MonthlyCalls { get; set; } = 10_000;

    /// <summary>How long a remember waits for Zep to take its memory; default 300 ms. 0: it does not, and the memory is sent soon after.</summary>
    public TimeSpan RememberBudget { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// Tries after which what Zep refuses is set aside and the queue goes on, at least 1; default 8, which with the delays below is some ten minutes. Only
    /// tries count right after which a ping succeeds, and what is neither refused nor forbidden is not set aside before another call of its kind has
    /// succeeded, or a day is over: an outage sets nothing aside.
    /// </summary>
    public int MaxAttempts { get; set; } = 8;

    /// <summary>Delay after the first such try; each further one doubles it, and chance moves it by a fifth. Default 5 s.</summary>
    public TimeSpan FirstDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest delay between two such tries; default 1 h.</summary>
    public TimeSpan LongestDelay { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often queues that have something to send are looked for, 10 ms to 1 day; default 5 s.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Most queues that are sent at the same time, 1 to 64; default 4.</summary>
    public int QueuesAtOnce { get; set; } = 4;
}

/// <summary>Says at the start what is wrong with the settings.</summary>
internal sealed class ZepQueueValidation : IValidateOptions<ZepQueueOptions>
{
    public ValidateOptionsResult Validate(string? name, ZepQueueOptions options)
    {
        var faults = Faults(options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(ZepQueueOptions o) =>
        from rule in new (bool Holds, string Otherwise)[]
        {
            (o.MonthlyCalls >= 0, "MonthlyCalls must not be negative."),
            (o.RememberBudget >= TimeSpan.Zero && o.RememberBudget <= TimeSpan.FromSeconds(10), "RememberBudget must be 0 to 10 seconds."),
            (o.MaxAttempts >= 1, "MaxAttempts must be at least 1."),
            (o.FirstDelay > TimeSpan.Zero && o.LongestDelay >= o.FirstDelay, "FirstDelay must be positive, and LongestDelay not below it."),
            (o.PollInterval >= TimeSpan.FromMilliseconds(10) && o.PollInterval <= TimeSpan.FromDays(1), "PollInterval must be 10 milliseconds to 1 day."),
            (o.QueuesAtOnce is >= 1 and <= 64, "QueuesAtOnce must be 1 to 64."),
        }
        where !rule.Holds
        select $"Zep:{rule.Otherwise}";
}
