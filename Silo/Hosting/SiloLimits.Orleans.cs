using Microsoft.Extensions.Configuration;

namespace Actors.Hosting;

/// <summary>Limits of a silo, named as those of the single-process host. Configuration section <c>Actors</c>.</summary>
internal sealed class SiloLimits
{
    /// <summary>How long a caller waits for an answer; the call itself goes on. Noticed up to 1 s late. Default 30 s.</summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long after its last request a grain leaves memory; more than 1 min. Default 15 min.</summary>
    public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>The shortest period a reminder may have. Default 1 min.</summary>
    public TimeSpan MinimumReminderPeriod { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Requests that one activation may have waiting; beyond it calls fail without having run. Default 10,000.</summary>
    public int MaxQueuedRequests { get; set; } = 10_000;

    /// <exception cref="HostingSettingsException">A value is out of range.</exception>
    public static SiloLimits Read(IConfiguration configuration)
    {
        try
        {
            var limits = configuration.GetSection("Actors").Get<SiloLimits>() ?? new SiloLimits();
            return limits is { MaxQueuedRequests: >= 1, ResponseTimeout.Ticks: > 0, MinimumReminderPeriod.Ticks: > 0 } && limits.CollectionAge > TimeSpan.FromMinutes(1)
                ? limits
                : throw new HostingSettingsException(
                    "Actors: MaxQueuedRequests must be at least 1, ResponseTimeout and MinimumReminderPeriod positive, CollectionAge more than 1 minute.");
        }
        catch (InvalidOperationException fault)
        {
            throw new HostingSettingsException(fault.Message);
        }
    }
}
