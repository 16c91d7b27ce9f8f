namespace Actors.Embedded;

/// <summary>The reminders as grains see them.</summary>
internal sealed class ReminderRegistry(ActorRuntime runtime, ReminderService service)
{
    private sealed record Reminder(string ReminderName, string Etag) : IGrainReminder;

    public async Task<IGrainReminder> RegisterOrUpdateAsync(GrainId grainId, string name, TimeSpan dueTime, TimeSpan period)
    {
        CheckName(name);
        if (dueTime < TimeSpan.Zero || period < TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(
                dueTime < TimeSpan.Zero ? nameof(dueTime) : nameof(period), "A reminder's times are neither negative nor infinite.");
        }

        if (period < runtime.Options.MinimumReminderPeriod)
        {
            throw new ArgumentException(
                $"The period {period} of reminder {name} is less than the minimum {runtime.Options.MinimumReminderPeriod}.", nameof(period));
        }

        var first = runtime.TimeProvider.GetUtcNow() + dueTime;
        var row = new ReminderRow(grainId.ToString(), name, first, period, first, Guid.NewGuid().ToString("N"));
        await service.Table.UpsertAsync(row, CancellationToken.None);
        service.Wake();
        return new Reminder(name, row.Etag);
    }

    public async Task UnregisterAsync(GrainId grainId, IGrainReminder reminder)
    {
        if (reminder is not Reminder own)
        {
            throw new ArgumentException("The reminder was not made by this host.", nameof(reminder));
        }

        if (!await service.Table.RemoveAsync(grainId.ToString(), own.ReminderName, own.Etag, CancellationToken.None))
        {
            throw new OrleansException($"Reminder {own.ReminderName} of {grainId} has been changed or removed since; get it again.");
        }
    }

    public async Task<IGrainReminder?> GetAsync(GrainId grainId, string name)
    {
        CheckName(name);
        return await service.Table.ReadAsync(grainId.ToString(), name, CancellationToken.None) is { } row ? new Reminder(row.Name, row.Etag) : null;
    }

    public async Task<List<IGrainReminder>> GetAllAsync(GrainId grainId)
    {
        var rows = await service.Table.ReadAllAsync(grainId.ToString(), CancellationToken.None);
        return [.. rows.Select(row => new Reminder(row.Name, row.Etag))];
    }

    private static void CheckName(string name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            throw new ArgumentNullException(nameof(name));
        }
    }
}
