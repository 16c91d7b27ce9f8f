using System.Text;

namespace Actors.Api.Tests.Ops;

/// <summary>
/// A span as it comes over the wire, with all its bytes read as text: whatever it says, attributes, events, state, is in there. Field numbers are those of opentelemetry/proto/trace/v1/trace.proto.
/// </summary>
internal sealed record OtlpSpan(string Service, string Source, string Name, string TraceId, string SpanId, string ParentId, string WireText)
{
    public static IEnumerable<OtlpSpan> ReadAll(ReadOnlyMemory<byte> request) =>
        from resourceSpans in Messages(request, 1)
        let service = AttributesOf(Messages(resourceSpans, 1).Single(), 1).GetValueOrDefault("service.name", "")
        from scopeSpans in Messages(resourceSpans, 2)
        let source = Text(Messages(scopeSpans, 1).Single(), 1)
        from span in Messages(scopeSpans, 2)
        select new OtlpSpan(service, source, Text(span, 5), Hex(span, 1), Hex(span, 2), Hex(span, 4), Encoding.UTF8.GetString(span.Span));

    // KeyValue: key 1, value 2; of AnyValue only texts (1) and whole numbers (3) matter here.
    private static Dictionary<string, string> AttributesOf(ReadOnlyMemory<byte> message, int field) =>
        Messages(message, field).ToDictionary(pair => Text(pair, 1), pair =>
        {
            var value = Fields(Messages(pair, 2).Single()).FirstOrDefault();
            return value.Number == 1 ? Encoding.UTF8.GetString(value.Bytes.Span) : $"{value.Varint}";
        });

    private static string Text(ReadOnlyMemory<byte> message, int field) => Encoding.UTF8.GetString(Messages(message, field).SingleOrDefault().Span);

    private static string Hex(ReadOnlyMemory<byte> message, int field) => Convert.ToHexStringLower(Messages(message, field).SingleOrDefault().Span);

    private static IEnumerable<ReadOnlyMemory<byte>> Messages(ReadOnlyMemory<byte> message, int field) =>
        Fields(message).Where(part => part.Number == field).Select(part => part.Bytes);

    private static IEnumerable<(int Number, ulong Varint, ReadOnlyMemory<byte> Bytes)> Fields(ReadOnlyMemory<byte> message)
    {
        while (!message.IsEmpty)
        {
            var tag = Varint(ref message);
            var (value, bytes) = (0UL, ReadOnlyMemory<byte>.Empty);
            switch (tag & 7)
            {
                case 0:
                    value = Varint(ref message);
                    break;
                case 1:
                    message = message[8..];
                    break;
                case 2:
                    var length = (int)Varint(ref message);
                    (bytes, message) = (message[..length], message[length..]);
                    break;
                case 5:
                    message = message[4..];
                    break;
                default:
                    throw new InvalidDataException($"Wire type {tag & 7} is not known.");
            }

            yield return ((int)(tag >> 3), value, bytes);
        }
    }

    private static ulong Varint(ref ReadOnlyMemory<byte> message)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = message.Span[0];
            message = message[1..];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }
}
