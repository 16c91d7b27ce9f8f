using System.Buffers.Text;
using System.Collections.Immutable;

namespace Actors.Changes;

/// <summary>
/// A place in the feed. Between windows it is a snapshot: all that was visible in it has been read. Within one it is the place in the
/// list of what became visible from one snapshot to a later one, by <c>seq</c>.
/// </summary>
/// <param name="Epoch">The feed's epoch (<c>sql/020_change_feed.sql</c>), its first 8 bytes.</param>
/// <param name="Since">What was visible then has been read.</param>
/// <param name="Until">The window's end; null: between windows.</param>
/// <param name="Seq">Up to where the window was read; without meaning between windows.</param>
internal sealed record ChangeCursor(ulong Epoch, FeedSnapshot Since, FeedSnapshot? Until, long Seq)
{
    // Both forms of it; another one would be another version.
    private const byte BetweenWindows = 1;
    private const byte InWindow = 2;

    /// <summary>How an epoch stands in a cursor.</summary>
    public static ulong EpochOf(Guid epoch) => BitConverter.ToUInt64(epoch.ToByteArray());

    /// <summary>The text clients get. Numbers are written as differences, as few bytes each as they need.</summary>
    public string Format()
    {
        var bytes = new List<byte>(64) { Until is null ? BetweenWindows : InWindow };
        bytes.AddRange(BitConverter.GetBytes(Epoch));
        Write(bytes, Since, from: 0, fromSeq: 0);
        if (Until is not null)
        {
            Write(bytes, Until, Since.Xmin, Since.LastSeq);
            Write(bytes, (ulong)Seq);
        }

        return Base64Url.EncodeToString([.. bytes]);
    }

    /// <summary>What follows this cursor, up to a later snapshot, has a higher <c>seq</c> than this.</summary>
    public long LastRead(FeedSnapshot later) => Until is null ? Since.LastSeenBy(later) : Math.Max(Seq, Since.LastSeenBy(Until));

    /// <returns>Null when the text is no cursor.</returns>
    public static ChangeCursor? Parse(string text)
    {
        if (text.Length > ChangeFeedRequest.MaxCursorLength || !Base64Url.IsValid(text))
        {
            return null;
        }

        var bytes = new Bytes(Base64Url.DecodeFromChars(text));
        var form = bytes.Byte();
        var epoch = bytes.Fixed();
        var since = bytes.Snapshot(from: 0, fromSeq: 0);
        var until = form == InWindow && since is not null ? bytes.Snapshot(since.Xmin, since.LastSeq) : null;
        var seq = form == InWindow ? bytes.Number() : 0;
        return bytes.AreUsedUp && since is not null && form is BetweenWindows or InWindow && (until is not null) == (form == InWindow) && seq <= long.MaxValue
            ? new ChangeCursor(epoch, since!, until, (long)seq)
            : null;
    }

    private static void Write(List<byte> bytes, FeedSnapshot snapshot, ulong from, long fromSeq)
    {
        Write(bytes, snapshot.Xmin - from);
        Write(bytes, snapshot.Xmax - snapshot.Xmin);
        Write(bytes, snapshot.Next - snapshot.Xmax);
        Write(bytes, (ulong)(snapshot.LastSeq - fromSeq));
        Write(bytes, (ulong)(snapshot.LastSeq - snapshot.OpenAfter));
        Write(bytes, (ulong)snapshot.Open.Length);
        var before = snapshot.Xmin;
        foreach (var transaction in snapshot.Open)
        {
            Write(bytes, transaction.Id - before);
            Write(bytes, (ulong)(snapshot.LastSeq - transaction.After));
            before = transaction.Id;
        }
    }

    // Seven bits a byte, the lowest first; the eighth says that more follow.
    private static void Write(List<byte> bytes, ulong number)
    {
        for (; number >= 0x80; number >>= 7)
        {
            bytes.Add((byte)(number | 0x80));
        }

        bytes.Add((byte)number);
    }

    /// <summary>Reads what a client may have sent: whatever it is, in bounds.</summary>
    private ref struct Bytes(byte[] bytes)
    {
        private readonly byte[] _bytes = bytes;
        private int _at;
        private bool _isFaulty;

        public readonly bool AreUsedUp => !_isFaulty && _at == _bytes.Length;

        public byte Byte()
        {
            if (_at < _bytes.Length)
            {
                return _bytes[_at++];
            }

            _isFaulty = true;
            return 0;
        }

        public ulong Fixed()
        {
            if (_at + sizeof(ulong) > _bytes.Length)
            {
                _isFaulty = true;
                return 0;
            }

            _at += sizeof(ulong);
            return BitConverter.ToUInt64(_bytes, _at - sizeof(ulong));
        }

        public ulong Number()
        {
            var number = 0UL;
            for (var shift = 0; shift < 63; shift += 7)
            {
                var next = Byte();
                number |= (ulong)(next & 0x7f) << shift;
                if (next < 0x80)
                {
                    return number;
                }
            }

            _isFaulty = true;
            return 0;
        }

        public FeedSnapshot? Snapshot(ulong from, long fromSeq)
        {
            var xmin = from + Number();
            var xmax = xmin + Number();
            var next = xmax + Number();
            var lastSeq = (ulong)fromSeq + Number();
            var openBehind = Number();
            var count = Number();
            // Only what Postgres can have counted to: sums of two such numbers do not overflow.
            if (_isFaulty || xmin is 0 or > long.MaxValue || xmax > long.MaxValue || next > long.MaxValue || lastSeq > long.MaxValue
                || openBehind > lastSeq || count > (ulong)(_bytes.Length - _at))
            {
                return null;
            }

            var open = ImmutableArray.CreateBuilder<OpenTransaction>((int)count);
            var before = xmin;
            for (var i = 0UL; i < count; i++)
            {
                var step = Number();
                var behind = Number();
                before += step;
                if (_isFaulty || before >= xmax || (i > 0 && step == 0) || behind > lastSeq)
                {
                    return null;
                }

                open.Add(new OpenTransaction(before, (long)(lastSeq - behind)));
            }

            return new FeedSnapshot(xmin, xmax, open.MoveToImmutable(), next, (long)lastSeq, (long)(lastSeq - openBehind));
        }
    }
}
