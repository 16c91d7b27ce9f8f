using System.Buffers;
using System.Text.Json;
using Actors.Http;
using Microsoft.Extensions.ObjectPool;

namespace Actors.Sessions;

/// <summary>
/// Writes answers of recall. All of an answer is made before its first byte is sent, so that it goes out at once and with its
/// length; a large one is sent in parts as it is made.
/// </summary>
internal static class RecallResponse
{
    // Characters of memories from which on an answer is large.
    private const int LargeCharacters = 256 * 1024;

    private const string ContentType = "application/json; charset=utf-8";

    // A rounded double and a brace.
    private const int MaxEndBytes = 32;

    // The last member of both forms, and the only one that a repeat has anew.
    private static readonly byte[] TimeMember = "\"search_time_ms\":"u8.ToArray();

    private static readonly ObjectPool<JsonBuffer> Buffers = new DefaultObjectPool<JsonBuffer>(new JsonBuffer.Policy());

    public static bool IsLarge(RecallAnswer answer)
    {
        var characters = 0L;
        foreach (var hit in answer.Hits)
        {
            characters += hit.Memory.Content.Length + (hit.Event?.MetadataJson ?? hit.Fact?.MetadataJson ?? "").Length;
        }

        return characters > LargeCharacters;
    }

    public static Task StreamAsync(HttpContext http, RecallCall call, RecallAnswer answer, double elapsedMs) => call.MaxTokens is null
        ? http.Response.WriteAsJsonAsync(RecallResults.Of(call, answer, elapsedMs), ApiJson.Answers.RecallResults, cancellationToken: http.RequestAborted)
        : http.Response.WriteAsJsonAsync(RecallContext.Of(call, answer, elapsedMs), ApiJson.Answers.RecallContext, cancellationToken: http.RequestAborted);

    public static async Task WriteAsync(HttpContext http, RecallCall call, RecallAnswer answer, double elapsedMs)
    {
        var buffer = Buffers.Get();
        try
        {
            await RepeatAsync(http, Serialize(buffer, call, answer), elapsedMs);
        }
        finally
        {
            Buffers.Return(buffer);
        }
    }

    /// <summary>The answer's JSON up to the time the search took, to be kept for <see cref="RepeatAsync"/>.</summary>
    public static byte[] JsonOf(RecallCall call, RecallAnswer answer)
    {
        var buffer = Buffers.Get();
        try
        {
            return Serialize(buffer, call, answer).ToArray();
        }
        finally
        {
            Buffers.Return(buffer);
        }
    }

    /// <summary>Sends an answer of which everything is there but the time its search took.</summary>
    /// <param name="http">The request.</param>
    /// <param name="json">As <see cref="JsonOf"/> makes it.</param>
    /// <param name="elapsedMs">How long the search took.</param>
    public static async Task RepeatAsync(HttpContext http, ReadOnlyMemory<byte> json, double elapsedMs)
    {
        var (end, endLength) = End(elapsedMs);
        var response = http.Response;
        response.ContentType = ContentType;
        response.ContentLength = json.Length + endLength;

        // The head first: what is written after it needs no buffer between.
        await response.StartAsync(http.RequestAborted);
        response.BodyWriter.Write(json.Span);
        response.BodyWriter.Write(end.AsSpan(0, endLength));
        ArrayPool<byte>.Shared.Return(end);
        await response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    private static (byte[] Bytes, int Length) End(double elapsedMs)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(MaxEndBytes);
        elapsedMs.TryFormat(bytes, out var length, provider: System.Globalization.CultureInfo.InvariantCulture);
        bytes[length] = (byte)'}';
        return (bytes, length + 1);
    }

    private static ReadOnlyMemory<byte> Serialize(JsonBuffer buffer, RecallCall call, RecallAnswer answer)
    {
        // The code generated for these types, which the serializer by itself uses with its own encoder only.
        if (call.MaxTokens is null)
        {
            ApiJson.Default.RecallResults.SerializeHandler!(buffer.Writer, RecallResults.Of(call, answer, searchTimeMs: 0));
        }
        else
        {
            ApiJson.Default.RecallContext.SerializeHandler!(buffer.Writer, RecallContext.Of(call, answer, searchTimeMs: 0));
        }

        buffer.Writer.Flush();
        var json = buffer.Bytes.WrittenMemory;
        return json[..(json.Span.LastIndexOf(TimeMember) + TimeMember.Length)];
    }

    private sealed class JsonBuffer
    {
        private const int UsualBytes = 16 * 1024;
        private const int MaxPooledBytes = 256 * 1024;

        public JsonBuffer() => Writer = new Utf8JsonWriter(Bytes, new JsonWriterOptions { Encoder = ApiJson.Encoder, SkipValidation = true });

        public ArrayBufferWriter<byte> Bytes { get; } = new(UsualBytes);

        public Utf8JsonWriter Writer { get; }

        public sealed class Policy : PooledObjectPolicy<JsonBuffer>
        {
            public override JsonBuffer Create() => new();

            public override bool Return(JsonBuffer obj)
            {
                obj.Bytes.ResetWrittenCount();
                obj.Writer.Reset(obj.Bytes);
                return obj.Bytes.Capacity <= MaxPooledBytes;
            }
        }
    }
}
