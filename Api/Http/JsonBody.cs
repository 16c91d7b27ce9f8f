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
            throw new UnsupportedBodyException();
        }

        var body = await ReadBytesAsync(request, cancellationToken);
        if (!Utf8.IsValid(body))
        {
            throw new InvalidRequestException("", "The body is not valid UTF-8.");
        }

        try
        {
            CheckStrings(body);
            return JsonDocument.Parse(body, Strict);
        }
        catch (JsonException failure)
        {
            var place = failure.LineNumber is { } line ? $" (line {line + 1}, byte {failure.BytePositionInLine + 1})" : "";
            throw new InvalidRequestException("", $"The body is not valid JSON of at most {MaxDepth} levels without repeated names{place}.");
        }
    }

    private static async Task<byte[]> ReadBytesAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        // Refused before room is made for it: the server itself looks at the length only when the body is read.
        if (request.ContentLength > HttpSetup.MaxBodyBytes)
        {
            throw new BadHttpRequestException("The body is too large.", StatusCodes.Status413PayloadTooLarge);
        }

        using var buffer = new MemoryStream((int)(request.ContentLength ?? 1024));
        await request.Body.CopyToAsync(buffer, cancellationToken);
        return buffer.ToArray();
    }

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

/// <summary>The body is not JSON: 415.</summary>
internal sealed class UnsupportedBodyException() : Exception("The body must be application/json.");
