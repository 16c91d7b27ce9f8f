using Microsoft.Extensions.Hosting;

namespace Actors.Embedded;

/// <summary>Starts and stops the actors with the application. Reminders start last and stop first: they make calls.</summary>
internal sealed class EmbeddedActorHost(ActorRuntime runtime, ReminderService reminders) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        runtime.Start();
        reminders.Start();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await reminders.StopAsync();
        await runtime.StopAsync(cancellationToken);
    }
}
