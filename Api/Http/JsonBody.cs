using System.Text.Json;
using System.Text.Unicode;

namespace Actors.Http;

/// <summary>Reads a request's JSON body as a document whose every string can be read and stored.</summary>
internal static class JsonBody
{
    /// <summary>Deepest nesting of a body, metadata included.</summary>
    public const int MaxDepth = 64;

    private static readonly JsonReaderOptions Scan = new() { MaxDepth = MaxDepth };
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <exception cref="UnsupportedBodyException">The body is not declared as JSON: 415.</exception>
    /// <exception cref="InvalidRequestException">It is no JSON, or holds text that is no Unicode, or NUL.</exception>
    /// <exception cref="BadHttpRequestException">It is too large: 413.</exception>
    public static async Task<JsonDocument> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasJsonContentType())
        {
            throw new UnsupportedBodyException("application/json");
        }

        var body = await ReadBytesAsync(request, HttpSetup.MaxBodyBytes, cancellationToken);
        if (!Utf8.IsValid(body.Span))
        {
            throw new InvalidRequestException("", "The body is not valid UTF-8.");
        }

        try
        {
            CheckStrings(body.Span);
            return JsonDocument.Parse(body, Strict);
        }
        catch (JsonException failure)
        {
            var place = failure.LineNumber is { } line ? $" (line {line + 1}, byte {failure.BytePositionInLine + 1})" : "";
            throw new InvalidRequestException("", $"The body is not valid JSON of at most {MaxDepth} levels without repeated names{place}.");
        }
    }

    /// <exception cref="BadHttpRequestException">It is too large: 413.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadBytesAsync(HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        // Refused before room is made for it.
        if (request.ContentLength > maxBytes)
        {
            throw TooLarge(maxBytes);
        }

        // One byte more than announced: the end then needs no larger buffer.
        var buffer = new byte[(int)(request.ContentLength ?? Math.Min(4_095, maxBytes)) + 1];
        var length = 0;
        for (var read = -1; read != 0; length += read)
        {
            if (length > maxBytes)
            {
                // How much of a body without a length is still to come, nobody knows.
                HttpSetup.CloseAfterAnswer(request.HttpContext);
                throw TooLarge(maxBytes);
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Min(length * 2, maxBytes + 1));
            }

            read = await request.Body.ReadAsync(buffer.AsMemory(length), cancellationToken);
        }

        return buffer.AsMemory(0, length);
    }

    /// <summary>A body has more than so many bytes.</summary>
    public static BadHttpRequestException TooLarge(int maxBytes) => new($"The body is larger than {maxBytes} bytes.", StatusCodes.Status413PayloadTooLarge);

    // An escape can spell what UTF-8 cannot: half a surrogate pair. Postgres stores neither that nor NUL.
    private static void CheckStrings(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, Scan);
        while (reader.Read())
        {
            if (reader.TokenType is (JsonTokenType.String or JsonTokenType.PropertyName) && reader.ValueIsEscaped && !IsText(ref reader))
            {
                throw new InvalidRequestException("", $"The text at byte {reader.TokenStartIndex} holds NUL or half a surrogate pair.");
            }
        }
    }

    private static bool IsText(ref Utf8JsonReader reader)
    {
        try
        {
            return !reader.GetString()!.Contains('\0');
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}

/// <summary>The body is not what the address takes: 415.</summary>
internal sealed class UnsupportedBodyException(string mediaType) : Exception($"The body must be {mediaType}.")
{
    public string MediaType => mediaType;
}
