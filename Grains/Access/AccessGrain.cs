using System.Collections.Immutable;

namespace Actors.Access;

/// <summary>See <see cref="IAccessGrain"/>.</summary>
[GrainType("access")]
internal sealed class AccessGrain(AccessStore store, TimeProvider time) : Grain, IAccessGrain
{
    public Task<KeyRecord> CreateAsync(NewKey key, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        KeyRules.Check(key, now);
        return store.InsertAsync(key, now);
    }

    public Task<KeyRecord?> ChangeAsync(Guid keyId, KeyChange change, CancellationToken cancellationToken) =>
        store.UpdateAsync(keyId, change, time.GetUtcNow());

    public Task<bool> DeleteAsync(Guid keyId, CancellationToken cancellationToken) => store.DeleteAsync(keyId);

    public Task NoteUsesAsync(ImmutableArray<KeyUse> uses, CancellationToken cancellationToken) => store.NoteUsesAsync(uses);
}

/// <summary>What the schema does not check of a key.</summary>
internal static class KeyRules
{
    /// <exception cref="KeyRefusedException">The key would never be of use.</exception>
    public static void Check(NewKey key, DateTimeOffset now)
    {
        if (key.ExpiresAt <= now)
        {
            throw new KeyRefusedException("expires_in_the_past", "expires_at must be in the future.");
        }
    }
}
