using Actors.Http;

namespace Actors.Clients;

/// <summary>Reads a body of lines as a stream, some lines at a time.</summary>
internal sealed class NdjsonBody(Stream body)
{
    // Enough for a statement to be worth its round trip.
    private const int EnoughBytes = 512 * 1024;
    private const int FirstBytes = 64 * 1024;

    private byte[] _buffer = new byte[FirstBytes];
    private int _length;
    private bool _isAtEnd;

    /// <summary>The next whole lines; what the body ends with is one, whether it has an end or not. Empty: there are no more.</summary>
    /// <exception cref="BadHttpRequestException">A line is longer than <see cref="IImportGrain.MaxLineBytes"/>: 413.</exception>
    public async Task<byte[]> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var end = _isAtEnd ? _length : _length >= EnoughBytes ? _buffer.AsSpan(0, _length).LastIndexOf((byte)'\n') + 1 : 0;
            if (end > 0 || _isAtEnd)
            {
                var lines = _buffer[..end];
                Buffer.BlockCopy(_buffer, end, _buffer, 0, _length - end);
                _length -= end;
                return lines;
            }

            await FillAsync(cancellationToken);
        }
    }

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        if (_length == _buffer.Length)
        {
            if (_length > IImportGrain.MaxLineBytes)
            {
                throw new BadHttpRequestException($"A line is longer than {IImportGrain.MaxLineBytes} bytes.", StatusCodes.Status413PayloadTooLarge);
            }

            Array.Resize(ref _buffer, Math.Min(2 * _buffer.Length, IImportGrain.MaxLineBytes + 1));
        }

        var read = await body.ReadAsync(_buffer.AsMemory(_length), cancellationToken);
        _length += read;
        _isAtEnd = read == 0;
    }
}
