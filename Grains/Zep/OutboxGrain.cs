using Actors.Idempotency;
using Orleans.Concurrency;

namespace Actors.Zep;

/// <summary>See <see cref="IOutboxGrain"/>. What it writes needs no single writer: rows are read anew before each step.</summary>
[GrainType("outbox"), StatelessWorker(8)]
internal sealed class OutboxGrain(OutboxStore store) : Grain, IOutboxGrain
{
    public Task<OutboxPage> ListAsync(OutboxListRequest request, CancellationToken cancellationToken) => store.ListAsync(request, cancellationToken);

    public Task<OutboxRecord?> RetryAsync(Guid id, TimeSpan delay, IdempotencyKey? key, CancellationToken cancellationToken) =>
        store.RetryAsync(id, delay, key);

    public Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken) => store.DeleteAsync(id);
}
