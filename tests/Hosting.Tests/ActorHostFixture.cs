using Actors.Support;

namespace Actors.Hosting.Tests;

/// <summary>How a test wants its host. What is not given has the host's default.</summary>
public sealed record ActorHostSettings
{
    public TimeSpan? CollectionAge { get; init; }

    public int? MaxQueuedRequests { get; init; }

    /// <summary>Of an activation and of a deactivation. On Orleans it passes by the system's clock, so a test that waits for it gives a short one.</summary>
    public TimeSpan? ActivationTimeout { get; init; }

    /// <summary>Needed by tests of reminders, state and the host lock.</summary>
    public TestDatabase? Database { get; init; }

    /// <summary>The clock of an earlier host, if time is to go on.</summary>
    public ManualTimeProvider? Clock { get; init; }
}
