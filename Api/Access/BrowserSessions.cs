using System.Buffers.Text;
using System.Security.Cryptography;

namespace Actors.Access;

/// <summary>
/// Who has signed in with a browser: random session ids, each for the key it was opened with. They live in this process
/// alone, so a restart ends them, and they are worth what their key is worth at the moment of each request.
/// </summary>
internal sealed class BrowserSessions(TimeProvider time)
{
    public const string CookieName = "pm_session";

    /// <summary>How long a session lasts.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    /// <summary>Most sessions of all keys, and of one: the oldest ends when another begins.</summary>
    public const int MaxSessions = 10_000;
    public const int MaxSessionsPerKey = 100;

    private const int IdBytes = 32;

    private readonly Lock _lock = new();
    private readonly Dictionary<KeyHash, LinkedListNode<Session>> _byHash = [];
    private readonly LinkedList<Session> _oldestFirst = [];

    /// <returns>The session's id, for the cookie. Only its hash is kept.</returns>
    public string Open(Guid keyId)
    {
        var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes));
        var now = time.GetUtcNow();
        lock (_lock)
        {
            while (_oldestFirst.First is { } oldest && (oldest.Value.EndsAt <= now || _oldestFirst.Count >= MaxSessions))
            {
                Remove(oldest);
            }

            var ofKey = _oldestFirst.Where(session => session.KeyId == keyId).ToList();
            if (ofKey.Count >= MaxSessionsPerKey)
            {
                Remove(_byHash[ofKey[0].Hash]);
            }

            var hash = KeyHash.Of(id)!.Value;
            _byHash.Add(hash, _oldestFirst.AddLast(new Session(hash, keyId, now + Lifetime)));
        }

        return id;
    }

    /// <summary>The key a session was opened with; null when there is no such session, or no longer.</summary>
    public Guid? FindKey(string id)
    {
        if (KeyHash.Of(id) is not { } hash)
        {
            return null;
        }

        lock (_lock)
        {
            return _byHash.TryGetValue(hash, out var node) && node.Value.EndsAt > time.GetUtcNow() ? node.Value.KeyId : null;
        }
    }

    public void Close(string id)
    {
        lock (_lock)
        {
            if (KeyHash.Of(id) is { } hash && _byHash.TryGetValue(hash, out var node))
            {
                Remove(node);
            }
        }
    }

    private void Remove(LinkedListNode<Session> node)
    {
        _byHash.Remove(node.Value.Hash);
        _oldestFirst.Remove(node);
    }

    private sealed record Session(KeyHash Hash, Guid KeyId, DateTimeOffset EndsAt);
}
