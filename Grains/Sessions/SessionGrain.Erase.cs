using Actors.Clients;
using Actors.Facts;
using Actors.Hosting;
using Actors.Storage;

namespace Actors.Sessions;

/// <summary>How a session is erased: rows first, then what it holds, then what was kept of its answers elsewhere.</summary>
internal sealed partial class SessionGrain
{
    // The client's head after the last erasure this activation knows of; null: it knows of none.
    private SessionHead? _erased;
    private Task _lastErasure = Task.CompletedTask;

    // Counted on any thread: erasures it was told of; and how many of them it had looked for when it caught up.
    private volatile int _toldOfErasures;
    private int _settledErasures;

    public async Task<ErasureReceipt> EraseAsync(CancellationToken cancellationToken)
    {
        if (_clientId == FactSubjectKey.House)
        {
            throw new ClientNotFoundException();
        }

        var before = _lastErasure;
        var erasing = EraseAfterAsync(before);
        _lastErasure = erasing;
        return await erasing;
    }

    private async Task<ErasureReceipt> EraseAfterAsync(Task before)
    {
        await Task.WhenAny(before);
        var receipt = await CommitErasureAsync();
        var (state, keys) = await erasedAnswers.RemoveAsync(_clientId, CancellationToken.None);
        try
        {
            return await erasures.NoteValkeyAsync(receipt.Id, state, keys);
        }
        catch (Exception failure) when (failure is StorageUnavailableException or OutcomeUnknownException or WritesSuspendedException)
        {
            // It is erased all the same, and noted with the next sweep.
            return receipt;
        }
    }

    private async Task<ErasureReceipt> CommitErasureAsync()
    {
        try
        {
            var (receipt, head) = await erasures.EraseAsync(_clientId, SessionRules.WholeMicroseconds(time.GetUtcNow()));
            Drop(head);
            return receipt;
        }
        catch (OutcomeUnknownException)
        {
            Interlocked.Increment(ref _toldOfErasures);
            _doubts.RaiseOfOwnCommit();
            throw;
        }
    }

    // Before the answer, so that no recall that starts after it finds anything.
    private void Drop(SessionHead head)
    {
        _erased = head;
        if (_commits is not null)
        {
            _session.Erase(head);
            _share!.Resize(_session.Bytes);
        }

        _vectors?.LoadAnew();
        // Others may have written since.
        _doubts.Raise();
    }

    // Until Postgres was asked nothing is answered from what may have gone. Doubt, and leave: requests may come before it has left.
    void IHotClient.OnErased()
    {
        Interlocked.Increment(ref _toldOfErasures);
        _doubts.Raise();
        _leave();
    }
}
