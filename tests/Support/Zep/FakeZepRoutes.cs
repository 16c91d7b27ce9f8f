using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Actors.Support;

/// <summary>Zep's routes of v3, which lie under <c>/api/v2</c>.</summary>
internal sealed partial class FakeZepRoutes(FakeZepGraph graph, ZepQuirks quirks, TimeProvider time)
{
    private const int MostMessages = 30;
    private const int MostHits = 50;
    private const int LongestQuery = 400;
    private const int MostData = 10_000;

    public FakeZepAnswer Answer(string method, string[] path, JsonNode? body) => (method, path) switch
    {
        ("POST", ["users"]) => AddUser(body!),
        ("GET", ["users-ordered"]) => UsersOrdered(),
        ("GET", ["users", var id]) => graph.HasUser(id) ? new(200, User(id)) : FakeZepAnswer.NotFound,
        ("DELETE", ["users", var id]) => graph.RemoveUser(id) ? FakeZepAnswer.Ok : FakeZepAnswer.NotFound,
        ("POST", ["threads"]) => AddThread(body!),
        ("POST", ["threads", var id, "messages"]) => AddMessages(id, body!),
        ("GET", ["threads", var id, "messages"]) => Messages(id),
        ("POST", ["graph"]) => AddData(body!),
        ("POST", ["graph", "add-fact-triple"]) => AddTriple(body!),
        ("POST", ["graph", "search"]) => Search(body!),
        // By GET until 2025.
        ("POST", ["graph", "edge", "user", var id]) => new(200, new JsonArray([.. graph.Edges.Where(edge => edge.UserId == id).Select(Edge)])),
        ("PATCH", ["graph", "edge", var id]) => graph.ChangeEdge(id, edge => Changed(edge, body!)) is { } changed ? new(200, Edge(changed)) : FakeZepAnswer.NotFound,
        ("DELETE", ["graph", "edge", var id]) => graph.RemoveEdge(id) ? FakeZepAnswer.Ok : FakeZepAnswer.NotFound,
        ("GET", ["graph", "episodes", var id]) => graph.Messages.FirstOrDefault(message => message.EpisodeId == id) is { } found ? new(200, Episode(found)) : FakeZepAnswer.NotFound,
        ("DELETE", ["graph", "episodes", var id]) => graph.RemoveEpisode(id) ? FakeZepAnswer.Ok : FakeZepAnswer.NotFound,
        ("GET", ["projects", "info"]) when quirks.HasProjectInfo => new(200, new JsonObject { ["project"] = new JsonObject { ["name"] = "fake", ["uuid"] = Guid.Empty.ToString() } }),
        _ => FakeZepAnswer.NoRoute,
    };

    private FakeZepAnswer AddUser(JsonNode body) =>
        (string?)body["user_id"] is not { Length: > 0 } id ? FakeZepAnswer.Bad("UserID cannot be empty")
        : graph.AddUser(id) ? new(201, User(id))
        : FakeZepAnswer.Says(quirks.DuplicateStatus, $"bad request: user already exists with user_id: {id}");

    private FakeZepAnswer UsersOrdered() => new(200, new JsonObject
    {
        ["users"] = new JsonArray([.. graph.Users.Select(User)]),
        ["total_count"] = graph.Users.Count,
        ["row_count"] = graph.Users.Count,
    });

    private FakeZepAnswer AddThread(JsonNode body)
    {
        var (id, user) = ((string)body["thread_id"]!, (string)body["user_id"]!);
        return !graph.HasUser(user) ? FakeZepAnswer.Says(400, "user not found")
            : !graph.AddThread(id, user) ? FakeZepAnswer.Says(quirks.DuplicateStatus, $"bad request: thread with id {id} already exists")
            : new(201, new JsonObject { ["uuid"] = Guid.NewGuid().ToString(), ["thread_id"] = id, ["user_id"] = user, ["created_at"] = Text(time.GetUtcNow()) });
    }

    private FakeZepAnswer AddMessages(string thread, JsonNode body)
    {
        var messages = body["messages"]!.AsArray().Select(message => message!).ToArray();
        if (messages.Length > MostMessages)
        {
            return FakeZepAnswer.Says(400, $"max messages per memory of {MostMessages} exceeded. reduce the number of messages in your request");
        }

        if (messages.Any(message => ((string)message["content"]!).EnumerateRunes().Count() > quirks.MessageLength))
        {
            return FakeZepAnswer.Says(400, $"message content exceeds {quirks.MessageLength} characters");
        }

        return messages.Any(message => (string?)message["role"] is not ("norole" or "system" or "assistant" or "user" or "function" or "tool"))
            ? FakeZepAnswer.Says(400, "messages are required to have a RoleType")
            : graph.UserOf(thread) is null ? FakeZepAnswer.NotFound
            : graph.AddMessages(thread, messages) is not { } ids ? FakeZepAnswer.Says(quirks.DuplicateStatus, "bad request: message_uuid already exists")
            : new(200, quirks.TellsMessageIds
                ? new JsonObject { ["context"] = null, ["message_uuids"] = Array(ids), ["task_id"] = Guid.NewGuid().ToString() }
                : new JsonObject { ["context"] = null });
    }

    private FakeZepAnswer Messages(string thread)
    {
        var messages = graph.Messages.Where(message => message.ThreadId == thread).ToArray();
        return graph.UserOf(thread) is null ? FakeZepAnswer.NotFound : new(200, new JsonObject
        {
            ["messages"] = new JsonArray([.. messages.Select(message => new JsonObject
            {
                ["uuid"] = message.Id, ["content"] = message.Content, ["role"] = message.Role, ["name"] = message.Name,
                ["created_at"] = Text(message.CreatedAt ?? message.ReceivedAt), ["processed"] = message.ProcessedAt <= time.GetUtcNow(),
            })]),
            ["total_count"] = messages.Length,
            ["row_count"] = messages.Length,
        });
    }

    private FakeZepAnswer AddData(JsonNode body)
    {
        var (user, data) = ((string?)body["user_id"] ?? "", (string?)body["data"] ?? "");
        return data.Length is 0 or > MostData ? FakeZepAnswer.Bad($"data must have 1 to {MostData} characters")
            : !graph.HasUser(user) ? FakeZepAnswer.NotFound
            : new(202, Episode(graph.AddData(user, data)));
    }

    private FakeZepAnswer AddTriple(JsonNode body)
    {
        var (user, fact, name) = ((string?)body["user_id"] ?? "", (string?)body["fact"] ?? "", (string?)body["fact_name"] ?? "");
        var (source, target) = ((string?)body["source_node_name"] ?? "", (string?)body["target_node_name"] ?? "");
        if (fact.Length is 0 or > 250 || name.Length > 50 || !FactName().IsMatch(name) || source.Length is 0 or > 50 || target.Length is 0 or > 50)
        {
            return FakeZepAnswer.Bad("fact, fact_name or a node name is missing, too long or of the wrong form");
        }

        if (!graph.HasUser(user))
        {
            return FakeZepAnswer.NotFound;
        }

        var wanted = quirks.GivesId is { } given ? given : quirks.KeepsFactIds ? (string?)body["fact_uuid"] : null;
        return graph.AddEdge(new FakeZepEdge(
            wanted ?? Guid.NewGuid().ToString(), user, name, fact, source, target, FakeZepGraph.TimeOf(body["created_at"]) ?? time.GetUtcNow(),
            FakeZepGraph.TimeOf(body["valid_at"]), FakeZepGraph.TimeOf(body["invalid_at"]), FakeZepGraph.TimeOf(body["expired_at"]), [], FoundFrom: default)) is { } edge
            ? new(200, new JsonObject { ["edge"] = Edge(edge), ["source_node"] = Node(source), ["target_node"] = Node(target), ["task_id"] = Guid.NewGuid().ToString() })
            : FakeZepAnswer.Says(quirks.DuplicateStatus, "bad request: fact_uuid already exists");
    }

    private FakeZepAnswer Search(JsonNode body)
    {
        var (user, query, limit) = ((string?)body["user_id"] ?? "", (string?)body["query"] ?? "", (int?)body["limit"] ?? 10);
        if (query.Length is 0 or > LongestQuery || limit is < 1 or > MostHits)
        {
            return FakeZepAnswer.Bad($"query must have 1 to {LongestQuery} characters, limit must be 1 to {MostHits}");
        }

        if (!graph.HasUser(user))
        {
            return FakeZepAnswer.NotFound;
        }

        if ((string?)body["scope"] is not (null or "edges"))
        {
            return new(200, new JsonObject { ["nodes"] = new JsonArray() });
        }

        var isScored = quirks.TellsScores && (string?)body["reranker"] == "cross_encoder";
        return new(200, new JsonObject
        {
            ["edges"] = new JsonArray([.. graph.Search(user, query, limit).Select(hit =>
            {
                var edge = Edge(hit.Edge);
                if (isScored)
                {
                    (edge["score"], edge["relevance"]) = (hit.Score, hit.Score);
                }

                return edge;
            })]),
            ["nodes"] = new JsonArray(),
        });
    }

    private static FakeZepEdge Changed(FakeZepEdge edge, JsonNode body)
    {
        var given = body.AsObject();
        return edge with
        {
            Fact = (string?)body["fact"] ?? edge.Fact,
            Name = (string?)body["name"] ?? edge.Name,
            ValidAt = given.ContainsKey("valid_at") ? FakeZepGraph.TimeOf(body["valid_at"]) : edge.ValidAt,
            InvalidAt = given.ContainsKey("invalid_at") ? FakeZepGraph.TimeOf(body["invalid_at"]) : edge.InvalidAt,
            // Null clears the other two; nobody says that it clears this one.
            ExpiredAt = FakeZepGraph.TimeOf(body["expired_at"]) ?? edge.ExpiredAt,
        };
    }

    private JsonObject User(string id) => new() { ["uuid"] = Guid.Empty.ToString(), ["user_id"] = id, ["created_at"] = Text(time.GetUtcNow()) };

    private JsonObject Node(string name) => new() { ["uuid"] = Guid.NewGuid().ToString(), ["name"] = name, ["summary"] = "", ["labels"] = new JsonArray(), ["created_at"] = Text(time.GetUtcNow()) };

    private JsonObject Episode(FakeZepMessage message) => new()
    {
        ["uuid"] = message.EpisodeId, ["content"] = message.Content, ["source"] = "message", ["created_at"] = Text(message.CreatedAt ?? message.ReceivedAt),
        ["processed"] = message.ProcessedAt <= time.GetUtcNow(),
    };

    private static JsonObject Edge(FakeZepEdge edge) => new()
    {
        ["uuid"] = edge.Id, ["name"] = edge.Name, ["fact"] = edge.Fact, ["source_node_uuid"] = edge.Source, ["target_node_uuid"] = edge.Target,
        ["created_at"] = Text(edge.CreatedAt), ["valid_at"] = Text(edge.ValidAt), ["invalid_at"] = Text(edge.InvalidAt), ["expired_at"] = Text(edge.ExpiredAt),
        ["episodes"] = Array(edge.Episodes), ["attributes"] = null,
    };

    private static JsonArray Array(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    private static string? Text(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    [GeneratedRegex("^[A-Z][A-Z0-9_]*$")]
    private static partial Regex FactName();
}
