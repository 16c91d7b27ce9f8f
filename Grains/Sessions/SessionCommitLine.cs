using Actors.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Actors.Sessions;

/// <summary>
/// Lets the commits of different sessions of this process share transactions, since most of what a transaction costs is the
/// same for one row and for fifty. A commit that finds room is sent at once; those that come while as many transactions are under
/// way as may be wait in line, and leave together when one has ended. There is no timer: the wait is the transaction before.
/// </summary>
/// <remarks>
/// When a transaction fails for what only one session may have caused, its commits are sent again apart: in halves, or each alone and with
/// more patience if a lock was not to be had. The line does not wait for them.
/// </remarks>
internal sealed class SessionCommitLine(Database database, IOptions<SessionOptions> options)
{
    // Raised by the functions of sql/010 when another writer was faster.
    private const string VersionConflict = "PM001";

    // Whom a row is withheld that somebody else holds does not keep the line waiting for it: it goes on alone. Milliseconds.
    private const string ShortLockTimeout = "100";

    private readonly Lock _lock = new();
    private readonly Queue<Place> _waiting = new();
    private int _underWay;

    /// <summary>Writes all of a commit or nothing, provided the session still has the expected version.</summary>
    /// <param name="part">The commit.</param>
    /// <param name="isWithdrawn">Asked before it leaves the line.</param>
    /// <returns>What it did; null when the session has another version, and nothing was written.</returns>
    /// <exception cref="OperationCanceledException">It was withdrawn while it waited; nothing was written.</exception>
    /// <exception cref="MemoryRefusedException">Postgres refuses a row; nothing was written. Likewise the facts' errors.</exception>
    /// <exception cref="StorageUnavailableException">Nothing was written.</exception>
    /// <exception cref="OutcomeUnknownException">The connection broke before the commit was confirmed.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now.</exception>
    public Task<SessionCommitted?> CommitAsync(SessionPart part, Func<bool> isWithdrawn)
    {
        var place = new Place(part, isWithdrawn);
        lock (_lock)
        {
            if (_underWay == options.Value.TransactionsUnderWay)
            {
                _waiting.Enqueue(place);
                return place.Outcome;
            }

            _underWay++;
        }

        Lead([place]);
        return place.Outcome;
    }

    // On this thread as far as it goes without waiting, but on nobody's turn: a group is more than one session's.
    private void Lead(Place[] group) => new Task(
        static state =>
        {
            var (line, group) = ((SessionCommitLine, Place[]))state!;
            _ = line.LeadAsync(group);
        },
        (this, group),
        TaskCreationOptions.DenyChildAttach).RunSynchronously(TaskScheduler.Default);

    // Never fails itself, nor does anything below: how each commit ended stands in its place.
    private async Task LeadAsync(Place[] group)
    {
        await SendAsync(group, ShortLockTimeout);
        Place[] next;
        lock (_lock)
        {
            next = [.. TakeGroup()];
            _underWay -= next.Length == 0 ? 1 : 0;
        }

        if (next.Length > 0)
        {
            // What is traced from here on belongs to the request that waited, not to the one before.
            ExecutionContext.Run(next[0].Context, state => Lead((Place[])state!), next);
        }
    }

    private IEnumerable<Place> TakeGroup()
    {
        var (rows, characters) = (0, 0L);
        for (var count = 0; count < options.Value.SessionsPerTransaction && _waiting.TryPeek(out var place); count++)
        {
            rows += place.Part.Commit.Size;
            characters += place.Part.Commit.Characters;
            if (count > 0 && (rows > options.Value.MemoriesPerCommit || characters > options.Value.CharactersPerCommit))
            {
                yield break;
            }

            yield return _waiting.Dequeue();
        }
    }

    private async Task SendAsync(Place[] group, string? lockTimeout)
    {
        var withdrawn = group.ToLookup(place => place.IsWithdrawn());
        foreach (var place in withdrawn[true])
        {
            place.Cancel();
        }

        // Everybody locks sessions in one order.
        Place[] left = [.. withdrawn[false].OrderBy(place => place.Part.ClientId, StringComparer.Ordinal)];
        if (left.Length == 0)
        {
            return;
        }

        // A group that is in a deadlock goes on one by one.
        var sent = lockTimeout is null ? Transactions.AgainAfterDeadlockAsync(WriteAsync) : WriteAsync();
        await Task.WhenAny(sent);
        if (sent.IsCompletedSuccessfully)
        {
            foreach (var (place, committed) in left.Zip(await sent))
            {
                place.End(committed);
            }
        }
        else
        {
            Settle(left, lockTimeout, sent.Exception!.InnerException!);
        }

        Task<SessionCommitted[]> WriteAsync() => database.WriteAsync(
            connection => SessionCommitBatch.SendAsync(connection, Array.ConvertAll(left, place => place.Part), lockTimeout));
    }

    private void Settle(Place[] group, string? lockTimeout, Exception failure)
    {
        if (lockTimeout is not null && IsBlocked(failure))
        {
            foreach (var alone in group)
            {
                _ = SendAsync([alone], lockTimeout: null);
            }
        }
        else if (group.Length > 1 && failure is PostgresException)
        {
            foreach (var half in group.Chunk((group.Length + 1) / 2))
            {
                _ = SendAsync(half, lockTimeout);
            }
        }
        else
        {
            foreach (var place in group)
            {
                place.End(failure);
            }
        }
    }

    private static bool IsBlocked(Exception failure) => failure is StorageUnavailableException
    {
        InnerException: PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected },
    };

    /// <summary>A commit on its way.</summary>
    private sealed class Place(SessionPart part, Func<bool> isWithdrawn)
    {
        private readonly TaskCompletionSource<SessionCommitted?> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public SessionPart Part => part;

        public ExecutionContext Context { get; } = ExecutionContext.Capture()!;

        public Task<SessionCommitted?> Outcome => _outcome.Task;

        public bool IsWithdrawn() => isWithdrawn();

        public void Cancel() => _outcome.SetCanceled();

        public void End(SessionCommitted committed) => _outcome.SetResult(committed);

        public void End(Exception failure)
        {
            if (failure is PostgresException { SqlState: VersionConflict })
            {
                _outcome.SetResult(null);
                return;
            }

            _outcome.SetException(failure is PostgresException refusal && SessionRefusals.Of(refusal, part.Commit) is { } meaning ? meaning : failure);
        }
    }
}
