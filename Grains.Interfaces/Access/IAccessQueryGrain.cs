using System.Collections.Immutable;

namespace Actors.Access;

/// <summary>Reads of API keys. Stateless; key: <see cref="Key"/>.</summary>
/// <remarks>Every method throws <see cref="Storage.StorageUnavailableException"/> when Postgres cannot be reached; repeat later.</remarks>
[Alias("IAccessQueryGrain")]
public interface IAccessQueryGrain : IGrainWithStringKey
{
    /// <summary>The one key of this grain.</summary>
    public const string Key = "access";

    /// <summary>All keys, if any has changed, whoever changed it, or if a client was erased. Cheap when none has: one row is read.</summary>
    /// <param name="knownVersion">The version the caller has; null: none.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <returns>Null when the keys still have that version.</returns>
    [Alias("ReadIfChanged")]
    Task<KeySnapshot?> ReadIfChangedAsync(long? knownVersion, CancellationToken cancellationToken);

    /// <summary>One page of keys, newest first.</summary>
    /// <param name="limit">Most keys on the page: 1 to 500.</param>
    /// <param name="after">Last key of the page before; null: the first page.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    [Alias("List")]
    Task<KeyPage> ListAsync(int limit, Guid? after, CancellationToken cancellationToken);

    /// <summary>One key; null when there is none of that id.</summary>
    [Alias("Find")]
    Task<KeyRecord?> FindAsync(Guid keyId, CancellationToken cancellationToken);
}

/// <summary>All keys as of one moment.</summary>
/// <param name="Version">Names that moment.</param>
/// <param name="Keys">Every key, disabled and expired ones included.</param>
/// <param name="Erasures">How often a client was erased. The version moves with it, so that who holds keys learns when to drop answers.</param>
[GenerateSerializer, Immutable, Alias("KeySnapshot")]
public sealed record KeySnapshot(
    [property: Id(0)] long Version, [property: Id(1)] ImmutableArray<HashedKey> Keys, [property: Id(2)] long Erasures = 0);

/// <summary>A key and what its secret is recognised by. Meant for the processes that check requests, for nobody else.</summary>
/// <param name="Hash">SHA-256 of the secret's UTF-8 bytes.</param>
/// <param name="Key">The key.</param>
[GenerateSerializer, Immutable, Alias("HashedKey")]
public sealed record HashedKey([property: Id(0)] ImmutableArray<byte> Hash, [property: Id(1)] KeyRecord Key);

/// <summary>One page of keys.</summary>
/// <param name="Keys">Newest first.</param>
/// <param name="Next">What the next page comes after; null: this was the last.</param>
[GenerateSerializer, Immutable, Alias("KeyPage")]
public sealed record KeyPage([property: Id(0)] ImmutableArray<KeyRecord> Keys, [property: Id(1)] Guid? Next);
