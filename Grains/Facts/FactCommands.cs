using System.Collections.Immutable;
using Actors.Sessions;
using Npgsql;
using NpgsqlTypes;

namespace Actors.Facts;

/// <summary>The commands which write facts as part of a session's commit: a few for all of them, however many there are.</summary>
internal static class FactCommands
{
    private const string LockFacts = "select lock_facts($1, $2, $3)";
    private const string Describe = "select describe_change($1, $2, $3, $4)";
    private const string EndBeliefs = "select end_beliefs($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    private const string RetractFact = "select retract_fact($1, $2)";
    private const string AddFacts = "select add_facts($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    private const string AddSources = "select add_fact_sources($1, $2, $3)";
    private const string LockEvents = "select lock_promoted_events($1)";
    private const string PromoteEvent = "select promote_event($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    private const string LinkFacts = "select link_facts($1)";
    private const string SelectMetadata = "select id, metadata::text from facts where id = any($1)";

    /// <summary>Takes the locks of all subjects, of all facts that will change, and of the events they were found in; the transaction's first commands.</summary>
    public static IEnumerable<NpgsqlBatchCommand> Lock(ImmutableArray<FactChange> changes)
    {
        yield return Command(
            LockFacts,
            changes.Select(change => change.Write.Subject.Type).ToArray(),
            changes.Select(change => change.Write.Subject.Id).ToArray(),
            changes.Select(change => change.Before?.Id).OfType<Guid>().ToArray());
        if (changes.Select(change => change.Write.Promotion?.EventId).OfType<Guid>().ToArray() is { Length: > 0 } events)
        {
            yield return Command(LockEvents, events);
        }
    }

    /// <summary>What writes the changes, once <see cref="EventCommands.Commit"/> has claimed their sessions.</summary>
    public static IEnumerable<NpgsqlBatchCommand> Write(SessionFact[] facts)
    {
        if (facts.Where(fact => fact.Change.After is not null).ToArray() is { Length: > 0 } ended)
        {
            yield return End(ended);
        }

        foreach (var (_, change) in facts.Where(fact => fact.Change.Write.Operation == FactOperation.Retract))
        {
            yield return Command(
                Describe, Text("retract"), change.Write.Author.Actor, Text(change.Write.Reason), change.Before!.RetractedAt!.Value);
            yield return Command(RetractFact, change.Before.Id, change.Before.RecordedAt);
        }

        var added = facts.Where(fact => fact.Change.Added is not null).ToArray();
        if (added.Length > 0)
        {
            yield return Add(added);
        }

        foreach (var (_, change) in added.Where(fact => !fact.Change.Write.SourceEventIds.IsEmpty))
        {
            yield return Command(AddSources, change.Added!.Id, Text(change.Write.Subject.ClientId), change.Write.SourceEventIds.ToArray());
        }

        foreach (var (part, change) in facts.Where(fact => fact.Change.Write.Promotion is not null))
        {
            yield return Promote(part, change, change.Write.Promotion!);
        }

        var linked = facts.Where(fact => fact.Change.Write.Links)
            .SelectMany(fact => (Guid?[])[fact.Change.After?.Id, fact.Change.Added?.Id]).OfType<Guid>().ToArray();
        if (linked.Length > 0)
        {
            yield return Command(LinkFacts, linked);
        }
    }

    /// <summary>Reads the metadata of facts as Postgres has it, one row each: id, JSON.</summary>
    public static NpgsqlBatchCommand SelectStored(Guid[] factIds) => Command(SelectMetadata, factIds);

    private static NpgsqlBatchCommand End(SessionFact[] facts)
    {
        return Command(
            EndBeliefs,
            Array.ConvertAll(facts, f => f.Part.ClientId),
            Array.ConvertAll(facts, f => f.Part.Version),
            Column(c => c.Before!.Id),
            Column(c => c.Before!.RecordedAt),
            Column(c => c.After!.RecordedAt),
            Column(c => c.Write.Operation == FactOperation.Correct ? "correct" : "change"),
            Column(c => c.Write.Author.Actor),
            Column(c => c.Write.Operation == FactOperation.Correct ? c.Write.Reason : null),
            Column(c => c.After!.Content),
            Column(c => c.After!.ValidFrom),
            Column(c => c.After!.ValidTo),
            Column(c => c.After!.SupersededBy));

        T[] Column<T>(Func<FactChange, T> value) => Array.ConvertAll(facts, f => value(f.Change));
    }

    private static NpgsqlBatchCommand Add(SessionFact[] facts)
    {
        return Command(
            AddFacts,
            Array.ConvertAll(facts, f => f.Part.ClientId),
            Array.ConvertAll(facts, f => f.Part.Version),
            Column(f => f.Id),
            Column(f => f.RecordedAt),
            Column(f => f.Subject.Type),
            Column(f => f.Subject.Id),
            Column(f => f.FactType),
            Column(f => f.Content),
            Column(f => f.Salience),
            Column(f => f.Category),
            Column(f => f.FactKey),
            Column(f => f.ValidFrom),
            Column(f => f.ValidTo),
            new NpgsqlParameter { Value = Column(f => f.MetadataJson), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb },
            Column(f => f.SupersededBy));

        T[] Column<T>(Func<FactRecord, T> value) => Array.ConvertAll(facts, f => value(f.Change.Added!));
    }

    private static NpgsqlBatchCommand Promote(SessionPart part, FactChange change, FactPromotion found) => Command(
        PromoteEvent,
        part.ClientId,
        part.Version,
        change.Answer.Fact.Id,
        new NpgsqlParameter
        {
            Value = change.Write.Operation == FactOperation.Confirm ? change.Before!.RecordedAt : DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz,
        },
        found.EventId,
        found.ContentHash,
        found.Ordinal,
        found.SpanStart,
        found.SpanEnd,
        found.Extractor,
        found.ExtractorVersion,
        Text(found.Model),
        found.QuoteHash);

    private static NpgsqlParameter Text(string? value) => new() { Value = value ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value });
        }

        return command;
    }
}
