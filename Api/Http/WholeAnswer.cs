using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Actors.Http;

/// <summary>
/// A short answer as JSON, made before its first byte is sent: it goes out with its length, head and body in one piece, where a
/// streamed one takes a piece more for its end.
/// </summary>
internal sealed class WholeAnswer<T>(T value, JsonTypeInfo<T> type, int status) : IResult
{
    /// <summary>The version of what is answered, for the header <c>ETag</c>; null: it has none.</summary>
    public DateTimeOffset? Version { get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        var json = JsonSerializer.SerializeToUtf8Bytes(value, type);
        response.StatusCode = status;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = json.Length;
        if (Version is { } version)
        {
            response.Headers.ETag = EntityTags.Of(version);
        }

        return response.BodyWriter.WriteAsync(json, httpContext.RequestAborted).AsTask();
    }
}
