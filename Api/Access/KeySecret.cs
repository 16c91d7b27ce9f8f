using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Actors.Access;

/// <summary>The secret of an API key: 256 random bits behind a prefix that people and secret scanners recognise.</summary>
internal sealed record KeySecret(string Text)
{
    private const string Prefix = "pm_";
    private const int RandomBytes = 32;
    private const int ShownLength = 11;

    public static KeySecret Create() => new(Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes)));

    /// <summary>
    /// A secret that its maker can make again: HMAC-SHA256 of random bytes under the secret of the maker's own key. A repeat of
    /// the request gets it a second time, and it is stored nowhere; the random bytes alone tell nobody anything.
    /// </summary>
    public static KeySecret From(string makersSecret, ReadOnlySpan<byte> salt) =>
        new(Prefix + Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(makersSecret), salt)));

    /// <summary>Random bytes for <see cref="From"/>.</summary>
    public static ImmutableArray<byte> NewSalt() => [.. RandomNumberGenerator.GetBytes(RandomBytes)];

    /// <summary>What may be shown later: 48 of the 256 bits.</summary>
    public string Shown => Text[..ShownLength];

    public KeyHash Hash => KeyHash.Of(Text) ?? throw new InvalidOperationException("A secret of ours is too long.");
}

/// <summary>
/// SHA-256 of a key's secret, or of a browser session's: all that is kept of either. A slow, salted hash defends secrets that
/// people make up, by making each guess dear. A random 256-bit secret cannot be guessed at any price, and this hash is
/// computed for every request. Hashes may be compared in any time: how much of one agrees says nothing about the secret.
/// </summary>
internal readonly record struct KeyHash(UInt128 High, UInt128 Low)
{
    // Longer than any key of ours; what a request may cost.
    private const int MaxSecretLength = 256;

    /// <returns>Null when the text is too long for a secret.</returns>
    public static KeyHash? Of(ReadOnlySpan<char> secret)
    {
        if (secret.Length > MaxSecretLength)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[MaxSecretLength * 3];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(secret, bytes)], hash);
        return FromBytes(hash);
    }

    /// <summary>From the 32 bytes of a hash.</summary>
    public static KeyHash FromBytes(ReadOnlySpan<byte> hash) =>
        new(BinaryPrimitives.ReadUInt128BigEndian(hash), BinaryPrimitives.ReadUInt128BigEndian(hash[16..]));

    public ImmutableArray<byte> ToBytes()
    {
        var bytes = new byte[SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(16), Low);
        return [.. bytes];
    }
}
