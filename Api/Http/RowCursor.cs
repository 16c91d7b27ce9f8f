using System.Buffers.Binary;
using System.Buffers.Text;
using Actors.Storage;

namespace Actors.Http;

/// <summary>A place in a list of rows as the opaque text callers pass back: base64url of time (ticks) and id.</summary>
internal static class RowCursor
{
    public const int MaxLength = 64;

    private const int Length = sizeof(long) + 16;

    public static string Format(RowPosition position)
    {
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, position.CreatedAt.UtcTicks);
        position.Id.TryWriteBytes(bytes[sizeof(long)..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The parameter <c>cursor</c>; null when it is absent, or with a fault when it is none of ours.</summary>
    public static RowPosition? Of(QueryReader query)
    {
        if (query.Text("cursor", MaxLength) is not { } text)
        {
            return null;
        }

        if (Parse(text) is { } position)
        {
            return position;
        }

        query.Fault("cursor", "must be a next_cursor of this list");
        return null;
    }

    private static RowPosition? Parse(string text)
    {
        Span<byte> bytes = stackalloc byte[Length + 1];
        if (!Base64Url.IsValid(text, out var length) || length != Length || !Base64Url.TryDecodeFromChars(text, bytes, out _))
        {
            return null;
        }

        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes);
        return ticks < DateTimeOffset.MinValue.Ticks || ticks > DateTimeOffset.MaxValue.Ticks
            ? null
            : new RowPosition(new DateTimeOffset(ticks, TimeSpan.Zero), new Guid(bytes.Slice(sizeof(long), 16), bigEndian: true));
    }
}
