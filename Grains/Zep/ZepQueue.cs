using System.Collections.Immutable;
using Actors.Sessions;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Actors.Zep;

/// <summary>
/// Works through a client's rows of the outbox, one step at a time. What Zep has done is noted before the next step; if that fails it is noted
/// before anything else is done. An outage costs no row an attempt; what fails while Zep is well otherwise does, and is set aside after
/// <see cref="ZepQueueOptions.MaxAttempts"/> once it is known that it is not the kind of call that fails. Called on one activation's turns.
/// </summary>
internal sealed partial class ZepQueue(
    string clientId, ZepQueueStore store, ZepGate gate, ZepQueueOptions options, ZepMetrics metrics, TimeProvider time, ILogger logger)
{
    /// <summary>Rows that are read at a time: more than fit into a request, since several may be of one memory.</summary>
    private const int RowsAtOnce = 2 * ZepLimits.Messages;

    private static readonly TimeSpan TurnLimit = TimeSpan.FromSeconds(10);

    private readonly string _userId = SessionKey.Of(clientId);
    private OutboxNote? _unnoted;
    private int _calls;
    private int _limit;
    private long _started;

    // What the last call was.
    private string _kind = "";

    // When a request of several memories is refused, they go one by one for a while: only who is refused alone is charged.
    private int _memoriesAtOnce = ZepLimits.Messages;

    private bool IsTurnOver => _calls >= _limit || time.GetElapsedTime(_started) > TurnLimit;

    /// <summary>Goes on until nothing is left, or it makes no sense to.</summary>
    /// <param name="limit">Most calls.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ZepDrain> DrainAsync(int limit, CancellationToken cancellationToken)
    {
        Begin(limit);
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

            if (IsTurnOver)
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
        Begin(limit: int.MaxValue);
        var work = await ReadAsync(cancellationToken);
        // What waits behind them does not matter, and is not sent with them.
        work = work with { Rows = [.. work.Rows.TakeWhile(row => row is { Table: OutboxTables.Events, Attempts: 0, NextAttemptAt: null } && eventIds.Contains(row.RowId))] };
        if (work.Rows.IsEmpty)
        {
            return [];
        }

        await StepAsync(work, cancellationToken);
        return [.. work.Rows.Where(row => _done.Contains(row.Seq)).Select(row => row.RowId).Distinct()];
    }

    private void Begin(int limit) => (_limit, _started, _calls) = (limit, time.GetTimestamp(), 0);

    private async Task<OutboxWork> ReadAsync(CancellationToken cancellationToken)
    {
        if (_unnoted is { } note)
        {
            await WriteAsync(note);
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
        var answer = await CallAsync("remove user", (zep, stop) => zep.RemoveUserAsync(_userId, stop), cancellationToken);
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
            "user",
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

        var thread = await CallAsync("thread", (zep, stop) => zep.EnsureThreadAsync(_userId, _userId, stop), cancellationToken);
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
        await WriteAsync(note);
        _done.UnionWith(note.Seqs);
        metrics.Sent(note.Seqs.Length);
        _memoriesAtOnce = Math.Min(ZepLimits.Messages, 2 * _memoriesAtOnce);
    }

    private async Task WriteAsync(OutboxNote note)
    {
        try
        {
            await store.NoteAsync(clientId, note);
        }
        catch (PostgresException failure)
        {
            // It would be refused again. What was sent is sent again, under its id.
            LogNotNoted(failure);
            _unnoted = null;
            throw;
        }

        _unnoted = null;
    }

    private async Task<ZepAnswer> CallAsync(string kind, Func<IZep, CancellationToken, Task<ZepAnswer>> call, CancellationToken cancellationToken) =>
        Called(kind, await gate.CallAsync(ZepUse.Write, call, cancellationToken));

    private async Task<ZepAnswer<T>> CallAsync<T>(string kind, Func<IZep, CancellationToken, Task<ZepAnswer<T>>> call, CancellationToken cancellationToken) =>
        Called(kind, await gate.CallAsync(ZepUse.Write, call, cancellationToken));

    private TAnswer Called<TAnswer>(string kind, TAnswer answer)
        where TAnswer : ZepAnswer
    {
        _calls++;
        _kind = kind;
        if (answer.Failure is null)
        {
            gate.Worked(kind);
        }

        return answer;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What was done at Zep cannot be written down, and will be done again")]
    private partial void LogNotNoted(Exception failure);

    // Rows that were read are no longer there: never leaves the queue.
    private sealed class RowsGoneException : Exception;
}
