using System.Collections.Immutable;
using Actors.Sessions;

namespace Actors.Zep;

// How events and facts are sent. An id is chosen, and written down, before a message or an edge is sent under it: sent again, it is recognised, and
// what may be there of a memory that went can be taken back.
internal sealed partial class ZepQueue
{
    // Rows that the step did.
    private readonly HashSet<long> _done = [];

    private sealed record Outgoing(OutboxRow Row, ZepItem Item, ZepMessage Message);

    // Events that follow each other go in one request. What may be there already goes with nothing but what went with it: Zep refuses a request when it
    // has one of its messages, and the others would be lost.
    private async Task<bool> SendEventsAsync(OutboxWork work, CancellationToken cancellationToken)
    {
        var messages = new List<Outgoing>();
        var rows = new List<OutboxRow>();
        var done = new List<long>();
        foreach (var row in work.Rows.TakeWhile(row => row.Table == OutboxTables.Events).DistinctBy(row => row.RowId))
        {
            // One that was refused waits, whatever is done before it.
            if (row.NextAttemptAt > time.GetUtcNow())
            {
                break;
            }

            var memory = work.Events.GetValueOrDefault(row.RowId);
            var isWanted = ZepOutgoing.IsWanted(memory, time.GetUtcNow());
            var hash = isWanted ? ZepOutgoing.HashOf(memory!) : Guid.Empty;
            var stale = work.Items[row.RowId].Where(item => !isWanted || item.Hash != hash).ToImmutableArray();
            if (!stale.IsEmpty)
            {
                if (messages.Count + done.Count == 0)
                {
                    return await RemoveMessagesAsync(work, row, stale, isWanted, cancellationToken);
                }

                break;
            }

            var missing = isWanted ? Missing(row, memory!, hash, work.Items[row.RowId]) : [];
            var together = missing.TakeWhile(part => part.Item.RequestId == missing[0].Item.RequestId).Take(ZepLimits.Messages).ToList();
            if (missing.Count > 0 && rows.Count > 0
                && (rows.Count >= _memoriesAtOnce || messages.Count + missing.Count > ZepLimits.Messages || missing.Any(part => part.Item.RequestId != messages[0].Item.RequestId)))
            {
                break;
            }

            messages.AddRange(together);
            if (missing.Count > 0)
            {
                rows.Add(row);
            }

            // A long one takes several requests: it is done with the last.
            if (together.Count < missing.Count)
            {
                break;
            }

            done.AddRange(work.SeqsOf(row));
        }

        if (messages.Count == 0)
        {
            await NoteAsync(new OutboxNote(work.EraseEpoch, [.. done], [], []));
            return true;
        }

        return await SendMessagesAsync(work, [.. rows], messages, [.. done], cancellationToken);
    }

    private static List<Outgoing> Missing(OutboxRow row, EventRecord memory, Guid hash, IEnumerable<ZepItem> items)
    {
        var known = items.ToDictionary(item => item.Part);
        var missing = new List<Outgoing>();
        var parts = ZepOutgoing.PartsOf(memory);
        for (var part = 0; part < parts.Length; part++)
        {
            var item = known.GetValueOrDefault(part) ?? new ZepItem(row.RowId, part, $"{Guid.NewGuid()}", hash);
            if (!item.IsSent)
            {
                // An id of Zep's own is no id to ask for.
                var id = Guid.TryParse(item.ZepId, out var wanted) ? wanted : Guid.NewGuid();
                missing.Add(new Outgoing(row, item with { ZepId = $"{id}" }, ZepOutgoing.Message(memory, id, parts[part])));
            }
        }

        return missing;
    }

    private async Task<bool> SendMessagesAsync(
        OutboxWork work, ImmutableArray<OutboxRow> rows, List<Outgoing> messages, ImmutableArray<long> done, CancellationToken cancellationToken)
    {
        var seqs = rows.Select(row => row.Seq).ToImmutableArray();
        if (await EnsureAsync(work, OutboxTables.Events, seqs, cancellationToken) is { } notEnsured)
        {
            return await FailedAsync(rows[..1], notEnsured, cancellationToken, isOfTheClient: true);
        }

        var answer = await CallAsync(
            "messages",
            async (zep, stop) =>
            {
                await ClaimAsync(OutboxTables.Events, seqs, [.. messages.Select(message => message.Item)]);
                return await zep.AddMessagesAsync(_userId, [.. messages.Select(message => message.Message)], stop);
            },
            cancellationToken);
        if (answer.Failure is not null)
        {
            await ReleaseAsync([.. messages.Select(message => message.Item)], answer);
            return await FailedOrGoneAsync(work, rows, answer, cancellationToken);
        }

        var ids = answer.Value is { IsDefault: false } given && given.Length == messages.Count ? given : [.. messages.Select(message => message.Item.ZepId)];
        await NoteAsync(new OutboxNote(work.EraseEpoch, done, [.. messages.Select((message, i) => message.Item with { ZepId = ids[i] })], []));
        return true;
    }

    private async Task<bool> RemoveMessagesAsync(
        OutboxWork work, OutboxRow row, ImmutableArray<ZepItem> stale, bool isWanted, CancellationToken cancellationToken)
    {
        foreach (var item in stale)
        {
            // Of a long one there may be hundreds: what was taken out is noted, and the others have their turn between.
            if (IsTurnOver)
            {
                return true;
            }

            var answer = await CallAsync("remove message", (zep, stop) => zep.RemoveMessageAsync(item.ZepId, stop), cancellationToken);
            if (answer.Failure is not null)
            {
                return await FailedAsync([row], answer, cancellationToken);
            }

            if (!answer.Value && await WaitsForAsync(row, item.SentAt ?? item.ClaimedAt))
            {
                return true;
            }

            var isLast = item == stale[^1];
            await NoteAsync(new OutboxNote(work.EraseEpoch, isLast && !isWanted ? work.SeqsOf(row) : [], [], [item])
            {
                GoesOn = isLast && isWanted ? row.Seq : null,
            });
        }

        return true;
    }

    private async Task<bool> SendFactAsync(OutboxWork work, CancellationToken cancellationToken)
    {
        var row = work.Rows[0];
        var fact = work.Facts.GetValueOrDefault(row.RowId);
        var item = work.Items[row.RowId].FirstOrDefault();
        if (fact is null)
        {
            return item is null ? await DoneAsync(work, row, []) : await RemoveFactAsync(work, row, item, isDone: true, cancellationToken);
        }

        var hash = ZepOutgoing.HashOf(fact);
        return item switch
        {
            { IsSent: true } when item.Hash == hash => await DoneAsync(work, row, []),
            { IsSent: true } => await ChangeFactAsync(work, row, fact, item with { Hash = hash }, cancellationToken),
            // It may be there under this id, and Zep would add another.
            { IsSent: false } => await RemoveFactAsync(work, row, item, isDone: false, cancellationToken),
            null => await AddFactAsync(work, row, fact, hash, cancellationToken),
        };
    }

    private async Task<bool> AddFactAsync(OutboxWork work, OutboxRow row, Facts.FactRecord fact, Guid hash, CancellationToken cancellationToken)
    {
        if (await EnsureAsync(work, OutboxTables.Facts, [row.Seq], cancellationToken) is { } notEnsured)
        {
            return await FailedAsync([row], notEnsured, cancellationToken, isOfTheClient: true);
        }

        var id = Guid.NewGuid();
        var item = new ZepItem(row.RowId, 0, $"{id}", hash);
        var answer = await CallAsync(
            "fact",
            async (zep, stop) =>
            {
                await ClaimAsync(OutboxTables.Facts, [row.Seq], [item]);
                return await zep.AddFactAsync(_userId, ZepOutgoing.Triple(fact, id), stop);
            },
            cancellationToken);
        if (answer.Failure is not null)
        {
            await ReleaseAsync([item], answer);
            return await FailedOrGoneAsync(work, [row], answer, cancellationToken);
        }

        return await DoneAsync(work, row, [item with { ZepId = answer.Value }], fact.Id, answer.Value);
    }

    private async Task<bool> ChangeFactAsync(OutboxWork work, OutboxRow row, Facts.FactRecord fact, ZepItem item, CancellationToken cancellationToken)
    {
        var id = Guid.TryParse(item.ZepId, out var known) ? known : Guid.Empty;
        var edge = ZepOutgoing.Shared(ZepOutgoing.Triple(fact, id), item.Others);
        var answer = await CallAsync("change fact", (zep, stop) => zep.ChangeFactAsync(item.ZepId, edge, stop), cancellationToken);
        if (answer.Failure == ZepFailure.NotFound)
        {
            if (await WaitsForAsync(row, item.SentAt))
            {
                return true;
            }

            // Somebody took it out there: it is added anew.
            await NoteAsync(new OutboxNote(work.EraseEpoch, [], [], [item]) { GoesOn = row.Seq });
            return true;
        }

        return answer.Failure is null ? await DoneAsync(work, row, [item]) : await FailedAsync([row], answer, cancellationToken);
    }

    private async Task<bool> RemoveFactAsync(OutboxWork work, OutboxRow row, ZepItem item, bool isDone, CancellationToken cancellationToken)
    {
        // The edge of another fact as well: it stays for that.
        if (!item.IsShared)
        {
            var answer = await CallAsync("remove fact", (zep, stop) => zep.RemoveFactAsync(item.ZepId, stop), cancellationToken);
            if (answer.Failure is not null)
            {
                return await FailedAsync([row], answer, cancellationToken);
            }

            // One that is added anew does not wait for what may never have come: recall passes over what was taken out.
            if (!answer.Value && await WaitsForAsync(row, isDone ? item.SentAt ?? item.ClaimedAt : item.SentAt))
            {
                return true;
            }
        }

        await NoteAsync(new OutboxNote(work.EraseEpoch, isDone ? work.SeqsOf(row) : [], [], [item]) { GoesOn = isDone ? null : row.Seq });
        return true;
    }

    private async Task<bool> DoneAsync(OutboxWork work, OutboxRow row, ImmutableArray<ZepItem> sent, Guid? factId = null, string? zepFactId = null)
    {
        await NoteAsync(new OutboxNote(work.EraseEpoch, work.SeqsOf(row), sent, [], factId, zepFactId));
        return true;
    }

    // User or thread may have been deleted there: once they are made again it is known whether that was it.
    private async Task<bool> FailedOrGoneAsync(OutboxWork work, ImmutableArray<OutboxRow> rows, ZepAnswer answer, CancellationToken cancellationToken)
    {
        if (answer.Failure == ZepFailure.NotFound && work.IsEnsured)
        {
            await store.EnsuredAsync(clientId, isEnsured: false);
            return true;
        }

        return await FailedAsync(rows, answer, cancellationToken);
    }
}
