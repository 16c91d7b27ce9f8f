using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace Actors.Embedded;

/// <summary>
/// Ticks what is due. The row is moved to its next tick before the grain is called: a tick may be lost when the process
/// dies in between, but never comes twice. Ticks missed while nobody ran are skipped, as in Orleans: the next one comes
/// with the next whole period after the start.
/// </summary>
internal sealed class ReminderService(ActorRuntime runtime) : IDisposable
{
    private const int DueAtOnce = 100;
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LatestTimer = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(5);

    private readonly IReminderTable? _table = runtime.Services.GetService<IReminderTable>();
    private readonly ConcurrentDictionary<(string GrainId, string Name), bool> _ticking = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly CancellationTokenSource _stopping = new();
    private DateTimeOffset _startedAt;
    private Task _loop = Task.CompletedTask;

    public IReminderTable Table => _table
        ?? throw new InvalidOperationException($"A grain uses reminders, but no {nameof(IReminderTable)} is registered.");

    public void Start()
    {
        _startedAt = runtime.TimeProvider.GetUtcNow();
        _loop = _table is null ? Task.CompletedTask : Task.Run(RunAsync);
    }

    /// <summary>Looks again what is due: a reminder has been added or changed.</summary>
    public void Wake()
    {
        if (_wake.CurrentCount == 0)
        {
            _wake.Release();
        }
    }

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _wake.Dispose();
    }

    private async Task RunAsync()
    {
        var retry = FirstRetry;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var next = await TickDueAsync();
                await SleepAsync(next);
                retry = FirstRetry;
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // The table is an outside service; reminders go on when it does.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                runtime.Log.RemindersFailed(retry.TotalMilliseconds, exception);
                await Task.Delay(retry, runtime.TimeProvider, _stopping.Token).ContinueWith(
                    static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
                retry = retry * 2 < LastRetry ? retry * 2 : LastRetry;
            }
        }
    }

    private async Task<DateTimeOffset?> TickDueAsync()
    {
        IReadOnlyList<ReminderRow> due;
        do
        {
            var now = runtime.TimeProvider.GetUtcNow();
            due = await Table.ReadDueAsync(now, DueAtOnce, _stopping.Token);
            foreach (var row in due)
            {
                var missed = row.NextDue < _startedAt;
                if (await Table.MoveAsync(row, NextTick(row, missed ? _startedAt : now), _stopping.Token) && !missed)
                {
                    Tick(row, now);
                }
            }
        }
        while (due.Count == DueAtOnce);

        return await Table.NextDueAsync(_stopping.Token);
    }

    private static DateTimeOffset NextTick(ReminderRow row, DateTimeOffset after)
    {
        var missed = (after - row.NextDue).Ticks / row.Period.Ticks;
        return row.NextDue + (row.Period * (missed + 1));
    }

    private void Tick(ReminderRow row, DateTimeOffset now)
    {
        // A tick whose predecessor is still running is skipped, as in Orleans.
        if (_ticking.TryAdd((row.GrainId, row.Name), true))
        {
            _ = TickAsync(row, now);
        }
    }

    private async Task TickAsync(ReminderRow row, DateTimeOffset now)
    {
        await Task.Yield();
        try
        {
            var grainId = GrainId.Parse(row.GrainId, CultureInfo.InvariantCulture);
            var grain = (IRemindable)runtime.References.Create(typeof(IRemindable), grainId);
            await grain.ReceiveReminder(row.Name, new TickStatus(row.FirstTick.UtcDateTime, row.Period, now.UtcDateTime));
        }
#pragma warning disable CA1031 // Whatever the grain throws: the next tick comes all the same.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            runtime.Log.ReminderFailed(row.Name, row.GrainId, exception);
        }
        finally
        {
            _ticking.TryRemove((row.GrainId, row.Name), out _);
        }
    }

    private async Task SleepAsync(DateTimeOffset? next)
    {
        var now = runtime.TimeProvider.GetUtcNow();
        var sleep = next is { } due && due - now < LongestSleep ? due - now : LongestSleep;
        if (sleep <= TimeSpan.Zero)
        {
            return;
        }

        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var woken = _wake.WaitAsync(waiting.Token);
        var slept = Task.Delay(sleep, runtime.TimeProvider, waiting.Token);

        // Had the clock moved on before the timer was set, the timer would run that much late: look again instead.
        if (runtime.TimeProvider.GetUtcNow() - now < LatestTimer)
        {
            await Task.WhenAny(woken, slept);
        }

        await waiting.CancelAsync();
        _stopping.Token.ThrowIfCancellationRequested();
    }
}
