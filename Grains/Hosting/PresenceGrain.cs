using Orleans.Concurrency;

namespace Actors.Hosting;

/// <summary>See <see cref="IPresenceGrain"/>.</summary>
[GrainType("presence"), StatelessWorker(1)]
internal sealed class PresenceGrain : Grain, IPresenceGrain
{
    public Task AnswerAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
