using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Actors.Embedded;

/// <summary>What all activations of one host share, and the way of a request to its activation.</summary>
internal sealed class ActorRuntime : IDisposable
{
    // Beyond the deactivation timeout, for what a grain disposes of.
    private static readonly TimeSpan DisposalAllowance = TimeSpan.FromSeconds(2);

    private volatile HostPhase _phase;

    public ActorRuntime(
        IServiceProvider services,
        IOptions<EmbeddedActorOptions> options,
        TimeProvider timeProvider,
        IMeterFactory meterFactory,
        ILogger<ActorRuntime> log)
    {
        Services = services;
        Options = options.Value;
        TimeProvider = timeProvider;
        Log = new UnfailingLogger(log);
        MaxQueuedRequests = Options.MaxQueuedRequests;
        StuckTurnWarningMs = (long)Options.StuckTurnWarning.TotalMilliseconds;
        Clock = new SweepClock(timeProvider);
        Sweeper = new Sweeper(this);
        Metrics = new ActorMetrics(meterFactory, timeProvider, Log, () => Sweeper.WaitingCount);
        Directory = new ActivationDirectory(this);
        Catalogue = GrainCatalogue.Build(Options.GrainAssemblies.SelectMany(assembly => assembly.GetTypes()), Options, Log);
        References = new GrainReferences(this);
        GrainFactory = new EmbeddedGrainFactory(this);
    }

    private enum HostPhase
    {
        NotStarted,
        Running,

        /// <summary>Calls of grains are still taken, for the running turns need them to end; calls from outside are not.</summary>
        Draining,
        Stopped,
    }

    public bool IsRunning => _phase == HostPhase.Running;

    public IServiceProvider Services { get; }

    public EmbeddedActorOptions Options { get; }

    public TimeProvider TimeProvider { get; }

    public ILogger Log { get; }

    public SweepClock Clock { get; }

    public Sweeper Sweeper { get; }

    public ActorMetrics Metrics { get; }

    public ActivationDirectory Directory { get; }

    public GrainCatalogue Catalogue { get; }

    public GrainReferences References { get; }

    public EmbeddedGrainFactory GrainFactory { get; }

    public int MaxQueuedRequests { get; }

    public long StuckTurnWarningMs { get; }

    public void Start()
    {
        Sweeper.Start();
        _phase = HostPhase.Running;
        Log.Started(Catalogue.Classes.Count);
    }

    /// <summary>Sends to the activation of the id, which is made if there is none. Returns where the request went.</summary>
    public ICallTarget? Send(GrainId grainId, GrainClass grainClass, Request request, ICallTarget? known = null)
    {
        for (var target = known; ; target = null)
        {
            // Each time anew: the host may stop while a request goes from one activation to the next.
            if (_phase != HostPhase.Running && !MayStillCall())
            {
                Metrics.Rejected("stopping");
                request.Fail(new OrleansMessageRejectionException(
                    _phase == HostPhase.NotStarted ? "The actor host has not started yet." : "The actor host is stopping."));
                return null;
            }

            target ??= Directory.GetOrAdd(grainId, grainClass);
            if (target.TryAccept(request))
            {
                return target;
            }
        }
    }

    public void RejectOverLimit(Request request, GrainId grainId, int count, bool report)
    {
        Metrics.Rejected("queue_full");
        if (report)
        {
            Log.OverLimit(grainId, count, MaxQueuedRequests);
        }

        request.Fail(new LimitExceededException(nameof(EmbeddedActorOptions.MaxQueuedRequests), count, MaxQueuedRequests, grainId));
    }

    /// <summary>
    /// Finishes what is running and what was accepted, for the drain timeout at most and until the token fires; then
    /// deactivates every grain that is in no turn, which has its own limit: the token does not cut it short.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_phase != HostPhase.Running)
        {
            return;
        }

        _phase = HostPhase.Draining;
        await DrainAsync(cancellationToken);
        _phase = HostPhase.Stopped;
        Log.Stopped(await DeactivateAllAsync());
        Sweeper.Dispose();
    }

    public void Dispose() => Sweeper.Dispose();

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Options.DrainTimeout, TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            // A turn may call a grain that was quiet a moment ago: look again until all are.
            while (Directory.All().Where(activation => activation.Queue.RequestCount > 0).ToList() is { Count: > 0 } busy)
            {
                await Task.WhenAll(busy.Select(activation => activation.Queue.WhenQuietAsync())).WaitAsync(either.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // What is busy still is deactivated if it comes to an end before the others have gone, or else abandoned.
        }
    }

    private async Task<int> DeactivateAllAsync()
    {
        var reason = new DeactivationReason(DeactivationReasonCode.ShuttingDown, "The host is stopping.");
        var rejection = new OrleansMessageRejectionException("The actor host has stopped.");
        var deactivated = 0;
        using var limit = new CancellationTokenSource(Options.DeactivationTimeout + DisposalAllowance, TimeProvider);

        // A request may have been on its way when the phase changed: look again until the directory is empty.
        while (Directory.All().ToList() is { Count: > 0 } remaining)
        {
            remaining.ForEach(activation => activation.Deactivate(reason));
            var leaving = remaining.Where(activation => activation.Queue.RunningCount == 0).Select(activation => activation.WhenGoneAsync());
            await Task.WhenAny(Task.WhenAll(leaving), Task.Delay(Timeout.Infinite, limit.Token));
            var stuck = remaining.Where(activation => !activation.IsGone).ToList();
            stuck.ForEach(activation => activation.Abandon(rejection));
            if (stuck.Count > 0)
            {
                Log.StopAbandoned(stuck.Count);
            }

            deactivated += remaining.Count - stuck.Count;
        }

        await limit.CancelAsync();
        return deactivated;
    }

    private bool MayStillCall() => _phase == HostPhase.Draining && TaskScheduler.Current is TurnQueue;
}
