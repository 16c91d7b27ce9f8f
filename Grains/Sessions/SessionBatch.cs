using System.Collections.Immutable;
using Actors.Facts;
using Actors.Idempotency;

namespace Actors.Sessions;

/// <summary>One call's memories to store, event to delete or fact to write, on the way into a commit.</summary>
internal sealed class SessionWrite(CancellationToken withdrawn)
{
    public ImmutableArray<NewMemory> Memories { get; init; } = [];

    public Guid? RemovedId { get; init; }

    public FactWrite? Fact { get; init; }

    /// <summary>By what a repeat of the request is recognised.</summary>
    public IdempotencyKey? IdempotencyKey { get; init; }

    /// <summary>Its caller has given up; asked before the commit is sent.</summary>
    public bool IsWithdrawn => withdrawn.IsCancellationRequested;

    public int Size => Math.Max(1, Memories.Length);

    public long Characters =>
        Memories.Sum(memory => (long)memory.Content.Length + memory.MetadataJson.Length)
        + (Fact?.Added is { } added ? added.Content.Length + added.MetadataJson.Length : 0)
        + (Fact?.After?.Content.Length ?? 0);

    /// <summary>What is stored for its memories, once <see cref="Commit"/> has succeeded; repeats included.</summary>
    public ImmutableArray<EventRecord> Stored { get; set; } = [];

    /// <summary>For each of those, whether it was there before.</summary>
    public ImmutableArray<bool> IsRepeat { get; set; } = [];

    /// <summary>The version the commit made, and the epoch it belongs to, once <see cref="Commit"/> has succeeded.</summary>
    public (long Version, long EraseEpoch) StoredAt { get; set; }

    /// <summary>Those which are new, as Postgres holds them, each with its place among <see cref="Stored"/>.</summary>
    public ImmutableArray<(int Place, EventRecord Memory)> Added { get; set; } = [];

    /// <summary>Whether the event was there to be deleted, once <see cref="Commit"/> has succeeded.</summary>
    public bool Removed { get; set; }

    /// <summary>What became of the fact, once <see cref="Commit"/> has succeeded.</summary>
    public FactAnswer? FactAnswer { get; set; }

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
