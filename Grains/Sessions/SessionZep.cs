using System.Collections.Immutable;
using Actors.Zep;
using Microsoft.Extensions.Logging;

namespace Actors.Sessions;

/// <summary>
/// What a session does about Zep when it stores memories: those that go there wait in the outbox from their commit on, and are sent at once if nothing
/// waits before them. Runs on the activation's turns.
/// </summary>
/// <param name="sessionKey">The session.</param>
/// <param name="grains">The way to its queue.</param>
/// <param name="gate">Knows whether it is worth trying.</param>
/// <param name="options">How long a remember waits.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Is told of failures.</param>
internal sealed partial class SessionZep(string sessionKey, IGrainFactory grains, ZepGate gate, ZepQueueOptions options, TimeProvider time, ILogger logger)
{
    private Task<ImmutableArray<Guid>> _sending = Task.FromResult(ImmutableArray<Guid>.Empty);

    /// <summary>What a memory that is stored just now is told of Zep, unless it is sent at once.</summary>
    public ZepDelivery DeliveryOf(EventRecord memory) =>
        gate.IsOn && memory.Salience >= ZepOutgoing.LeastSalience ? ZepDelivery.Queued : ZepDelivery.None;

    /// <summary>Sends what a write has stored, if there is a chance that it is taken in time.</summary>
    /// <param name="write">The write, after its commit.</param>
    /// <returns>For each of its memories, how far it is; within <see cref="ZepQueueOptions.RememberBudget"/>. Never fails.</returns>
    public async Task<ImmutableArray<ZepDelivery>> SendAsync(SessionWrite write)
    {
        var deliveries = new ZepDelivery[write.Stored.Length];
        foreach (var (place, memory) in write.Added)
        {
            deliveries[place] = DeliveryOf(memory);
        }

        var queued = write.Added.Where(added => deliveries[added.Place] == ZepDelivery.Queued).Select(added => added.Memory.Id).ToImmutableArray();
        // What repeats are answered was decided by the commit. And one at a time: the others wait in the queue behind it anyway.
        if (!queued.IsEmpty && write.IdempotencyKey is null && options.RememberBudget > TimeSpan.Zero && _sending.IsCompleted && !gate.IsClosedFor(ZepUse.Write))
        {
            var sending = _sending = SendNewAsync(queued);
            try
            {
                var sent = await sending.WaitAsync(options.RememberBudget, time);
                foreach (var (place, memory) in write.Added)
                {
                    deliveries[place] = sent.Contains(memory.Id) ? ZepDelivery.Sent : deliveries[place];
                }
            }
            catch (TimeoutException)
            {
                // It goes on, and the memories wait until it has ended.
            }
        }

        return [.. deliveries];
    }

    private async Task<ImmutableArray<Guid>> SendNewAsync(ImmutableArray<Guid> eventIds)
    {
        try
        {
            return await grains.GetGrain<IZepQueueGrain>(sessionKey).SendNewAsync(eventIds, CancellationToken.None);
        }
        catch (Exception failure)
        {
            // Whatever it was: they are stored, and wait in the outbox.
            LogNotSent(failure);
            return [];
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Memories that were stored just now were not sent to Zep at once; they wait")]
    private partial void LogNotSent(Exception failure);
}
