using Microsoft.Extensions.Logging;

namespace Actors.Embedded;

internal static partial class RuntimeLog
{
    [LoggerMessage(1, LogLevel.Error, "Activating a {GrainClass} failed")]
    public static partial void ActivationFailed(this ILogger logger, string grainClass, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "Deactivating a {GrainClass} failed; it is gone all the same")]
    public static partial void DeactivationFailed(this ILogger logger, string grainClass, Exception exception);

    [LoggerMessage(3, LogLevel.Warning, "The timer of a {GrainClass} failed; it ticks again after its period")]
    public static partial void TimerFailed(this ILogger logger, string grainClass, Exception exception);

    [LoggerMessage(4, LogLevel.Warning, "The one-way call {Method} failed; nobody waits for its answer")]
    public static partial void OneWayFailed(this ILogger logger, string method, Exception exception);

    [LoggerMessage(5, LogLevel.Warning, "{Method} of {GrainId} has been running for {ElapsedMs} ms and {WaitingCount} requests wait for it")]
    public static partial void TurnStuck(this ILogger logger, string method, GrainId grainId, long elapsedMs, int waitingCount);

    [LoggerMessage(6, LogLevel.Warning, "{GrainId} has {Count} requests, over the limit of {Limit}; calls are rejected; not said again until it has none")]
    public static partial void OverLimit(this ILogger logger, GrainId grainId, int count, int limit);

    [LoggerMessage(7, LogLevel.Information, "Actors started: {GrainClassCount} grain classes")]
    public static partial void Started(this ILogger logger, int grainClassCount);

    [LoggerMessage(8, LogLevel.Information, "Actors stopped: {ActivationCount} grains deactivated")]
    public static partial void Stopped(this ILogger logger, int activationCount);

    [LoggerMessage(9, LogLevel.Warning, "Stopping takes too long; {ActivationCount} grains are abandoned in a turn")]
    public static partial void StopAbandoned(this ILogger logger, int activationCount);

    [LoggerMessage(10, LogLevel.Warning, "Reading or writing reminders failed; next try in {DelayMs} ms")]
    public static partial void RemindersFailed(this ILogger logger, double delayMs, Exception exception);

    [LoggerMessage(11, LogLevel.Warning, "The reminder {ReminderName} of {GrainId} failed; it ticks again after its period")]
    public static partial void ReminderFailed(this ILogger logger, string reminderName, string grainId, Exception exception);

    [LoggerMessage(12, LogLevel.Error, "Observing the actors failed: a listener of their meter, or the sweep; they go on")]
    public static partial void ObservationFailed(this ILogger logger, Exception exception);
}
