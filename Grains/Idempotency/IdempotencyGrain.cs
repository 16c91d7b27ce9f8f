using Orleans.Concurrency;

namespace Actors.Idempotency;

/// <summary>See <see cref="IIdempotencyGrain"/>.</summary>
[GrainType("idempotency"), StatelessWorker(8)]
internal sealed class IdempotencyGrain(IdempotencyStore store, TimeProvider time) : Grain, IIdempotencyGrain
{
    public async Task<KeptAnswer?> FindAsync(IdempotencyKey key, CancellationToken cancellationToken) =>
        await store.FindAsync(key, time.GetUtcNow(), cancellationToken) is { } kept ? Checked(kept, key) : null;

    public async Task<KeptAnswer> KeepRefusalAsync(IdempotencyKey key, string? clientId, KeptAnswer refusal, CancellationToken cancellationToken) =>
        Checked(await store.KeepAsync(key, refusal with { ClientId = clientId }, time.GetUtcNow()), key);

    private static KeptAnswer Checked((KeptAnswer Answer, byte[] RequestHash) kept, IdempotencyKey key) =>
        key.RequestHash.AsSpan().SequenceEqual(kept.RequestHash) ? kept.Answer : throw new IdempotencyKeyReusedException();
}
