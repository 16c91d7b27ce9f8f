using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace Actors.Bench.Http;

/// <summary>
/// One kept-alive HTTP/1.1 connection that sends prepared bytes and waits for the answer. It blocks its thread and understands
/// only what Kestrel sends: the load shares the processors with what it measures, so it must cost little.
/// </summary>
internal sealed class HttpConnection : IDisposable
{
    private const int TimeoutMilliseconds = 30_000;

    private static readonly byte[] LengthHeader = "\r\nContent-Length: "u8.ToArray();

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
        ReceiveTimeout = TimeoutMilliseconds,
        SendTimeout = TimeoutMilliseconds,
    };

    private byte[] _buffer = new byte[64 * 1024];
    private int _length;

    public HttpConnection(IPEndPoint address) => _socket.Connect(address);

    /// <summary>Sends a request and returns its answer, which is valid until the next call.</summary>
    /// <exception cref="SocketException">The connection broke, or no answer came within 30 s.</exception>
    public HttpAnswer Send(ReadOnlySpan<byte> request)
    {
        for (var sent = 0; sent < request.Length; sent += _socket.Send(request[sent..]))
        {
        }

        _length = 0;
        int headEnd;
        while ((headEnd = _buffer.AsSpan(0, _length).IndexOf("\r\n\r\n"u8)) < 0)
        {
            Receive();
        }

        var head = _buffer.AsSpan(0, headEnd);
        var status = Number(head[9..], 'D');
        var bodyStart = headEnd + 4;
        if (head.IndexOf("\r\nTransfer-Encoding: chunked"u8) >= 0)
        {
            return new HttpAnswer(status, ReceiveChunks(bodyStart));
        }

        var bodyLength = Number(head[(head.IndexOf(LengthHeader) + LengthHeader.Length)..], 'D');
        ReceiveUpTo(bodyStart + bodyLength);
        return new HttpAnswer(status, _buffer.AsSpan(bodyStart, bodyLength));
    }

    public void Dispose() => _socket.Dispose();

    // The chunks' data is moved together in the buffer.
    private Span<byte> ReceiveChunks(int start)
    {
        var (end, next) = (start, start);
        while (true)
        {
            int lineLength;
            while ((lineLength = _buffer.AsSpan(next, _length - next).IndexOf("\r\n"u8)) < 0)
            {
                Receive();
            }

            var size = Number(_buffer.AsSpan(next, lineLength), 'X');
            var data = next + lineLength + 2;
            next = data + size + 2;
            ReceiveUpTo(next);
            if (size == 0)
            {
                return _buffer.AsSpan(start, end - start);
            }

            _buffer.AsSpan(data, size).CopyTo(_buffer.AsSpan(end));
            end += size;
        }
    }

    private void ReceiveUpTo(int length)
    {
        while (_length < length)
        {
            Receive();
        }
    }

    private void Receive()
    {
        if (_length == _buffer.Length)
        {
            Array.Resize(ref _buffer, _length * 2);
        }

        var received = _socket.Receive(_buffer.AsSpan(_length));
        _length += received > 0 ? received : throw new InvalidDataException("The server closed the connection.");
    }

    private static int Number(ReadOnlySpan<byte> text, char format) =>
        Utf8Parser.TryParse(text, out int number, out _, format) ? number : throw new InvalidDataException("The answer is not HTTP/1.1.");
}

/// <summary>An answer's status and body.</summary>
internal readonly ref struct HttpAnswer(int status, ReadOnlySpan<byte> body)
{
    public int Status { get; } = status;

    public ReadOnlySpan<byte> Body { get; } = body;

    /// <exception cref="InvalidDataException">It has another status; the message holds the body.</exception>
    public void Expect(int status)
    {
        if (Status != status)
        {
            throw new InvalidDataException($"Answered {Status} instead of {status}: {System.Text.Encoding.UTF8.GetString(Body)}");
        }
    }
}
