namespace Actors.Sessions.Recall;

/// <summary>
/// Keeps the memories of each conversation in the order in which they occurred, then in which they became known, and each
/// entry's neighbours with it. Whatever order they are put in, the outcome is the same.
/// </summary>
internal sealed class Conversations(EntryTable entries)
{
    private const int BytesPerConversation = 140;
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<List<int>> _members = [];

    public int Count => _members.Count;

    /// <summary>Estimate of the bytes it takes, without what each member takes.</summary>
    public long Bytes => _members.Count * (long)BytesPerConversation;

    /// <summary>Puts an entry into its place.</summary>
    /// <returns>The conversation's number.</returns>
    public int Enter(string id, int ordinal)
    {
        if (!_numbers.TryGetValue(id, out var number))
        {
            number = _members.Count;
            _numbers.Add(id, number);
            _members.Add(new List<int>(1));
        }

        var members = _members[number];
        var place = members.Count > 0 && Compare(members[^1], ordinal) > 0 ? ~members.BinarySearch(ordinal, Order) : members.Count;
        members.Insert(place, ordinal);
        Join(place > 0 ? members[place - 1] : IndexEntry.None, ordinal);
        Join(ordinal, place + 1 < members.Count ? members[place + 1] : IndexEntry.None);
        return number;
    }

    /// <summary>Takes an entry out; its neighbours become each other's.</summary>
    public void Leave(int ordinal)
    {
        ref var entry = ref entries[ordinal];
        var members = _members[entry.Conversation];
        members.RemoveAt(members.BinarySearch(ordinal, Order));
        Join(entry.Previous, entry.Next);
        entry.Previous = entry.Next = IndexEntry.None;
    }

    private IComparer<int> Order => field ??= Comparer<int>.Create(Compare);

    private int Compare(int x, int y)
    {
        var (first, second) = ((EventRecord)entries[x].Memory!, (EventRecord)entries[y].Memory!);
        var order = first.OccurredAt.CompareTo(second.OccurredAt);
        order = order != 0 ? order : first.CreatedAt.CompareTo(second.CreatedAt);
        return order != 0 ? order : first.Id.CompareTo(second.Id);
    }

    private void Join(int first, int second)
    {
        if (first != IndexEntry.None)
        {
            entries[first].Next = second;
        }

        if (second != IndexEntry.None)
        {
            entries[second].Previous = first;
        }
    }
}
