using System.ComponentModel;

namespace Actors.Clients;

[Description("What an erasure removed: numbers, and no content.")]
internal sealed record ErasureView(
    [Description("Id of the erasure.")] Guid ErasureId,
    [Description("Who was erased.")] string ClientId,
    [Description("When.")] DateTimeOffset ErasedAt,
    [Description("How many rows went, by table; tables that had none are left out.")] IReadOnlyDictionary<string, long> Removed,
    CacheErasure Cache,
    [Description("Services outside that are still to delete what they were sent: `zep`. Empty: none was sent anything, or all have.")] IReadOnlyList<string> QueuedOutside,
    [Description("What still names the client: `session_heads`, a number by which answers of before are known; `clients`, its id; `erasures`, this receipt; `api_keys` issued for it and `webhooks` narrowed to it, which an admin deletes.")]
    IReadOnlyList<string> Kept)
{
    private static readonly string[] AlwaysKept = ["session_heads", "clients", "erasures", "api_keys", "webhooks"];

    public static ErasureView Of(ErasureReceipt receipt) => new(
        receipt.Id, receipt.ClientId, receipt.ErasedAt,
        receipt.Removed.ToDictionary(table => table.Table, table => table.Rows, StringComparer.Ordinal),
        new CacheErasure(ValkeyErasureNames.Of(receipt.Valkey), receipt.ValkeyKeys),
        receipt.Zep == ZepErasure.Pending ? ["zep"] : [], AlwaysKept);
}

[Description("What went from the cache of answers.")]
internal sealed record CacheErasure(
    [Description("`off`: there is no Valkey. `pending`: it could not be reached, and is tried again each minute; nothing in it is used. `removed`: nothing is left.")]
    [OpenApi.ValuesOf(typeof(ValkeyErasureNames), nameof(ValkeyErasureNames.All))] string Valkey,
    [Description("How many keys were removed.")] long Keys);

[Description("Receipts of a client's erasures.")]
internal sealed record ErasureList([Description("Newest first, at most 100.")] IReadOnlyList<ErasureView> Items);
