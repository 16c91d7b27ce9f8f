namespace Actors.Sessions;

/// <summary>
/// Reasons to believe that a session may have missed something. Each is settled by a reading of what has changed that began after it
/// was raised. Raised on any thread; settled on the activation's turns.
/// </summary>
internal sealed class SessionDoubts
{
    private int _raised;
    private int _settled;
    private int _ofOwnCommit;

    /// <summary>To be taken before changes are read: a doubt raised while they are read is not settled by them.</summary>
    public int SoFar => Volatile.Read(ref _raised);

    /// <summary>Look for changes before the next answer.</summary>
    public bool AreOpen => !AreSettled(SoFar);

    /// <summary>Whether a commit of our own may still be on its way to becoming true: its transaction has to be waited for.</summary>
    public bool MayHaveCommitted => _ofOwnCommit - _settled > 0;

    /// <summary>Others may have written.</summary>
    public void Raise() => Interlocked.Increment(ref _raised);

    /// <summary>The answer to a commit of our own was lost.</summary>
    public void RaiseOfOwnCommit() => _ofOwnCommit = Interlocked.Increment(ref _raised);

    /// <param name="soFar"><see cref="SoFar"/> at some time.</param>
    public bool AreSettled(int soFar) => soFar - _settled <= 0;

    /// <param name="soFar"><see cref="SoFar"/> before what is now known was read.</param>
    public void Settle(int soFar) => _settled = AreSettled(soFar) ? _settled : soFar;
}
