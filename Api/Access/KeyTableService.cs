namespace Actors.Access;

/// <summary>
/// Loads the keys before the first request is taken, if they can be had then, and keeps them fresh: what was changed elsewhere,
/// through another process or by SQL, works here within a second.
/// </summary>
internal sealed class KeyTableService(KeyTable keys, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan RefreshPeriod = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan NotePeriod = TimeSpan.FromMinutes(1);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await keys.TryRefreshAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await keys.NoteUsesAsync(cancellationToken);
    }

    // The first to fail ends the service, as it should: keys that are never refreshed again must not go unnoticed.
    protected override async Task ExecuteAsync(CancellationToken stoppingToken) => await await Task.WhenAny(
        RepeatAsync(RefreshPeriod, keys.TryRefreshAsync, stoppingToken),
        RepeatAsync(NotePeriod, keys.NoteUsesAsync, stoppingToken));

    private async Task RepeatAsync(TimeSpan period, Func<CancellationToken, Task> act, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await act(stoppingToken);
        }
    }
}
