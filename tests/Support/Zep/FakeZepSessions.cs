using System.Text.Json.Nodes;

namespace Actors.Support;

/// <summary>What is left of Zep's routes of v2, for servers that still have them.</summary>
internal sealed class FakeZepSessions(FakeZepGraph graph, ZepQuirks quirks)
{
    private static readonly string[] Roots = ["sessions", "sessions-ordered", "facts", "groups", "groups-ordered"];

    /// <summary>Whether a path is one of theirs; servers that have lost them do not know it.</summary>
    public static bool Owns(string[] path) => Roots.Contains(path[0]);

    public FakeZepAnswer Answer(string method, string[] path, IReadOnlyDictionary<string, string> query, JsonNode? body) => (method, path) switch
    {
        _ when !quirks.HasSessions => FakeZepAnswer.NoRoute,
        ("POST", ["sessions"]) => AddSession(body!),
        ("POST", ["sessions", "search"]) => Number(query, "limit") < 0 ? FakeZepAnswer.Bad("limit must not be negative") : new(200, new JsonObject { ["results"] = new JsonArray() }),
        ("POST", ["sessions", var id, "memory"]) => AddMemory(id, body!),
        ("GET", ["sessions", var id, "memory"]) => Memory(id, Number(query, "lastn")),
        ("GET", ["sessions", var id]) => graph.UserOf(id) is { } user ? new(200, Session(id, user)) : FakeZepAnswer.NotFound,
        ("DELETE", ["facts", var id]) => graph.RemoveEdge(id) ? new(200) : FakeZepAnswer.NotFound,
        ("POST", ["groups"]) => new(201, new JsonObject { ["group_id"] = (string?)body!["group_id"] }),
        _ => FakeZepAnswer.NoRoute,
    };

    // What the SDK of 2.1.0 sends for what it was not given: nothing, which is 0.
    private static int Number(IReadOnlyDictionary<string, string> query, string name) =>
        query.GetValueOrDefault(name) is { Length: > 0 } text ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 0;

    private FakeZepAnswer AddSession(JsonNode body)
    {
        var (id, user) = ((string)body["session_id"]!, (string)body["user_id"]!);
        return !graph.HasUser(user) ? FakeZepAnswer.Says(400, "user not found")
            : graph.AddThread(id, user) ? new(201, Session(id, user))
            : FakeZepAnswer.Says(quirks.DuplicateStatus, $"bad request: session already exists with session_id: {id}");
    }

    private FakeZepAnswer AddMemory(string session, JsonNode body)
    {
        // The role's two members have changed places since.
        var messages = body["messages"]!.AsArray().Select(message => (JsonNode)new JsonObject
        {
            ["content"] = (string)message!["content"]!, ["role"] = (string)message["role_type"]!, ["name"] = (string?)message["role"], ["uuid"] = (string?)message["uuid"],
        }).ToArray();
        return graph.UserOf(session) is null ? FakeZepAnswer.NotFound
            : graph.AddMessages(session, messages) is null ? FakeZepAnswer.Says(quirks.DuplicateStatus, "bad request: message_uuid already exists")
            : FakeZepAnswer.Says(201, "OK");
    }

    private FakeZepAnswer Memory(string session, int last) => last < 0
        ? FakeZepAnswer.Bad("lastn must not be negative")
        : new(200, new JsonObject
        {
            ["messages"] = new JsonArray([.. graph.Messages.Where(message => message.ThreadId == session).TakeLast(last == 0 ? 6 : last)
                .Select(message => new JsonObject { ["uuid"] = message.Id, ["content"] = message.Content, ["role_type"] = message.Role, ["role"] = message.Name })]),
        });

    private static JsonObject Session(string id, string user) => new() { ["session_id"] = id, ["user_id"] = user };
}
