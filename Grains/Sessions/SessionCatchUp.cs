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
internal sealed class SessionCatchUp(
    string clientId, HotSession session, SessionDoubts doubts, SessionStore store, SessionLoad load, HotVectors? vectors, HotShare share,
    SessionOptions options)
{
    private Task _underWay = Task.CompletedTask;

    /// <summary>Settles the doubts there are now.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached; the doubts remain.</exception>
    /// <exception cref="SessionLoadingException">It takes longer than <see cref="SessionOptions.LoadWait"/>, and goes on.</exception>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        var wanted = doubts.SoFar;
        while (!doubts.AreSettled(wanted))
        {
            if (_underWay.IsCompleted)
            {
                _underWay = ReadAsync();
            }

            await load.WaitAsync(_underWay, cancellationToken);
        }
    }

    // Not cancelled by who asked: others wait for it too.
    private async Task ReadAsync()
    {
        var soFar = doubts.SoFar;
        var changes = await store.LoadChangesAsync(clientId, session.Head, options, doubts.MayHaveCommitted, CancellationToken.None);
        if (changes is not null)
        {
            session.Apply(changes);
        }
        else
        {
            await ReadAnewAsync();
        }

        share.Resize(session.Bytes);
        doubts.Settle(soFar);
    }

    private async Task ReadAnewAsync()
    {
        var fresh = await load.ReadAnewAsync(session.Bytes);
        if (fresh.Head.Version < session.Head.Version)
        {
            // A commit went through meanwhile: it stands in the log.
            doubts.Raise();
        }

        session.Become(fresh);
        vectors?.LoadAnew();
    }
}
