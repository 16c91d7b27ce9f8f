using System.Reflection;

namespace Actors.Embedded;

/// <summary>Limits of the single-process host. Checked when the host starts; a value out of range stops the start.</summary>
public sealed class EmbeddedActorOptions
{
    /// <summary>The assemblies whose grain classes are hosted. At least one; empty by default.</summary>
    public IList<Assembly> GrainAssemblies { get; } = [];

    /// <summary>
    /// How long a caller waits for an answer before it gets a <see cref="TimeoutException"/>, unless the method says otherwise
    /// with <c>[ResponseTimeout]</c>. The turn itself goes on. Noticed up to 0.4 s late. Default 30 s, as in Orleans.
    /// </summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long after its last turn an activation is deactivated, unless its class says otherwise with <c>[CollectionAgeLimit]</c>.
    /// Default 15 min, as in Orleans.
    /// </summary>
    public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>When the token given to <c>OnActivateAsync</c> is cancelled, and the activation has failed. Default 30 s.</summary>
    public TimeSpan ActivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>When the token given to <c>OnDeactivateAsync</c> is cancelled, and the activation goes all the same. Default 15 s (Orleans: 30 s), so that an orderly stop fits the host's limit.</summary>
    public TimeSpan DeactivationTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long a stopping host waits for running and accepted requests before it deactivates its grains. Default 10 s,
    /// which leaves time for the deactivation within the usual 30 s of a host.
    /// </summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The shortest period a reminder may have; a shorter one is an <see cref="ArgumentException"/>. Default 1 min, as in Orleans.</summary>
    public TimeSpan MinimumReminderPeriod { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Requests that one activation may have, running ones included, when another arrives; beyond it the call fails with
    /// <see cref="LimitExceededException"/> without having run. Default 10,000 (Orleans has no limit unless one is set).
    /// </summary>
    public int MaxQueuedRequests { get; set; } = 10_000;

    /// <summary>A turn that blocks its activation for longer is logged once as a warning. Default 10 s.</summary>
    public TimeSpan StuckTurnWarning { get; set; } = TimeSpan.FromSeconds(10);

    internal IEnumerable<string> Faults()
    {
        if (GrainAssemblies.Count == 0)
        {
            yield return $"{nameof(GrainAssemblies)} is empty.";
        }

        if (MaxQueuedRequests < 1)
        {
            yield return $"{nameof(MaxQueuedRequests)} is {MaxQueuedRequests}; it must be at least 1.";
        }

        foreach (var (name, value) in new[]
        {
            (nameof(ResponseTimeout), ResponseTimeout),
            (nameof(CollectionAge), CollectionAge),
            (nameof(ActivationTimeout), ActivationTimeout),
            (nameof(DeactivationTimeout), DeactivationTimeout),
            (nameof(DrainTimeout), DrainTimeout),
            (nameof(MinimumReminderPeriod), MinimumReminderPeriod),
            (nameof(StuckTurnWarning), StuckTurnWarning),
        })
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(40))
            {
                yield return $"{name} is {value}; it must be positive and at most 40 days.";
            }
        }
    }
}
