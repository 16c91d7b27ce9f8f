using System.Buffers.Binary;
using System.Buffers.Text;

namespace Actors.Sessions;

/// <summary>A place in a list of events as the opaque text callers pass back: base64url of time (ticks) and id.</summary>
internal static class EventCursor
{
    private const int Length = sizeof(long) + 16;

    public static string Format(EventPosition position)
    {
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, position.CreatedAt.UtcTicks);
        position.Id.TryWriteBytes(bytes[sizeof(long)..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    /// <returns>Null when the text is no cursor of ours.</returns>
    public static EventPosition? Parse(string text)
    {
        Span<byte> bytes = stackalloc byte[Length + 1];
        if (!Base64Url.IsValid(text, out var length) || length != Length || !Base64Url.TryDecodeFromChars(text, bytes, out _))
        {
            return null;
        }

        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes);
        return ticks < DateTimeOffset.MinValue.Ticks || ticks > DateTimeOffset.MaxValue.Ticks
            ? null
            : new EventPosition(new DateTimeOffset(ticks, TimeSpan.Zero), new Guid(bytes.Slice(sizeof(long), 16), bigEndian: true));
    }
}
