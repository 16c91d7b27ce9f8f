namespace Actors.Hosting.Tests.Grains;

[Alias("test.reminder")]
public interface IReminderGrain : IGrainWithStringKey
{
    [Alias("Register")]
    Task RegisterAsync(string name, TimeSpan due, TimeSpan period);

    [Alias("Unregister")]
    Task UnregisterAsync(string name);

    [Alias("Names")]
    Task<string> NamesAsync();
}

[GrainType("test-reminder")]
public sealed class ReminderGrain : Grain, IReminderGrain, IRemindable
{
    public async Task RegisterAsync(string name, TimeSpan due, TimeSpan period) => await this.RegisterOrUpdateReminder(name, due, period);

    public async Task UnregisterAsync(string name) =>
        await this.UnregisterReminder(await this.GetReminder(name) ?? throw new RefusedException(name));

    public async Task<string> NamesAsync() =>
        string.Join(',', (await this.GetReminders()).Select(reminder => reminder.ReminderName).Order(StringComparer.Ordinal));

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        var stage = Stage.Of(this.GetPrimaryKeyString());
        stage.Happened($"{reminderName} first {status.FirstTickTime:HH:mm:ss} period {status.Period}");
        stage.Happened(reminderName);
        stage.Happened($"{reminderName} at {status.CurrentTickTime:HH:mm}");
        return Task.CompletedTask;
    }
}
