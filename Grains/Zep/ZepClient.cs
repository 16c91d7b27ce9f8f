using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Actors.Zep;

/// <summary>Zep as the third version of its API speaks: threads and graph, under <c>/api/v2</c>.</summary>
/// <param name="connection">The way there.</param>
/// <param name="time">The clock.</param>
internal sealed class ZepClient(ZepConnection connection, TimeProvider time) : IZep
{
    // Longer than any that was seen, and short enough for an index.
    private const int LongestId = 200;

    public async Task<ZepAnswer> EnsureUserAsync(string userId, CancellationToken cancellationToken) =>
        Made(await PostAsync("users", new ZepUserBody(userId), ZepJson.Default.ZepUserBody, cancellationToken));

    public async Task<ZepAnswer> EnsureThreadAsync(string threadId, string userId, CancellationToken cancellationToken) =>
        Made(await PostAsync("threads", new ZepThreadBody(threadId, userId), ZepJson.Default.ZepThreadBody, cancellationToken));

    public async Task<ZepAnswer<ImmutableArray<string>>> AddMessagesAsync(string threadId, ImmutableArray<ZepMessage> messages, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfZero(messages.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(messages.Length, ZepLimits.Messages);
        var body = new ZepMessagesBody([.. messages.Select(message => new ZepMessageBody(
            message.Id, message.Content, message.IsFromAssistant ? "assistant" : "user", message.Speaker, message.SaidAt.UtcDateTime, new ZepMetadataBody(message.MemoryId)))]);
        var reply = await PostAsync($"threads/{Escape(threadId)}/messages", body, ZepJson.Default.ZepMessagesBody, cancellationToken);
        var wanted = messages.Select(message => message.Id.ToString()).ToImmutableArray();
        // Of several memories some may be new: whoever sent them finds out one by one.
        var isRepeat = reply.SaysExists && messages.All(message => message.MemoryId == messages[0].MemoryId);
        return isRepeat ? Brought(wanted, reply) : Read(reply, ZepJson.Default.ZepMessagesAnswer, answer =>
            answer.MessageUuids is not { Count: > 0 } told ? Brought(wanted, reply)
            : told.Count == wanted.Length && told.All(IsId) && told.Distinct().Count() == told.Count ? Brought<ImmutableArray<string>>([.. told.Select(id => id!)], reply)
            : null);
    }

    public Task<ZepAnswer<bool>> RemoveMessageAsync(string messageId, CancellationToken cancellationToken) => RemoveAsync($"graph/episodes/{Escape(messageId)}", cancellationToken);

    public async Task<ZepAnswer<string>> AddFactAsync(string userId, ZepTriple fact, CancellationToken cancellationToken)
    {
        var body = new ZepTripleBody(
            userId, fact.Id, fact.Fact, fact.Name, fact.Source, fact.Target, fact.CreatedAt.UtcDateTime, fact.ValidAt.UtcDateTime, fact.InvalidAt?.UtcDateTime);
        var reply = await PostAsync("graph/add-fact-triple", body, ZepJson.Default.ZepTripleBody, cancellationToken);
        return reply.SaysExists ? Brought(fact.Id.ToString(), reply)
            : Read(reply, ZepJson.Default.ZepTripleAnswer, answer => answer.Edge?.Uuid is { } id && IsId(id) ? Brought(id, reply) : null);
    }

    public async Task<ZepAnswer> ChangeFactAsync(string edgeId, ZepTriple fact, CancellationToken cancellationToken) =>
        Done(await SendAsync(
            HttpMethod.Patch, $"graph/edge/{Escape(edgeId)}",
            new ZepEdgeChangeBody(fact.Fact, fact.Name, fact.ValidAt.UtcDateTime, fact.InvalidAt?.UtcDateTime, ExpiredAt: null), ZepJson.Default.ZepEdgeChangeBody, cancellationToken));

    public Task<ZepAnswer<bool>> RemoveFactAsync(string edgeId, CancellationToken cancellationToken) => RemoveAsync($"graph/edge/{Escape(edgeId)}", cancellationToken);

    public async Task<ZepAnswer> RemoveUserAsync(string userId, CancellationToken cancellationToken) => await RemoveAsync($"users/{Escape(userId)}", cancellationToken);

    public async Task<ZepAnswer<ImmutableArray<ZepHit>>> SearchAsync(string userId, string query, int limit, CancellationToken cancellationToken)
    {
        var body = new ZepSearchBody(userId, ZepText.Query(query), "edges", limit, "cross_encoder");
        var reply = await PostAsync("graph/search", body, ZepJson.Default.ZepSearchBody, cancellationToken);
        return reply.Failure == ZepFailure.NotFound ? Brought(ImmutableArray<ZepHit>.Empty, reply)
            : Read(reply, ZepJson.Default.ZepSearchAnswer, answer => Brought<ImmutableArray<ZepHit>>([.. (answer.Edges ?? []).Select(Hit).OfType<ZepHit>().Take(limit)], reply));
    }

    public async Task<ZepAnswer> PingAsync(CancellationToken cancellationToken)
    {
        var reply = await connection.SendAsync(HttpMethod.Get, "projects/info", body: null, cancellationToken);
        // It came late, and users have been there from the beginning.
        return Done(reply.Failure == ZepFailure.Removed
            ? await connection.SendAsync(HttpMethod.Get, "users-ordered?pageNumber=1&pageSize=1", body: null, cancellationToken)
            : reply);
    }

    // An id of one or two dots would be a step in the path, escaped or not.
    private static string Escape(string id) => id is "" or "." or ".." ? throw new ArgumentException("No such id.", nameof(id)) : Uri.EscapeDataString(id);

    private Task<ZepReply> PostAsync<T>(string path, T body, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, body, type, cancellationToken);

    private Task<ZepReply> SendAsync<T>(HttpMethod method, string path, T body, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        connection.SendAsync(method, path, JsonSerializer.SerializeToUtf8Bytes(body, type), cancellationToken);

    private async Task<ZepAnswer<bool>> RemoveAsync(string path, CancellationToken cancellationToken)
    {
        var reply = await connection.SendAsync(HttpMethod.Delete, path, body: null, cancellationToken);
        if (reply.Failure == ZepFailure.NotFound)
        {
            return Brought(false, reply);
        }

        var done = Done(reply);
        return new() { Failure = done.Failure, RetryAfter = done.RetryAfter, Rate = done.Rate, Detail = done.Detail, Value = done.Failure is null };
    }

    // It is kept, indexed and put into addresses.
    private static bool IsId(string? id) => id is { Length: > 0 and <= LongestId } && id is not ("." or "..") && !id.Any(char.IsControl);

    private static ZepAnswer Made(ZepReply reply) => reply.SaysExists ? new ZepAnswer { Rate = reply.Rate } : Done(reply);

    // Whoever answers in Zep's place, a proxy's page perhaps, has done nothing.
    private static ZepAnswer Done(ZepReply reply) => reply.Failure is null && reply.Body.Length > 0 && !IsJson(reply.Body)
        ? new ZepAnswer { Failure = ZepFailure.Unreadable, Rate = reply.Rate, Detail = Unreadable(reply) }
        : new ZepAnswer { Failure = reply.Failure, RetryAfter = reply.RetryAfter, Rate = reply.Rate, Detail = reply.Detail };

    private static ZepAnswer<T> Brought<T>(T value, ZepReply reply) => new() { Value = value, Rate = reply.Rate };

    /// <param name="reply">What came.</param>
    /// <param name="type">What a 2xx holds.</param>
    /// <param name="read">Null: it cannot be used.</param>
    private static ZepAnswer<T> Read<TAnswer, T>(ZepReply reply, JsonTypeInfo<TAnswer> type, Func<TAnswer, ZepAnswer<T>?> read)
        where TAnswer : class
    {
        if (reply.Failure is not null)
        {
            return new() { Failure = reply.Failure, RetryAfter = reply.RetryAfter, Rate = reply.Rate, Detail = reply.Detail };
        }

        TAnswer? answer;
        try
        {
            answer = JsonSerializer.Deserialize(reply.Body, type);
        }
        catch (JsonException)
        {
            answer = null;
        }

        return (answer is null ? null : read(answer)) ?? new() { Failure = ZepFailure.Unreadable, Rate = reply.Rate, Detail = Unreadable(reply) };
    }

    private static string Unreadable(ZepReply reply) => $"HTTP {reply.Status}: not JSON of the right form";

    private static bool IsJson(byte[] body)
    {
        try
        {
            JsonDocument.Parse(body).Dispose();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private ZepHit? Hit(ZepEdge? edge) => edge is not { Fact.Length: > 0 } || !IsId(edge.Uuid) ? null : new ZepHit(
        edge.Uuid!, edge.Fact, (edge.Relevance ?? edge.Score) is { } score ? Math.Clamp(score, 0, 1) : null, [.. (edge.Episodes ?? []).OfType<string>().Where(IsId)],
        TimeOf(edge.CreatedAt) ?? time.GetUtcNow(), TimeOf(edge.ValidAt), TimeOf(edge.InvalidAt), TimeOf(edge.ExpiredAt));

    private static DateTimeOffset? TimeOf(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;
}
