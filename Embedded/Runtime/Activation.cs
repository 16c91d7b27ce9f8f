using Microsoft.Extensions.DependencyInjection;

namespace Actors.Embedded;

/// <summary>The life of one grain in memory, from its first call to its last turn. What it has to do stands in <see cref="Queue"/>.</summary>
internal sealed class Activation : IGrainContext, ICallTarget
{
    private const int BusyRecheckMs = 1000;

    [ThreadStatic]
    private static Activation? _underConstruction;

    private readonly IActivationOwner _owner;
    private AsyncServiceScope? _scope;
    private GrainTimers? _timers;
    private Action? _cancelActivation;
    private TaskCompletionSource? _gone;
    private long _idleSince;
    private long _keepUntil;
    private volatile bool _isGone;

    public Activation(ActorRuntime runtime, GrainClass grainClass, GrainId grainId, IActivationOwner owner)
    {
        Runtime = runtime;
        Class = grainClass;
        GrainId = grainId;
        _owner = owner;
        Queue = new TurnQueue(this);
    }

    /// <summary>The activation whose grain this thread is constructing, for the constructor of <see cref="Grain"/>.</summary>
    public static Activation? UnderConstruction => _underConstruction;

    public ActorRuntime Runtime { get; }

    public GrainClass Class { get; }

    public GrainId GrainId { get; }

    public TurnQueue Queue { get; }

    public object? GrainInstance { get; private set; }

    public IServiceProvider ActivationServices => _scope?.ServiceProvider
        ?? throw new InvalidOperationException($"{GrainId} is not active.");

    public GrainTimers Timers => _timers ??= new GrainTimers(this);

    public static Activation Of(IGrainBase grain) => grain.GrainContext as Activation
        ?? throw new InvalidOperationException($"{grain.GetType().Name} is not an activated grain.");

    public bool TryAccept(Request request) => Queue.TryEnqueue(request, here: request.MayRunOnCallersThread);

    /// <summary>Deactivates once the running turns have ended. Has no effect the second time.</summary>
    public void Deactivate(DeactivationReason reason)
    {
        if (Queue.TryClose(reason) && Queue.State == QueueState.Activating)
        {
            _ = Queue.Post(static state => ((Activation)state!)._cancelActivation?.Invoke(), this);
        }
    }

    /// <summary>Deactivates if nobody has called for the collection age; else says when to ask again, in ms of <see cref="SweepClock"/>.</summary>
    public long? CollectOrNextTime(long now)
    {
        if (Queue.State == QueueState.Dead)
        {
            return null;
        }

        var due = Math.Max(_idleSince + Class.CollectionAgeMs, _keepUntil);
        if (due > now)
        {
            // Not later than the age: one put off for ever may be deactivated otherwise, and must not be kept here then.
            return Math.Min(due, now + Class.CollectionAgeMs);
        }

        var reason = new DeactivationReason(DeactivationReasonCode.ActivationIdle, "Nobody called for the collection age.");
        return Queue.TryClose(reason, onlyIfIdle: true) || Queue.State != QueueState.Open ? null : now + BusyRecheckMs;
    }

    /// <summary>Takes it out of the directory as it is, in the middle of a turn perhaps; what waits fails.</summary>
    public void Abandon(Exception reason)
    {
        _owner.Remove(this);
        foreach (var request in Queue.Kill())
        {
            request.Fail(reason);
        }
    }

    public void DelayDeactivation(TimeSpan timeSpan) => _keepUntil =
        timeSpan < TimeSpan.Zero ? 0
        : timeSpan == TimeSpan.MaxValue ? long.MaxValue
        : Runtime.Clock.Now + (long)timeSpan.TotalMilliseconds;

    public bool IsGone => _isGone;

    /// <summary>Ends when the activation is deactivated and all it held is disposed of.</summary>
    public Task WhenGoneAsync()
    {
        var gone = _gone;
        if (gone is null)
        {
            var created = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            gone = Interlocked.CompareExchange(ref _gone, created, null) ?? created;
        }

        if (_isGone)
        {
            gone.TrySetResult();
        }

        return gone.Task;
    }

    public void StartActivating() => _ = Queue.Post(static state => _ = ((Activation)state!).ActivateAsync(), this);

    public void StartDeactivating() => _ = Queue.Post(static state => _ = ((Activation)state!).DeactivateAsync(), this);

    public void OnTurnStarting(Request request)
    {
        request.StartedAt = Runtime.Clock.Now;
        request.StartedTimestamp = Runtime.Metrics.TurnStarted();
    }

    public void OnTurnEnded(Request request)
    {
        if (request.KeepsActivationAlive)
        {
            _idleSince = Runtime.Clock.Now;
        }

        Runtime.Metrics.TurnEnded(Class, request.StartedTimestamp);

        // Before the next request is let in: what this activation remembers is known to be stale.
        if (request.Failure is Orleans.Storage.InconsistentStateException { IsSourceActivation: true } conflict)
        {
            conflict.IsSourceActivation = false;
            Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationError, conflict, "A state write lost against another."));
        }
    }

    private async Task ActivateAsync()
    {
        try
        {
            _scope = Runtime.Services.CreateAsyncScope();
            var states = Class.CreateStates(this);
            GrainInstance = Construct(states);
            using var limit = new CancellationTokenSource(Runtime.Options.ActivationTimeout, Runtime.TimeProvider);
            _cancelActivation = limit.Cancel;
            foreach (var state in states)
            {
                await state.ReadStateAsync(limit.Token);
            }

            // A grain that does not heed its token loses its turn, not its key.
            await ((IGrainBase)GrainInstance).OnActivateAsync(limit.Token).WaitAsync(limit.Token);
            _cancelActivation = null;
        }
#pragma warning disable CA1031 // Every caller that waits gets it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _cancelActivation = null;
            Runtime.Log.ActivationFailed(Class.Name, exception);
            await RetireAsync(exception);
            return;
        }

        Runtime.Metrics.Activated();
        _idleSince = Runtime.Clock.Now;
        Runtime.Sweeper.WatchIdle(this, _idleSince + Class.CollectionAgeMs);
        Queue.Open();
    }

    private object Construct(IReadOnlyList<Orleans.Core.IStorage> states)
    {
        _underConstruction = this;
        try
        {
            return Class.Construct(ActivationServices, states);
        }
        finally
        {
            _underConstruction = null;
        }
    }

    private async Task DeactivateAsync()
    {
        _timers?.Dispose();
        if (GrainInstance is IGrainBase grain)
        {
            Runtime.Metrics.Deactivated();
            try
            {
                using var limit = new CancellationTokenSource(Runtime.Options.DeactivationTimeout, Runtime.TimeProvider);
                await grain.OnDeactivateAsync(Queue.CloseReason, limit.Token).WaitAsync(limit.Token);
            }
#pragma warning disable CA1031 // A grain that cannot say goodbye must leave all the same.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Runtime.Log.DeactivationFailed(Class.Name, exception);
            }
        }

        await RetireAsync(failure: null);
    }

    // The order matters: out of the directory first, so that what is sent on finds the next activation and not this one.
    private async Task RetireAsync(Exception? failure)
    {
        _owner.Remove(this);
        var waiting = Queue.Kill();
        _timers?.Dispose();
        foreach (var request in waiting)
        {
            if (failure is not null)
            {
                request.Fail(failure);
            }
            else if (!request.IsLocal)
            {
                Runtime.Send(GrainId, Class, request);
            }
        }

        await DisposeAsync();
        _isGone = true;
        Interlocked.MemoryBarrier();
        _gone?.TrySetResult();
    }

    private async Task DisposeAsync()
    {
        var instance = GrainInstance;

        // References may keep a dead activation for long; what the grain held must not stay with it.
        GrainInstance = null;
        try
        {
            if (instance is IAsyncDisposable asyncDisposable)
            {
                await asyncDisposable.DisposeAsync();
            }
            else
            {
                (instance as IDisposable)?.Dispose();
            }

            if (_scope is { } scope)
            {
                await scope.DisposeAsync();
            }
        }
#pragma warning disable CA1031 // The activation is gone either way.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Runtime.Log.DeactivationFailed(Class.Name, exception);
        }
    }
}
