using Actors.Caching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Actors.Hosting;

/// <summary>When Valkey is configured: keeps the connection to it, and sends it what is to be kept.</summary>
internal sealed class ValkeyUpkeep(IServiceProvider services, IOptions<ValkeyOptions> options, TimeProvider time) : BackgroundService
{
    // Connecting takes a moment, and the first requests should find it done. It does not keep a host from starting.
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(2);

    private Task _firstLook = Task.CompletedTask;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.IsOn)
        {
            _firstLook = services.GetRequiredService<ValkeyConnection>().LookAsync(CancellationToken.None);
            await Task.WhenAny(_firstLook, Task.Delay(StartPatience, CancellationToken.None));
            await base.StartAsync(cancellationToken);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        LookAsync(services.GetRequiredService<ValkeyConnection>(), stoppingToken),
        services.GetRequiredService<ValkeyQueue>().RunAsync(stoppingToken));

    private async Task LookAsync(ValkeyConnection connection, CancellationToken stoppingToken)
    {
        await _firstLook;
        using var timer = new PeriodicTimer(ValkeyConnection.LookPeriod, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await connection.LookAsync(stoppingToken);
        }
    }
}
