using System.Collections.Immutable;
using Actors.Sessions;
using Microsoft.Extensions.Logging;

namespace Actors.Zep;

/// <summary>
/// Works through a client's rows of the outbox, one step at a time. What Zep has done is noted before the next step; if that fails it is noted
/// before anything else is done. An outage costs no row an attempt; what is refused does, and is set aside after <see cref="ZepQueueOptions.MaxAttempts"/>.
/// Called on one activation's turns.
/// </summary>
internal sealed partial class ZepQueue(
    string clientId, ZepQueueStore store, ZepGate gate, ZepQueueOptions options, ZepMetrics metrics, TimeProvider time, ILogger logger)
{
    /// <summary>Rows that are read at a time: more than fit into a request, since several may be of one memory.</summary>
    private const int RowsAtOnce = 2 * ZepLimits.Messages;

    private const double Jitter = 0.2;

    private static readonly TimeSpan TurnLimit = TimeSpan.FromSeconds(10);

    private readonly string _userId = SessionKey.Of(clientId);
    private OutboxNote? _unnoted;
    private int _calls;

    // When a request of several memories is refused, they go one by one for a while: only who is refused alone is charged.
    private int _memoriesAtOnce = ZepLimits.Messages;

    /// <summary>Goes on until nothing is left, or it makes no sense to.</summary>
    /// <param name="limit">Most calls.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ZepDrain> DrainAsync(int limit, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        _calls = 0;
        while (true)
        {
            var work = await ReadAsync(cancellationToken);
            if (work.Rows.IsEmpty)
            {
                return new ZepDrain(_calls, IsDone: true, IsStopped: false);
            }

            if (work.Rows[0].NextAttemptAt > time.GetUtcNow())
            {
                return new ZepDrain(_calls, IsDone: false, IsStopped: true);
            }

            if (_calls >= limit || time.GetElapsedTime(started) > TurnLimit)
            {
                return new ZepDrain(_calls, IsDone: false, IsStopped: false);
            }

            if (!await StepAsync(work, cancellationToken))
            {
                return new ZepDrain(_calls, IsDone: false, IsStopped: true);
            }
        }
    }

    /// <summary>Sends memories that nothing waits before, in one request.</summary>
    /// <returns>Which of them Zep has taken.</returns>
    public async Task<ImmutableArray<Guid>> SendNewAsync(ImmutableArray<Guid> eventIds, CancellationToken cancellationToken)
    {
        var work = await ReadAsync(cancellationToken);
        if (work.Rows.IsEmpty || !work.Rows.All(row => row is { Table: OutboxTables.Events, Attempts: 0 } && eventIds.Contains(row.RowId)))
        {
            return [];
        }

        await StepAsync(work, cancellationToken);
        return [.. work.Rows.Where(row => _done.Contains(row.Seq)).Select(row => row.RowId).Distinct()];
    }

    private async Task<OutboxWork> ReadAsync(CancellationToken cancellationToken)
    {
        if (_unnoted is { } note)
        {
            await store.NoteAsync(clientId, note);
            _unnoted = null;
        }

        _done.Clear();
        return await store.ReadAsync(clientId, RowsAtOnce, cancellationToken);
    }

    /// <returns>Whether to go on at once.</returns>
    private async Task<bool> StepAsync(OutboxWork work, CancellationToken cancellationToken)
    {
        try
        {
            return work.Rows[0].Table switch
            {
                OutboxTables.Events => await SendEventsAsync(work, cancellationToken),
                OutboxTables.Facts => await SendFactAsync(work, cancellationToken),
                _ => await RemoveUserAsync(work.Rows[0], cancellationToken),
            };
        }
        catch (RowsGoneException)
        {
            // Erased, or taken by an operator: what is there now is read.
            return true;
        }
    }

    private async Task<bool> RemoveUserAsync(OutboxRow row, CancellationToken cancellationToken)
    {
        var answer = await CallAsync((zep, stop) => zep.RemoveUserAsync(_userId, stop), cancellationToken);
        if (answer.Failure is not null)
        {
            return await FailedAsync([row], answer, cancellationToken);
        }

        await store.UserRemovedAsync(clientId, row.Seq);
        metrics.Sent(1);
        return true;
    }

    // User and thread, before anything else of the client. What they are made for is locked and written down first.
    private async Task<ZepAnswer?> EnsureAsync(OutboxWork work, string table, ImmutableArray<long> seqs, CancellationToken cancellationToken)
    {
        if (work.IsEnsured)
        {
            return null;
        }

        var user = await CallAsync(
            async (zep, stop) =>
            {
                await ClaimAsync(table, seqs, []);
                return await zep.EnsureUserAsync(_userId, stop);
            },
            cancellationToken);
        if (user.Failure is not null)
        {
            return user;
        }

        var thread = await CallAsync((zep, stop) => zep.EnsureThreadAsync(_userId, _userId, stop), cancellationToken);
        if (thread.Failure is not null)
        {
            return thread;
        }

        await store.EnsuredAsync(clientId, isEnsured: true);
        return null;
    }

    private async Task ClaimAsync(string table, ImmutableArray<long> seqs, ImmutableArray<ZepItem> items)
    {
        if (!await store.ClaimAsync(clientId, table, seqs, items))
        {
            throw new RowsGoneException();
        }
    }

    private async Task NoteAsync(OutboxNote note)
    {
        _unnoted = note;
        await store.NoteAsync(clientId, note);
        _unnoted = null;
        _done.UnionWith(note.Seqs);
        metrics.Sent(note.Seqs.Length);
        _memoriesAtOnce = Math.Min(ZepLimits.Messages, 2 * _memoriesAtOnce);
    }

    private Task<ZepAnswer> CallAsync(Func<IZep, CancellationToken, Task<ZepAnswer>> call, CancellationToken cancellationToken)
    {
        _calls++;
        return gate.CallAsync(ZepUse.Write, call, cancellationToken);
    }

    private Task<ZepAnswer<T>> CallAsync<T>(Func<IZep, CancellationToken, Task<ZepAnswer<T>>> call, CancellationToken cancellationToken)
    {
        _calls++;
        return gate.CallAsync(ZepUse.Write, call, cancellationToken);
    }

    /// <summary>What a failure means for the rows it was about.</summary>
    /// <returns>Whether to go on at once.</returns>
    private async Task<bool> FailedAsync(ImmutableArray<OutboxRow> rows, ZepAnswer answer, CancellationToken cancellationToken)
    {
        var isOfTheRows = answer.Failure switch
        {
            ZepFailure.Refused or ZepFailure.NotFound => true,
            // Perhaps of what was sent: then it is well.
            ZepFailure.Failed or ZepFailure.TimedOut or ZepFailure.Unreadable => await gate.IsWellAsync(cancellationToken),
            _ => false,
        };
        if (!isOfTheRows)
        {
            return false;
        }

        if (rows.Length > 1)
        {
            _memoriesAtOnce = 1;
            return true;
        }

        var (row, attempts) = (rows[0], rows[0].Attempts + 1);
        // An erasure is not given up, and what is stored after it is not sent before it.
        var isSetAside = attempts >= options.MaxAttempts && row.Table != OutboxTables.Clients;
        if (isSetAside)
        {
            LogSetAside(row.Seq, attempts, answer.Detail);
        }

        await store.RefusedAsync(row.Seq, answer.Detail, isSetAside ? null : time.GetUtcNow() + DelayAfter(row.Attempts));
        return true;
    }

    private TimeSpan DelayAfter(int attempts)
    {
        var doubled = options.FirstDelay * Math.Pow(2, Math.Min(attempts, 30));
#pragma warning disable CA5394 // Spreads load; nobody gains by guessing it.
        return (doubled < options.LongestDelay ? doubled : options.LongestDelay) * (1 - Jitter + (2 * Jitter * Random.Shared.NextDouble()));
#pragma warning restore CA5394
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Zep refused row {Seq} of the outbox {Attempts} times; it is set aside: {Detail}")]
    private partial void LogSetAside(long seq, int attempts, string detail);

    // Rows that were read are no longer there: never leaves the queue.
    private sealed class RowsGoneException : Exception;
}
