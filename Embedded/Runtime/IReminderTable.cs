namespace Actors.Embedded;

/// <summary>A durable reminder.</summary>
/// <param name="GrainId"><c>type/key</c> of the grain to be reminded.</param>
/// <param name="Name">Unique within the grain.</param>
/// <param name="FirstTick">When it was to tick first; all ticks lie whole periods after it.</param>
/// <param name="Period">Positive.</param>
/// <param name="NextDue">When it ticks next.</param>
/// <param name="Etag">Changes with every registration, not with ticks.</param>
public sealed record ReminderRow(string GrainId, string Name, DateTimeOffset FirstTick, TimeSpan Period, DateTimeOffset NextDue, string Etag);

/// <summary>Where reminders are kept. Each method is one statement.</summary>
public interface IReminderTable
{
    /// <summary>Adds the reminder or replaces the one of the same grain and name; the row's etag is stored with it.</summary>
    Task UpsertAsync(ReminderRow row, CancellationToken cancellationToken);

    /// <summary>The row, or null.</summary>
    Task<ReminderRow?> ReadAsync(string grainId, string name, CancellationToken cancellationToken);

    /// <summary>All rows of a grain, by name.</summary>
    Task<IReadOnlyList<ReminderRow>> ReadAllAsync(string grainId, CancellationToken cancellationToken);

    /// <summary>Up to <paramref name="limit"/> rows due at or before <paramref name="until"/>, the longest due first.</summary>
    Task<IReadOnlyList<ReminderRow>> ReadDueAsync(DateTimeOffset until, int limit, CancellationToken cancellationToken);

    /// <summary>When the next reminder of all is due; null if there is none.</summary>
    Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken);

    /// <summary>Moves the next tick. False if the row was changed or removed since it was read.</summary>
    Task<bool> MoveAsync(ReminderRow row, DateTimeOffset nextDue, CancellationToken cancellationToken);

    /// <summary>False if there is no such reminder with that etag.</summary>
    Task<bool> RemoveAsync(string grainId, string name, string etag, CancellationToken cancellationToken);
}
