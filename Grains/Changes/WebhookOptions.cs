namespace Actors.Changes;

/// <summary>How webhooks are sent to. Configuration section <c>Webhooks</c>.</summary>
internal sealed class WebhookOptions
{
    /// <summary>Most changes of one request, 1 to 500; default 100.</summary>
    public int BatchSize { get; set; } = 100;

    /// <summary>How long a receiver may take to answer; default 10 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Attempts after which changes become a dead letter and the feed goes on, at least 1; default 8, which with the delays below is some ten minutes.</summary>
    public int MaxAttempts { get; set; } = 8;

    /// <summary>
    /// Delay after the first failure; each further one doubles it, and chance moves it by a fifth, so that receivers are not called by all at
    /// once. Default 5 s. A longer <c>Retry-After</c> is honoured up to <see cref="LongestDelay"/>.
    /// </summary>
    public TimeSpan FirstDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest delay between two attempts; default 1 h.</summary>
    public TimeSpan LongestDelay { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a secret that was replaced signs beside the new one; default 24 h.</summary>
    public TimeSpan SecretOverlap { get; set; } = TimeSpan.FromHours(24);
}
