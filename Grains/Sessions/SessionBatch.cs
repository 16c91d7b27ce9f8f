using System.Collections.Immutable;

namespace Actors.Sessions;

/// <summary>One call's memories to store, or its event to delete, on the way into a commit.</summary>
internal sealed class SessionWrite(ImmutableArray<NewMemory> memories, Guid? removedId, CancellationToken withdrawn)
{
    public ImmutableArray<NewMemory> Memories => memories;

    public Guid? RemovedId => removedId;

    /// <summary>Its caller has given up; asked before the commit is sent.</summary>
    public bool IsWithdrawn => withdrawn.IsCancellationRequested;

    public int Size => Math.Max(1, memories.Length);

    public long Characters { get; } = memories.Sum(memory => (long)memory.Content.Length + memory.MetadataJson.Length);

    /// <summary>What was stored, once <see cref="Commit"/> has succeeded.</summary>
    public ImmutableArray<EventRecord> Added { get; set; }

    /// <summary>Whether the event was there to be deleted, once <see cref="Commit"/> has succeeded.</summary>
    public bool Removed { get; set; }

    /// <summary>The commit it was part of, set when its batch has ended. Cancelled when it was withdrawn.</summary>
    public Task Commit { get; set; } = Task.FromCanceled(new CancellationToken(canceled: true));
}

/// <summary>Writes that go into one commit.</summary>
internal sealed class SessionBatch
{
    private readonly List<SessionWrite> _writes = [];

    public IEnumerable<SessionWrite> Writes => _writes;

    public int Size { get; private set; }

    public long Characters { get; private set; }

    /// <summary>Ends when the outcome of every write is known.</summary>
    public Task Ended { get; set; } = Task.CompletedTask;

    public void Add(SessionWrite write)
    {
        _writes.Add(write);
        Size += write.Size;
        Characters += write.Characters;
    }
}
