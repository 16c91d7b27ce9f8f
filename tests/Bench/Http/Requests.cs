using System.Text;

namespace Actors.Bench.Http;

/// <summary>Numbers from 1 on, each given once, whichever connection asks.</summary>
internal sealed class Sequence
{
    private int _last;

    public int Next() => Interlocked.Increment(ref _last);
}

/// <summary>Prepared HTTP/1.1 requests.</summary>
internal static class RequestBytes
{
    public static byte[] Get(string path, string key) => Encoding.ASCII.GetBytes($"GET {path}{Tail(key)}");

    public static byte[] Post(string path, string key, string json) => Encoding.ASCII.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}");

    /// <summary>What follows the path of a GET.</summary>
    public static string Tail(string key) => $" HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n\r\n";
}

/// <summary>A prepared request with a number in it, so that no two are the same.</summary>
internal sealed class NumberedRequest(byte[] request, Sequence sequence)
{
    /// <summary>Stands in the request where the number goes.</summary>
    public const string Slot = "#########";

    private readonly int[] _slots = [.. SlotsOf(request)];

    public byte[] Bytes => request;

    public ReadOnlySpan<byte> Next()
    {
        var number = sequence.Next();
        foreach (var slot in _slots)
        {
            number.TryFormat(request.AsSpan(slot, Slot.Length), out _, "D9");
        }

        return request;
    }

    private static IEnumerable<int> SlotsOf(byte[] request)
    {
        var text = Encoding.ASCII.GetString(request);
        for (var slot = text.IndexOf(Slot, StringComparison.Ordinal); slot >= 0; slot = text.IndexOf(Slot, slot + Slot.Length, StringComparison.Ordinal))
        {
            yield return slot;
        }
    }
}
