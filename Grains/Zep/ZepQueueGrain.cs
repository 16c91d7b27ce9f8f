using System.Collections.Immutable;
using Actors.Sessions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Actors.Zep;

/// <summary>See <see cref="IZepQueueGrain"/>.</summary>
[GrainType("zep-queue")]
internal sealed class ZepQueueGrain(
    ZepQueueStore store, ZepGate gate, IOptions<ZepQueueOptions> options, ZepMetrics metrics, TimeProvider time, ILogger<ZepQueueGrain> logger)
    : Grain, IZepQueueGrain
{
    private ZepQueue _queue = null!;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _queue = new ZepQueue(SessionKey.ClientId(this.GetPrimaryKeyString()), store, gate, options.Value, metrics, time, logger);
        return Task.CompletedTask;
    }

    public async Task<ZepDrain> DrainAsync(int limit, CancellationToken cancellationToken) =>
        gate.IsOn && !gate.IsClosedFor(ZepUse.Write) ? await _queue.DrainAsync(limit, cancellationToken) : new ZepDrain(0, IsDone: false, IsStopped: true);

    public async Task<ImmutableArray<Guid>> SendNewAsync(ImmutableArray<Guid> eventIds, CancellationToken cancellationToken) =>
        gate.IsOn && !gate.IsClosedFor(ZepUse.Write) ? await _queue.SendNewAsync(eventIds, cancellationToken) : [];
}
