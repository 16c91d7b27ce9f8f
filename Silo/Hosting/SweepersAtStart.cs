using Actors.Idempotency;
using Microsoft.Extensions.Hosting;

namespace Actors.Hosting;

/// <summary>Registers the reminders of all sweepers at every start, so that a lost one comes back.</summary>
internal sealed class SweepersAtStart(IGrainFactory grains) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) =>
        grains.GetGrain<IIdempotencySweeperGrain>(IIdempotencySweeperGrain.Key).StartAsync();

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
