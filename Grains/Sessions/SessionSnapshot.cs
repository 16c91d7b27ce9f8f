using Actors.Facts;
using Actors.Storage;

namespace Actors.Sessions;

/// <summary>What an activation starts from: the newest memories of a client, as many as its session may hold.</summary>
/// <param name="head">The head they belong to.</param>
/// <param name="options">The limits.</param>
internal sealed class SessionSnapshot(SessionHead head, SessionOptions options)
{
    private readonly List<FactRecord> _facts = [];
    private readonly List<EventRecord> _events = [];
    private long _characters;

    public SessionHead Head { get; } = head;

    /// <summary>Texts of theirs that repeat.</summary>
    public SharedTexts Texts { get; } = new();

    public int Count => _facts.Count + _events.Count;

    /// <summary>How much memory the session will take, as <see cref="HotSession.Bytes"/>.</summary>
    public long Bytes => HotSession.EstimateBytes(Count, _characters);

    /// <summary>How many more there is room for.</summary>
    public int Room => options.MaxHotEvents - Count;

    /// <summary>How many characters more there is room for.</summary>
    public long RoomForCharacters => options.MaxHotCharacters - _characters;

    /// <summary>False: the client has more, and these are the newest.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>Events oldest first, then facts oldest first: in what order they go when there are too many.</summary>
    public IEnumerable<IMemory> Memories => _events.AsEnumerable().Reverse().Concat<IMemory>(_facts.AsEnumerable().Reverse());

    /// <param name="fact">Older than those added before.</param>
    /// <returns>False: there is no room for it.</returns>
    public bool TryAdd(FactRecord fact) => TryAdd(fact, _facts);

    /// <param name="memory">Older than those added before.</param>
    /// <returns>False: there is no room for it.</returns>
    public bool TryAdd(EventRecord memory) => TryAdd(memory, _events);

    private bool TryAdd<T>(T memory, List<T> memories)
        where T : IMemory
    {
        var characters = MemoryTexts.Characters(memory);
        // The newest of all always has room.
        if (Room <= 0 || (Count > 0 && characters > RoomForCharacters))
        {
            return IsComplete = false;
        }

        _characters += characters;
        memories.Add(memory);
        return true;
    }
}
