using System.Collections.Immutable;

namespace Actors.Clients;

/// <summary>Receipts of erasures. Stateless; key: <see cref="Key"/>.</summary>
[Alias("IErasureQueryGrain")]
public interface IErasureQueryGrain : IGrainWithStringKey
{
    /// <summary>The one key of this grain.</summary>
    public const string Key = "erasures";

    /// <summary>Most receipts that are listed.</summary>
    public const int MaxListed = 100;

    /// <summary>The latest erasures of a client, newest first, at most <see cref="MaxListed"/>; empty: it was never erased.</summary>
    /// <exception cref="ClientNotFoundException">There is no such client.</exception>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached; repeat later.</exception>
    [Alias("List")]
    Task<ImmutableArray<ErasureReceipt>> ListAsync(string clientId, CancellationToken cancellationToken);
}

/// <summary>What an erasure removed: numbers, and no content.</summary>
/// <param name="Id">Id of the erasure (UUID version 7).</param>
/// <param name="ClientId">Who was erased.</param>
/// <param name="ErasedAt">When.</param>
/// <param name="Removed">How many rows went from each table that had any.</param>
/// <param name="Valkey">Whether the client's answers have gone from Valkey.</param>
/// <param name="ValkeyKeys">How many keys went from there so far.</param>
/// <param name="Zep">Whether what Zep was sent of it has gone from there.</param>
[GenerateSerializer, Immutable, Alias("ErasureReceipt")]
public sealed record ErasureReceipt(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string ClientId,
    [property: Id(2)] DateTimeOffset ErasedAt,
    [property: Id(3)] ImmutableArray<TableRows> Removed,
    [property: Id(4)] ValkeyErasure Valkey,
    [property: Id(5)] long ValkeyKeys,
    [property: Id(6)] ZepErasure Zep = ZepErasure.Off);

/// <summary>How far Zep is with an erasure.</summary>
[GenerateSerializer, Alias("ZepErasure")]
public enum ZepErasure
{
    /// <summary>It was sent nothing of the client.</summary>
    Off,

    /// <summary>The removal waits in the outbox, before everything that is stored of the client later.</summary>
    Pending,

    /// <summary>It has deleted the client's user, with threads and graph.</summary>
    Removed,
}

/// <summary>How far Valkey is with an erasure.</summary>
[GenerateSerializer, Alias("ValkeyErasure")]
public enum ValkeyErasure
{
    /// <summary>There is none.</summary>
    Off,

    /// <summary>It could not be reached, and is tried again each minute. What it holds is not used: it belongs to an epoch that is over.</summary>
    Pending,

    /// <summary>Nothing of the client is left there.</summary>
    Removed,
}

/// <summary>States as the API and the schema write them.</summary>
public static class ValkeyErasureNames
{
    /// <summary>All names, in the order of <see cref="ValkeyErasure"/>.</summary>
    public static ImmutableArray<string> All { get; } = ["off", "pending", "removed"];

    /// <summary>The name of a state.</summary>
    public static string Of(ValkeyErasure state) => All[(int)state];

    /// <summary>The state of a name.</summary>
    public static ValkeyErasure Parse(string name) => (ValkeyErasure)All.IndexOf(name);
}
