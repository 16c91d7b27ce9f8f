using System.Text.Json.Nodes;

namespace Actors.Support;

/// <summary>A request as it came, whatever became of it.</summary>
public sealed class FakeZepCall(DateTimeOffset at, string method, string path, JsonNode? body)
{
    private volatile int _status;

    public DateTimeOffset At => at;

    public string Method => method;

    /// <summary>After the base address, without a query, segments unescaped.</summary>
    public string Path => path;

    /// <summary>Null when there was none, or it was no JSON.</summary>
    public JsonNode? Body => body;

    /// <summary>What was answered; 0: nothing, or not yet.</summary>
    public int Status
    {
        get => _status;
        internal set => _status = value;
    }

    public override string ToString() => $"{method} {path}";
}

/// <summary>A message as it was added to a thread.</summary>
/// <param name="EpisodeId">What the graph calls it.</param>
public sealed record FakeZepMessage(
    string Id, string ThreadId, string UserId, string Content, string Role, string? Name, DateTimeOffset? CreatedAt, string? MemoryId, DateTimeOffset ReceivedAt,
    DateTimeOffset ProcessedAt, string EpisodeId);

/// <summary>An edge of a user's graph.</summary>
/// <param name="Episodes">Messages it was derived of; none for one that was added as a triple.</param>
/// <param name="FoundFrom">When searches find it.</param>
public sealed record FakeZepEdge(
    string Id, string UserId, string Name, string Fact, string Source, string Target, DateTimeOffset CreatedAt, DateTimeOffset? ValidAt, DateTimeOffset? InvalidAt,
    DateTimeOffset? ExpiredAt, IReadOnlyList<string> Episodes, DateTimeOffset FoundFrom);

/// <summary>An answer, before quirks.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">JSON; null: none.</param>
/// <param name="Text">Text instead of it.</param>
internal sealed record FakeZepAnswer(int Status, JsonNode? Body = null, string? Text = null)
{
    public static FakeZepAnswer Ok => Says(200, "OK");

    public static FakeZepAnswer NotFound => Says(404, "not found");

    /// <summary>The router's own.</summary>
    public static FakeZepAnswer NoRoute => new(404, Text: "404 page not found\n");

    public static FakeZepAnswer Says(int status, string message) => new(status, new JsonObject { ["message"] = message });

    public static FakeZepAnswer Bad(string message) => Says(400, $"bad request: {message}");
}
