using System.Collections.Immutable;
using Actors.Storage;

namespace Actors.Sessions;

/// <summary>
/// Joins the concurrent writes of one session into shared commits. A write that finds no commit under way is sent at
/// once; those that come meanwhile join the open batch, which is sent when the one before it has ended. There is no timer:
/// the wait is the commit before. Runs on the activation's turns.
/// </summary>
internal sealed class SessionCommits(string clientId, HotSession session, SessionStore store, SessionOptions options, TimeProvider time)
{
    // A conflict means that another writer committed meanwhile. That several in a row do is no passing accident.
    private const int MaxConflicts = 5;

    private SessionBatch? _open;
    private Task _last = Task.CompletedTask;
    private int _waitingMemories;
    private long _waitingCharacters;

    /// <summary>Stores memories with the next commit.</summary>
    /// <returns>The events as stored, in the order given.</returns>
    public async Task<ImmutableArray<EventRecord>> AddAsync(ImmutableArray<NewMemory> memories, CancellationToken cancellationToken)
    {
        var write = new SessionWrite(memories, null, cancellationToken);
        await JoinAsync(write);
        return write.Added;
    }

    /// <summary>Deletes an event with the next commit.</summary>
    /// <returns>False when there is no such event.</returns>
    public async Task<bool> RemoveAsync(Guid eventId, CancellationToken cancellationToken)
    {
        var write = new SessionWrite([], eventId, cancellationToken);
        await JoinAsync(write);
        return write.Removed;
    }

    /// <summary>Takes over what other writers committed.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached; the session stays behind.</exception>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        var doubts = session.DoubtsSoFar;
        session.Apply(await store.LoadChangesAsync(clientId, session.Version, cancellationToken), doubts);
    }

    private async Task JoinAsync(SessionWrite write)
    {
        if (_waitingMemories + write.Size > options.MaxWaitingMemories || _waitingCharacters + write.Characters > options.MaxWaitingCharacters)
        {
            throw new SessionBusyException(
                $"More than {options.MaxWaitingMemories} memories or {options.MaxWaitingCharacters} characters of this client would wait to be stored.");
        }

        if (_open is not { } batch || batch.Size >= options.MemoriesPerCommit || batch.Characters >= options.CharactersPerCommit)
        {
            _open = batch = new SessionBatch();
            batch.Add(write);
            _last = batch.Ended = SendAsync(batch, _last);
        }
        else
        {
            batch.Add(write);
        }

        _waitingMemories += write.Size;
        _waitingCharacters += write.Characters;
        await batch.Ended;
        _waitingMemories -= write.Size;
        _waitingCharacters -= write.Characters;
        await write.Commit;
    }

    // Never fails itself: how each write ended stands in its Commit.
    private async Task SendAsync(SessionBatch batch, Task before)
    {
        await before;
        if (_open == batch)
        {
            _open = null;
        }

        await SendAsync([.. batch.Writes.Where(write => !write.IsWithdrawn)]);
    }

    // When a memory is refused, nothing of its commit is stored. Halves that succeed are done; the faulty one ends alone.
    private async Task SendAsync(SessionWrite[] writes)
    {
        if (writes.Length == 0)
        {
            return;
        }

        var commit = CommitAsync(writes);
        await Task.WhenAny(commit);
        if (writes.Length > 1 && commit.Exception?.InnerException is MemoryRefusedException)
        {
            await SendAsync(writes[..(writes.Length / 2)]);
            await SendAsync(writes[(writes.Length / 2)..]);
            return;
        }

        foreach (var write in writes)
        {
            write.Commit = commit;
        }
    }

    private async Task CommitAsync(SessionWrite[] writes)
    {
        for (var attempt = 0; attempt < MaxConflicts; attempt++)
        {
            if (session.IsBehind)
            {
                await CatchUpAsync(CancellationToken.None);
            }

            if (await TrySendAsync(Stamp(writes)) is { } committed)
            {
                session.Apply(committed);
                Distribute(committed, writes);
                return;
            }

            session.Doubt();
        }

        throw new StorageUnavailableException("Other writers keep changing this client's memory; nothing was written.");
    }

    private async Task<SessionCommitted?> TrySendAsync(SessionCommit commit)
    {
        try
        {
            return await store.CommitAsync(clientId, session.Version, commit);
        }
        catch (OutcomeUnknownException)
        {
            // If it was stored after all, the version has moved without us.
            session.Doubt();
            throw;
        }
    }

    // Transaction times are given as late as possible, so that a session's order of times is its order of commits.
    private SessionCommit Stamp(SessionWrite[] writes)
    {
        var last = session.LastRecordedAt;
        var added = ImmutableArray.CreateBuilder<EventRecord>();
        foreach (var memory in writes.SelectMany(write => write.Memories))
        {
            last = SessionRules.NextTime(time.GetUtcNow(), last);
            added.Add(SessionRules.ToRecord(memory, clientId, last.Value));
        }

        return new SessionCommit(added.ToImmutable(), [.. writes.Select(write => write.RemovedId).OfType<Guid>()]);
    }

    private static void Distribute(SessionCommitted committed, SessionWrite[] writes)
    {
        var next = 0;
        foreach (var write in writes)
        {
            write.Added = committed.Added.Slice(next, write.Memories.Length);
            write.Removed = write.RemovedId is { } id && committed.Removed.Contains(id);
            next += write.Memories.Length;
        }
    }
}
