using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;

namespace Actors.Sessions;

/// <summary>
/// What all sessions of a process hold in memory, and its bound: when their estimates together exceed it, those leave that were
/// not asked for the longest. Thread safe; a request that changes no estimate takes no lock.
/// </summary>
internal sealed class HotMemory
{
    public const string MeterName = "Actors.Sessions";

    // What is freed at a time beyond the limit, as a share of it, so that not each write has to look for room again.
    private const int Spare = 16;

    private readonly long _limit;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly HashSet<HotShare> _shares = [];
    private readonly Counter<long> _evictions;
    private long _bytes;

    // Of the shares that have not been asked to leave.
    private long _staying;

    public HotMemory(IOptions<SessionOptions> options, TimeProvider time, IMeterFactory meterFactory)
    {
        (_limit, _time) = (options.Value.MaxHotBytes, time);
        var meter = meterFactory.Create(MeterName);
        meter.CreateObservableGauge("actors.sessions.hot", () => Count, "{session}", "Sessions in memory, those being read included.");
        meter.CreateObservableGauge("actors.sessions.hot_bytes", () => Bytes, "By", "What they hold, as they estimate it.");
        _evictions = meter.CreateCounter<long>("actors.sessions.evictions", "{session}", "Sessions that left to make room for others.");
    }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _shares.Count;
            }
        }
    }

    public long Bytes
    {
        get
        {
            lock (_lock)
            {
                return _bytes;
            }
        }
    }

    /// <summary>Counts a session from now on, as one just used.</summary>
    /// <param name="leave">Has the session leave memory in order, and soon; called at most once, on any thread.</param>
    public HotShare Join(Action leave)
    {
        var share = new HotShare(this, leave);
        share.Use();
        lock (_lock)
        {
            _shares.Add(share);
        }

        return share;
    }

    internal long Now => _time.GetTimestamp();

    internal void Leave(HotShare share)
    {
        lock (_lock)
        {
            if (_shares.Remove(share))
            {
                Add(share, -share.Bytes);
            }
        }
    }

    internal void Resize(HotShare share, long bytes)
    {
        List<HotShare>? leaving = null;
        lock (_lock)
        {
            if (!_shares.Contains(share))
            {
                return;
            }

            Add(share, bytes - share.Bytes);
            if (_staying > _limit)
            {
                leaving = MakeRoom();
            }
        }

        foreach (var one in leaving ?? [])
        {
            _evictions.Add(1);
            // On a thread of its own, lest what flows along with this session's request flows into the other.
            ThreadPool.UnsafeQueueUserWorkItem(static share => share.RequestLeave(), one, preferLocal: false);
        }
    }

    private void Add(HotShare share, long bytes)
    {
        share.Bytes += bytes;
        _bytes += bytes;
        _staying += share.IsLeaving ? 0 : bytes;
    }

    // The one used last stays whatever it takes: somebody is working with it.
    private List<HotShare> MakeRoom()
    {
        var leaving = new List<HotShare>();
        foreach (var share in _shares.Where(share => !share.IsLeaving).OrderBy(share => share.LastUsed).SkipLast(1))
        {
            if (_staying <= _limit - (_limit / Spare))
            {
                break;
            }

            share.IsLeaving = true;
            _staying -= share.Bytes;
            leaving.Add(share);
        }

        return leaving;
    }
}

/// <summary>One session's part of <see cref="HotMemory"/>, until it is disposed of.</summary>
internal sealed class HotShare(HotMemory memory, Action leave) : IDisposable
{
    // An estimate that is off by less, or by a smaller share of it, is left as it is.
    private const long LeastDifference = 4_096;
    private const int Tolerance = 32;

    private long _lastUsed;

    public long LastUsed => Volatile.Read(ref _lastUsed);

    /// <summary>As last told; guarded by the lock of <see cref="HotMemory"/>.</summary>
    internal long Bytes { get; set; }

    /// <summary>Whether it was asked to leave; guarded likewise.</summary>
    internal bool IsLeaving { get; set; }

    /// <summary>Somebody asks the session something.</summary>
    public void Use() => Volatile.Write(ref _lastUsed, memory.Now);

    /// <summary>Tells what the session takes now.</summary>
    public void Resize(long bytes)
    {
        if (Math.Abs(bytes - Bytes) >= Math.Max(LeastDifference, Bytes / Tolerance))
        {
            memory.Resize(this, bytes);
        }
    }

    internal void RequestLeave() => leave();

    public void Dispose() => memory.Leave(this);
}
