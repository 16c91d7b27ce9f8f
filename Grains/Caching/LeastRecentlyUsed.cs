using System.Diagnostics.CodeAnalysis;

namespace Actors.Caching;

/// <summary>Values by text, as many as there is room for: when there are more, those go that were not used for the longest. Not thread safe.</summary>
/// <param name="room">How much all values may take, in the unit of <paramref name="sizeOf"/>, at least 0.</param>
/// <param name="sizeOf">How much a value takes with its key, at least 1, and always the same.</param>
public sealed class LeastRecentlyUsed<TValue>(long room, Func<string, TValue, long> sizeOf)
{
    private readonly Dictionary<string, LinkedListNode<(string Key, TValue Value)>> _byKey = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Key, TValue Value)> _lastUsedFirst = [];
    private long _size;

    /// <summary>How much all values take.</summary>
    public long Size => _size;

    public bool TryGet(string key, [MaybeNullWhen(false)] out TValue value)
    {
        if (!_byKey.TryGetValue(key, out var node))
        {
            value = default;
            return false;
        }

        if (node.Previous is not null)
        {
            _lastUsedFirst.Remove(node);
            _lastUsedFirst.AddFirst(node);
        }

        value = node.Value.Value;
        return true;
    }

    /// <summary>Keeps a value in the place of the one the key may have; none at all when it is larger than the room.</summary>
    public void Put(string key, TValue value)
    {
        Remove(key);
        var size = sizeOf(key, value);
        if (size > room)
        {
            return;
        }

        while (_size + size > room)
        {
            Remove(_lastUsedFirst.Last!.Value.Key);
        }

        _byKey.Add(key, _lastUsedFirst.AddFirst((key, value)));
        _size += size;
    }

    public void Remove(string key)
    {
        if (_byKey.Remove(key, out var node))
        {
            _lastUsedFirst.Remove(node);
            _size -= sizeOf(key, node.Value.Value);
        }
    }

    /// <summary>Removes all values whose keys are such.</summary>
    /// <returns>How many there were.</returns>
    public int RemoveAll(Func<string, bool> isSuch)
    {
        var keys = _byKey.Keys.Where(isSuch).ToList();
        keys.ForEach(Remove);
        return keys.Count;
    }

    public void Clear()
    {
        _byKey.Clear();
        _lastUsedFirst.Clear();
        _size = 0;
    }
}
