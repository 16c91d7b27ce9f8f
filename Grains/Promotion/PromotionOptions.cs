namespace Actors.Promotion;

/// <summary>How events become facts. Configuration section <c>Promotion</c>.</summary>
internal sealed class PromotionOptions
{
    /// <summary>Whether events are looked through; default true. While it is off they wait, and are looked through once it is on again.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Failed attempts after which an event is given up, at least 1; default 5. What passes by itself, as an endpoint that is down, does not count.</summary>
    public int MaxAttempts { get; set; } = 5;

    /// <summary>Clients whose events are looked through at the same time, at least 1, one event of each; default 4.</summary>
    public int ClientsAtOnce { get; set; } = 4;

    /// <summary>Delay after the first failure; each further one in a row doubles it, and chance moves it by a fifth. Default 30 s.</summary>
    public TimeSpan FirstDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest delay between two attempts; default 1 h. A service that asks to be left alone for longer is.</summary>
    public TimeSpan LongestDelay { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Most facts of an event that are recorded, at least 1; default 50. The rest is set aside.</summary>
    public int MaxFacts { get; set; } = 50;
}
