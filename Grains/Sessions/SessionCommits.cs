using Actors.Idempotency;
using Actors.Storage;

namespace Actors.Sessions;

/// <summary>
/// Joins the concurrent writes of one session into shared commits. A write that finds no commit under way is sent at
/// once; those that come meanwhile join the open batch, which is sent when the one before it has ended. There is no timer:
/// the wait is the commit before. Commits go out through the line of the process, which joins those of different sessions. Runs on the activation's turns.
/// </summary>
internal sealed class SessionCommits(
    string clientId, HotSession session, SessionDoubts doubts, SessionCatchUp catchUp, SessionStore store, SessionCommitLine line, SessionZep zep,
    SessionOptions options, TimeProvider time)
{
    // So often a writer of so much that everything has to be read anew may come in between.
    private const int MaxReadings = 3;

    private readonly Dictionary<(Guid, string, string), Task> _keyed = [];
    private SessionBatch? _open;
    private Task _last = Task.CompletedTask;
    private int _waitingMemories;
    private long _waitingCharacters;

    /// <summary>Puts a write into the next commit.</summary>
    /// <returns>When it is committed; the write then knows what became of it.</returns>
    /// <exception cref="AlreadyAnsweredException">A request with the same idempotency key came before.</exception>
    public async Task CommitAsync(SessionWrite write)
    {
        if (write.IdempotencyKey is not { } key)
        {
            await JoinAsync(write);
            return;
        }

        var identity = (key.ApiKeyId, key.Path, key.Key);
        if (_keyed.TryGetValue(identity, out var first))
        {
            // Whatever became of the first one: its caller keeps the answer, or the repeat is as good as the first.
            await Task.WhenAny(first);
            throw new AlreadyAnsweredException();
        }

        try
        {
            await (_keyed[identity] = JoinAsync(write));
        }
        finally
        {
            _keyed.Remove(identity);
        }
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
        if (commit.IsCanceled)
        {
            await SendAsync([.. writes.Where(write => !write.IsWithdrawn)]);
            return;
        }

        if (writes.Length > 1 && SessionRefusals.ConcernsOneWrite(commit.Exception?.InnerException))
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
        for (var readings = 0; readings < MaxReadings; readings++)
        {
            await catchUp.SettleAsync(Timeout.InfiniteTimeSpan, CancellationToken.None);
            var stamp = new SessionStamp(clientId, writes, session, zep, time.GetUtcNow());
            var committed = stamp.Commit.IsEmpty
                ? new SessionCommitted(session.Head.Version, [], [], [])
                : await SendAsync(() => line.CommitAsync(
                    new SessionPart(clientId, session.Head.Version, stamp.Commit), () => writes.Any(write => write.IsWithdrawn)));
            if (committed is null)
            {
                // Another writer was faster. Now the session is locked first, so that nobody can be faster again.
                doubts.Raise();
                var soFar = doubts.SoFar;
                committed = await SendAsync(() => Transactions.AgainAfterDeadlockAsync(() => store.CommitAfterChangesAsync(clientId, session.Head, options, stamp.Commit, changes =>
                {
                    session.Apply(changes);
                    doubts.Settle(soFar);
                    stamp = new SessionStamp(clientId, writes, session, zep, time.GetUtcNow());
                    return stamp.Commit;
                })));
            }

            if (committed is not null)
            {
                if (!stamp.Commit.IsEmpty)
                {
                    session.Apply(committed);
                }

                stamp.Distribute(committed);
                return;
            }
        }

        throw new SessionLoadingException("Others keep writing more than can be taken over while a write waits; nothing was stored.");
    }

    private async Task<SessionCommitted?> SendAsync(Func<Task<SessionCommitted?>> send)
    {
        try
        {
            return await send();
        }
        catch (OutcomeUnknownException)
        {
            // If it was stored after all, the version has moved without us.
            doubts.RaiseOfOwnCommit();
            throw;
        }
    }
}
