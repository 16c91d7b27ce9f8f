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
    public static byte[] Get(string path, string key) =>
        Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n\r\n");

    public static byte[] Post(string path, string key, string json) => Encoding.ASCII.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}");
}

/// <summary>A prepared request with a number in it, so that no two are the same.</summary>
internal sealed class NumberedRequest(byte[] request, Sequence sequence)
{
    /// <summary>Stands in the request where the number goes.</summary>
    public const string Slot = "#########";

    private readonly int _slot = request.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Slot));

    public byte[] Bytes => request;

    public ReadOnlySpan<byte> Next()
    {
        sequence.Next().TryFormat(request.AsSpan(_slot, Slot.Length), out _, "D9");
        return request;
    }
}

/// <summary>Asks prepared questions; connections that share the sequence share the questions.</summary>
/// <param name="questions">The requests, asked in turn.</param>
/// <param name="sequence">Says which is next.</param>
/// <param name="mark">What stands in every answer.</param>
internal sealed class RecallRequests(byte[][] questions, Sequence sequence, byte[] mark) : IRequests
{
    public ReadOnlySpan<byte> Next() => questions[sequence.Next() % questions.Length];

    public void Take(HttpAnswer answer)
    {
        answer.Expect(200);
        if (answer.Body.LastIndexOf(mark) < 0)
        {
            throw new InvalidDataException($"An answer has no {Encoding.UTF8.GetString(mark)}: {Encoding.UTF8.GetString(answer.Body)}");
        }
    }
}

/// <summary>Remembers one memory after the other for a client.</summary>
internal sealed class RememberRequests(string clientId, string content, string key, Sequence sequence) : IRequests
{
    private readonly NumberedRequest _request = new(
        RequestBytes.Post(
            "/api/v1/memory/remember", key, $$"""{"client_id":"{{clientId}}","content":"{{content}} {{NumberedRequest.Slot}}"}"""),
        sequence);

    /// <summary>Requests of this connection, over all measurements.</summary>
    public int Acknowledged { get; private set; }

    public ReadOnlySpan<byte> Next() => _request.Next();

    public void Take(HttpAnswer answer)
    {
        answer.Expect(201);
        Acknowledged++;
    }
}

/// <summary>Changes a fact, then the fact that took its place, and so on.</summary>
internal sealed class FactChangeRequests(string factId, string content, string key, Sequence sequence) : IRequests
{
    private const int IdLength = 36;
    private const string Path = "/api/v1/memory/facts/";

    private static readonly byte[] IdMember = "\"fact_id\":\""u8.ToArray();
    private static readonly int IdSlot = "POST ".Length + Path.Length;

    private readonly NumberedRequest _request = new(
        RequestBytes.Post($"{Path}{factId}/update", key, $$"""{"content":"{{content}} {{NumberedRequest.Slot}}"}"""), sequence);

    /// <summary>Requests of this connection, over all measurements.</summary>
    public int Acknowledged { get; private set; }

    public ReadOnlySpan<byte> Next() => _request.Next();

    public void Take(HttpAnswer answer)
    {
        answer.Expect(200);
        Acknowledged++;
        answer.Body.Slice(answer.Body.IndexOf(IdMember) + IdMember.Length, IdLength).CopyTo(_request.Bytes.AsSpan(IdSlot));
    }
}
