using System.Collections.Immutable;
using Actors.Facts;
using Actors.Idempotency;

namespace Actors.Sessions;

/// <summary>
/// Turns waiting writes into a commit: gives transaction times as late as possible, so that a session's order of times is its
/// order of commits, and finds exact repeats of what is stored. Tells each write afterwards what became of it.
/// </summary>
internal sealed class SessionStamp
{
    private readonly Dictionary<SessionWrite, ImmutableArray<(EventRecord Memory, bool IsRepeat)>> _memories = [];
    private readonly Dictionary<SessionWrite, FactChange> _facts = [];
    private readonly long _eraseEpoch;
    private readonly SessionZep _zep;

    /// <exception cref="MemoryRefusedException">A memory would have expired before it occurred.</exception>
    public SessionStamp(string clientId, IReadOnlyCollection<SessionWrite> writes, HotSession session, SessionZep zep, DateTimeOffset now)
    {
        _zep = zep;
        var last = session.Head.LastRecordedAt;
        _eraseEpoch = session.Head.EraseEpoch;
        var instant = now;
        if (writes.Any(write => write.Fact is not null))
        {
            instant = SessionRules.NextTime(now, last);
            var notBefore = writes.Max(write => write.Fact?.NotBefore)!.Value;
            last = instant = notBefore > instant ? notBefore : instant;
        }

        var added = ImmutableArray.CreateBuilder<EventRecord>();
        var kept = ImmutableArray.CreateBuilder<(IdempotencyKey Key, ImmutableArray<byte> Body)>();
        var stored = new Dictionary<UInt128, EventRecord>();
        foreach (var write in writes)
        {
            var memories = ImmutableArray.CreateBuilder<(EventRecord, bool)>(write.Memories.Length);
            foreach (var memory in write.Memories)
            {
                var mark = RecentMemories.MarkOf(memory);
                // Who sends a key says by it which requests are repeats.
                if (write.IdempotencyKey is null && mark is { } known
                    && (session.FindRepeated(known, now) ?? stored.GetValueOrDefault(known)) is { } repeated)
                {
                    memories.Add((repeated, true));
                    continue;
                }

                last = SessionRules.NextTime(now, last);
                var record = SessionRules.ToRecord(memory, clientId, last.Value);
                added.Add(record);
                memories.Add((record, false));
                if (mark is { } fresh)
                {
                    stored[fresh] = record;
                }
            }

            _memories[write] = memories.ToImmutable();
            if (write.Fact is { } fact)
            {
                _facts[write] = FactChange.At(fact, instant);
            }

            if (write.IdempotencyKey is { } key)
            {
                kept.Add((key, AnswerOf(write)));
            }
        }

        Commit = new SessionCommit(
            added.ToImmutable(), [.. writes.Select(write => write.RemovedId).OfType<Guid>()], [.. _facts.Values], instant, kept.ToImmutable());
    }

    public SessionCommit Commit { get; }

    /// <summary>Tells the writes what became of them.</summary>
    public void Distribute(SessionCommitted committed)
    {
        var stored = committed.Added.ToDictionary(memory => memory.Id);
        foreach (var (write, memories) in _memories)
        {
            // What is kept for repeats is what was sent; the first answer must not differ from it.
            write.Stored = [.. memories.Select(m => write.IdempotencyKey is null && stored.TryGetValue(m.Memory.Id, out var row) ? row : m.Memory)];
            write.IsRepeat = [.. memories.Select(m => m.IsRepeat)];
            write.StoredAt = (committed.Version, _eraseEpoch);
            write.Added = [.. memories.Select((m, place) => (place, m)).Where(m => !m.m.IsRepeat).Select(m => (m.place, stored[m.m.Memory.Id]))];
            write.Removed = write.RemovedId is { } id && committed.Removed.Contains(id);
            write.FactAnswer = _facts.GetValueOrDefault(write)?.Answer;
        }
    }

    private ImmutableArray<byte> AnswerOf(SessionWrite write) =>
        _facts.TryGetValue(write, out var change)
            ? KeptAnswerJson.Write(change.Answer, KeptAnswerJson.Default.FactAnswer)
            : KeptAnswerJson.Write(
                [.. _memories[write].Select(m => RememberReceipt.Of(m.Memory, m.IsRepeat, inZep: m.IsRepeat ? ZepDelivery.None : _zep.DeliveryOf(m.Memory)))],
                KeptAnswerJson.Default.ImmutableArrayRememberReceipt);
}
