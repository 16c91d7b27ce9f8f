using System.Diagnostics.CodeAnalysis;

namespace Actors.Embedded;

/// <summary>
/// Which request of an activation may start next, by Orleans' rule: one may start if nothing blocks, if it always
/// interleaves, or if it and the blocking request are both read-only. The queue is searched past requests that must wait.
/// Two consequences are Orleans' too and are kept: a writer may enter while a second reader is suspended, and readers
/// overtake a waiting writer. Not thread-safe; <see cref="TurnQueue"/> holds the lock.
/// </summary>
internal struct Admission(bool isReentrant)
{
    private RequestList _waiting;
    private RequestList _running;

    // First waiting request not yet measured against the present blocking request, so that no request is measured twice.
    private Request? _unexamined;

    /// <summary>The first non-interleaving request of those running; null once that one has ended, though others may still run.</summary>
    public Request? Blocking { get; private set; }

    public readonly int WaitingCount => _waiting.Count;

    public readonly int RunningCount => _running.Count;

    public readonly int Count => _waiting.Count + _running.Count;

    public readonly bool HasUnexamined => _unexamined is not null;

    public readonly bool MayStart(Request request) =>
        Blocking is null
        || request.IsAlwaysInterleave
        || (Blocking.IsReadOnly && request.IsReadOnly)
        || isReentrant;

    public void Add(Request request)
    {
        request.Place = RequestPlace.Waiting;
        _waiting.Add(request);
        _unexamined ??= request;
    }

    public bool TryStartNext([NotNullWhen(true)] out Request? request)
    {
        request = _unexamined;
        while (request is not null && !MayStart(request))
        {
            request = request.Next;
        }

        _unexamined = request?.Next;
        if (request is null)
        {
            return false;
        }

        _waiting.Remove(request);
        request.Place = RequestPlace.Running;
        _running.Add(request);
        if (!request.IsAlwaysInterleave)
        {
            Blocking ??= request;
        }

        return true;
    }

    public void End(Request request)
    {
        _running.Remove(request);
        request.Place = RequestPlace.Nowhere;
        if (Blocking == request)
        {
            Blocking = null;
            _unexamined = _waiting.First;
        }
    }

    public void Withdraw(Request request)
    {
        if (_unexamined == request)
        {
            _unexamined = request.Next;
        }

        _waiting.Remove(request);
        request.Place = RequestPlace.Nowhere;
    }

    /// <summary>Empties the queue of the waiting.</summary>
    public List<Request> TakeWaiting()
    {
        var taken = new List<Request>(_waiting.Count);
        while (_waiting.First is { } request)
        {
            Withdraw(request);
            taken.Add(request);
        }

        return taken;
    }

    /// <summary>
    /// The requests whose callers have waited long enough. Waiting ones leave the queue and never run; running ones go on.
    /// </summary>
    public void TakeExpired(long now, ref List<Request>? expired)
    {
        for (Request? request = _waiting.First, next; request is not null; request = next)
        {
            next = request.Next;
            if (request.Deadline <= now)
            {
                Withdraw(request);
                (expired ??= []).Add(request);
            }
        }

        for (var request = _running.First; request is not null; request = request.Next)
        {
            if (request.Deadline <= now)
            {
                request.Deadline = long.MaxValue;
                (expired ??= []).Add(request);
            }
        }
    }
}
