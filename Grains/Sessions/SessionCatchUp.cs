using Actors.Storage;

namespace Actors.Sessions;

/// <summary>
/// Takes over what others have committed for a session: what changed since its version, row by row, or, when that is too much or no
/// longer known, all of it anew. One reading at a time serves all requests that wait. Runs on the activation's turns; only the reading of
/// everything happens beside them.
/// </summary>
/// <param name="clientId">Whose session.</param>
/// <param name="session">What is hot of it.</param>
/// <param name="doubts">Why it may have missed something.</param>
/// <param name="store">Where from.</param>
/// <param name="load">Reads everything.</param>
/// <param name="vectors">Of its memories; null: there are none.</param>
/// <param name="share">Is told how much it becomes.</param>
/// <param name="options">Limits.</param>
/// <param name="time">The clock.</param>
internal sealed class SessionCatchUp(
    string clientId, HotSession session, SessionDoubts doubts, SessionStore store, SessionLoad load, HotVectors? vectors, HotShare share,
    SessionOptions options, TimeProvider time)
{
    private Task _look = Task.CompletedTask;
    private Task _reading = Task.CompletedTask;

    /// <summary>Settles the doubts there are now.</summary>
    /// <param name="patience">How long to wait to hear what changed; what has to be read anew is waited for as long as a first reading.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="StorageUnavailableException">Postgres does not tell; the doubts remain.</exception>
    /// <exception cref="SessionLoadingException">It has to be read anew, and that takes longer than <see cref="SessionOptions.LoadWait"/>; it goes on.</exception>
    public async Task SettleAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        for (var wanted = doubts.SoFar; !doubts.AreSettled(wanted);)
        {
            if (_reading.IsCompleted)
            {
                if (_look.IsCompleted)
                {
                    _look = LookAsync();
                }

                await WaitAsync(_look, patience, cancellationToken);
            }

            if (!_reading.IsCompleted)
            {
                await load.WaitAsync(_reading, cancellationToken);
            }
        }
    }

    private async Task WaitAsync(Task look, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            await look.WaitAsync(patience, time, cancellationToken);
        }
        catch (TimeoutException tooLate) when (!look.IsCompleted)
        {
            throw new StorageUnavailableException("Postgres did not tell in time what others have written.", tooLate);
        }
        catch (TimeoutException) when (look.IsCompletedSuccessfully)
        {
            // It ended at the very moment.
        }
    }

    // Not cancelled by who asked: others wait for it too.
    private async Task LookAsync()
    {
        var soFar = doubts.SoFar;
        if (await store.LoadChangesAsync(clientId, session.Head, options, doubts.MayHaveCommitted, CancellationToken.None) is not { } changes)
        {
            _reading = ReadAnewAsync(soFar);
            return;
        }

        session.Apply(changes);
        share.Resize(session.Bytes);
        doubts.Settle(soFar);
    }

    private async Task ReadAnewAsync(int soFar)
    {
        HotSession fresh;
        try
        {
            fresh = await load.ReadAnewAsync(session.Bytes);
        }
        catch
        {
            // What was read of it has gone.
            share.Resize(session.Bytes);
            throw;
        }

        if (fresh.Head.EraseEpoch < session.Head.EraseEpoch)
        {
            // It was read before the client was erased.
            doubts.Raise();
            doubts.Settle(soFar);
            return;
        }

        if (fresh.Head.Version < session.Head.Version)
        {
            // A commit went through meanwhile: it stands in the log.
            doubts.Raise();
        }

        session.Become(fresh);
        vectors?.LoadAnew();
        share.Resize(session.Bytes);
        doubts.Settle(soFar);
    }
}
