using System.Globalization;
using System.Text.Json.Nodes;

namespace Actors.Support;

/// <summary>What a <see cref="FakeZep"/> holds: users, their threads of messages, and their graphs.</summary>
internal sealed class FakeZepGraph(ZepQuirks quirks, TimeProvider time)
{
    private static readonly char[] Separators = [.. Enumerable.Range(0, 128).Select(code => (char)code).Where(c => !char.IsAsciiLetterOrDigit(c))];

    private readonly Lock _lock = new();
    private readonly HashSet<string> _users = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _threads = new(StringComparer.Ordinal);
    private readonly List<FakeZepMessage> _messages = [];
    private readonly List<FakeZepEdge> _edges = [];

    public IReadOnlyList<string> Users => Read(() => _users.Order(StringComparer.Ordinal).ToArray());

    public IReadOnlyList<string> Threads => Read(() => _threads.Keys.Order(StringComparer.Ordinal).ToArray());

    public IReadOnlyList<FakeZepMessage> Messages => Read(() => _messages.ToArray());

    public IReadOnlyList<FakeZepEdge> Edges => Read(() => _edges.ToArray());

    /// <returns>Whether there was none.</returns>
    public bool AddUser(string userId) => Read(() => _users.Add(userId));

    public bool HasUser(string userId) => Read(() => _users.Contains(userId));

    public string? UserOf(string threadId) => Read(() => _threads.GetValueOrDefault(threadId));

    public bool AddThread(string threadId, string userId) => Read(() => _threads.TryAdd(threadId, userId));

    /// <returns>Null when one of them is there already: then none is added.</returns>
    public IReadOnlyList<string>? AddMessages(string threadId, IReadOnlyList<JsonNode> messages)
    {
        lock (_lock)
        {
            var wanted = messages.Select(message => (string?)message["uuid"]).OfType<string>().ToHashSet(StringComparer.Ordinal);
            if (quirks.KeepsMessageIds && _messages.Any(known => wanted.Contains(known.Id)))
            {
                return null;
            }

            var added = messages.Select(message => Message(threadId, _threads[threadId], message)).ToArray();
            _messages.AddRange(added);
            _edges.AddRange(added.Select(Derive));
            return [.. added.Select(message => message.Id)];
        }
    }

    /// <summary>Adds a text that belongs to no thread.</summary>
    public FakeZepMessage AddData(string userId, string data)
    {
        lock (_lock)
        {
            var added = Message("", userId, new JsonObject { ["content"] = data, ["role"] = "norole" });
            _messages.Add(added);
            _edges.Add(Derive(added));
            return added;
        }
    }

    /// <returns>Null when one of that id is there already.</returns>
    public FakeZepEdge? AddEdge(FakeZepEdge edge)
    {
        lock (_lock)
        {
            if (_edges.Any(known => known.Id == edge.Id))
            {
                return null;
            }

            if (quirks.MergesEdges && _edges.FirstOrDefault(known => (known.UserId, known.Source, known.Name, known.Fact) == (edge.UserId, edge.Source, edge.Name, edge.Fact)) is { } same)
            {
                return same;
            }

            for (var i = 0; quirks.EndsContradicted && i < _edges.Count; i++)
            {
                var known = _edges[i];
                if ((known.UserId, known.Source, known.Name, known.InvalidAt) == (edge.UserId, edge.Source, edge.Name, null) && known.Fact != edge.Fact)
                {
                    _edges[i] = known with { InvalidAt = edge.ValidAt ?? edge.CreatedAt, ExpiredAt = time.GetUtcNow() };
                }
            }

            var found = edge with { FoundFrom = time.GetUtcNow() + quirks.IngestionDelay + quirks.SearchLag };
            _edges.Add(found);
            return found;
        }
    }

    /// <returns>What it is now; null: there is none, or not yet.</returns>
    public FakeZepEdge? ChangeEdge(string edgeId, Func<FakeZepEdge, FakeZepEdge> change)
    {
        lock (_lock)
        {
            var index = _edges.FindIndex(edge => edge.Id == edgeId && IsProcessed(edge));
            return index < 0 ? null : _edges[index] = change(_edges[index]);
        }
    }

    public bool RemoveEdge(string edgeId) => Read(() => _edges.RemoveAll(edge => edge.Id == edgeId && IsProcessed(edge)) > 0);

    /// <summary>Takes a message away, and the edges that were derived of it alone. One that is not processed yet is not there.</summary>
    public bool RemoveEpisode(string episodeId) => Read(() =>
    {
        if (!_messages.Any(message => message.EpisodeId == episodeId && (quirks.IngestionDelay == TimeSpan.Zero || message.ProcessedAt <= time.GetUtcNow())))
        {
            return false;
        }

        _edges.RemoveAll(edge => !quirks.KeepsWhatItDerived && edge.Episodes is [var only] && only == episodeId);
        return _messages.RemoveAll(message => message.EpisodeId == episodeId) > 0;
    });

    public bool RemoveUser(string userId) => Read(() =>
    {
        _edges.RemoveAll(edge => edge.UserId == userId);
        _messages.RemoveAll(message => message.UserId == userId);
        foreach (var (thread, _) in _threads.Where(thread => thread.Value == userId).ToArray())
        {
            _threads.Remove(thread);
        }

        return _users.Remove(userId);
    });

    /// <summary>Edges that are found by now, by the share of the question's words they hold, at least one; those that ended too.</summary>
    public IReadOnlyList<(FakeZepEdge Edge, double Score)> Search(string userId, string query, int limit)
    {
        var now = time.GetUtcNow();
        var asked = Words(query);
        return Read(() => _edges.Where(edge => edge.UserId == userId && edge.FoundFrom <= now)
            .Select(edge => (Edge: edge, Score: asked.Count == 0 ? 0 : (double)asked.Intersect(Words(edge.Fact)).Count() / asked.Count))
            .Where(hit => hit.Score > 0).OrderByDescending(hit => hit.Score).ThenByDescending(hit => hit.Edge.CreatedAt).Take(limit).ToArray());
    }

    public static DateTimeOffset? TimeOf(JsonNode? value) =>
        value is null ? null : DateTimeOffset.Parse((string)value!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static HashSet<string> Words(string text) =>
        [.. text.ToLowerInvariant().Split(Separators, StringSplitOptions.RemoveEmptyEntries)];

    private FakeZepMessage Message(string threadId, string userId, JsonNode message)
    {
        var id = quirks.GivesId is { } given ? given : quirks.KeepsMessageIds && (string?)message["uuid"] is { } wanted ? wanted : Guid.NewGuid().ToString();
        return new(
            id, threadId, userId, (string)message["content"]!, (string)message["role"]!, (string?)message["name"], TimeOf(message["created_at"]),
            (string?)message["metadata"]?["memory_id"], time.GetUtcNow(), time.GetUtcNow() + quirks.IngestionDelay,
            quirks.EpisodesAreMessages ? id : Guid.NewGuid().ToString());
    }

    private bool IsProcessed(FakeZepEdge edge) => quirks.IngestionDelay == TimeSpan.Zero || edge.FoundFrom - quirks.SearchLag <= time.GetUtcNow();

    // What a language model makes of a message there: here what it says.
    private FakeZepEdge Derive(FakeZepMessage message) => new(
        Guid.NewGuid().ToString(), message.UserId, "SAID", message.Content, message.Name ?? message.Role, "conversation", message.ReceivedAt, message.CreatedAt,
        InvalidAt: null, ExpiredAt: null, [message.EpisodeId], message.ProcessedAt + quirks.SearchLag);

    private T Read<T>(Func<T> read)
    {
        lock (_lock)
        {
            return read();
        }
    }
}
