using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Actors.Caching;

/// <summary>
/// One kind of entry of the shared cache. Its key is <c>{Name}:{client id}:{part}</c>. Client ids may hold colons; parts are of one
/// length, so that no key of one client is read as another's.
/// </summary>
/// <param name="Name">What keys begin with; no colon.</param>
/// <param name="PartLength">Characters of the last part of a key.</param>
/// <param name="TimeToLive">How long an entry is kept.</param>
/// <param name="Json">How an entry is written.</param>
/// <param name="IsSound">Whether an entry that was read is whole, and of this version of the service.</param>
/// <param name="BytesOf">How much memory an entry takes, estimated.</param>
/// <param name="PartOf">The last part of the key of an entry with this name.</param>
internal sealed record CacheKind<T>(
    string Name, int PartLength, TimeSpan TimeToLive, JsonTypeInfo<T> Json, Func<T, bool> IsSound, Func<T, long> BytesOf, Func<string, string> PartOf)
    where T : class
{
    /// <summary>The key in Valkey.</summary>
    public string KeyOf(string clientId, string name) => $"{Name}:{clientId}:{PartOf(name)}";

    public byte[] Write(T entry) => JsonSerializer.SerializeToUtf8Bytes(entry, Json);

    /// <returns>Null: it cannot be read, which is as if it were not there.</returns>
    [SuppressMessage("Design", "CA1031", Justification = "The boundary of an outside service: whatever stands there, nobody may fail by it.")]
    public T? Read(byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, Json) is { } entry && IsSound(entry) ? entry : null;
        }
        catch (Exception)
        {
            return null;
        }
    }
}
