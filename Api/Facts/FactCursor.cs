using System.Buffers.Binary;
using System.Buffers.Text;

namespace Actors.Facts;

/// <summary>
/// A place in a list of facts as the opaque text callers pass back: base64url of the list's letter, time (ticks) and id.
/// What the list was asked for is not in it: callers repeat that.
/// </summary>
internal static class FactCursor
{
    /// <summary>The list of facts.</summary>
    public const byte Facts = (byte)'f';

    /// <summary>The facts about an entity.</summary>
    public const byte Subject = (byte)'s';

    private const int IdAt = 1 + sizeof(long);
    private const int Length = IdAt + 16;

    public static string Format(byte list, FactPosition position)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = list;
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], position.CreatedAt.UtcTicks);
        position.Id.TryWriteBytes(bytes[IdAt..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    /// <returns>Null when the text is no cursor of that list.</returns>
    public static FactPosition? Parse(byte list, string text)
    {
        Span<byte> bytes = stackalloc byte[Length + 1];
        if (!Base64Url.IsValid(text, out var length) || length != Length || !Base64Url.TryDecodeFromChars(text, bytes, out _) || bytes[0] != list)
        {
            return null;
        }

        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes[1..]);
        return ticks < DateTimeOffset.MinValue.Ticks || ticks > DateTimeOffset.MaxValue.Ticks
            ? null
            : new FactPosition(new DateTimeOffset(ticks, TimeSpan.Zero), new Guid(bytes.Slice(IdAt, 16), bigEndian: true));
    }
}
