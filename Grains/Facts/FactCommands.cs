using System.Collections.Immutable;
using Npgsql;
using NpgsqlTypes;

namespace Actors.Facts;

/// <summary>The commands which write facts as part of a session's commit: a few for all of them, however many there are.</summary>
internal static class FactCommands
{
    /// <summary>Inserts all new facts of a commit and returns their metadata as Postgres has it.</summary>
    public const string InsertFacts =
        """
        insert into facts (id, client_id, subject_type, subject_id, fact_type, content, salience_score, category, fact_key,
                           valid_from, valid_to, metadata, superseded_by)
        select id, $1, subject_type, subject_id, fact_type, content, salience_score, category, fact_key,
               valid_from, valid_to, metadata, superseded_by
        from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::double precision[], $8::text[], $9::text[],
                    $10::timestamptz[], $11::timestamptz[], $12::jsonb[], $13::uuid[])
             as new (id, subject_type, subject_id, fact_type, content, salience_score, category, fact_key,
                     valid_from, valid_to, metadata, superseded_by)
        returning id, nullif(metadata, '{}')::text
        """;

    private const string LockFacts = "select lock_facts($1, $2, $3)";
    private const string Describe = "select describe_change($1, $2, $3, $4)";
    private const string CloseFacts = "select close_facts($1, $2, $3, $4)";
    private const string CorrectFact = "select correct_fact($1, $2, $3, $4, $5)";
    private const string RetractFact = "select retract_fact($1, $2)";
    private const string AddSources = "select add_fact_sources($1, $2, $3)";
    private const string LinkFacts = "select link_facts($1)";

    /// <summary>Takes the locks of all subjects and of all facts that will change; the transaction's first command.</summary>
    public static NpgsqlBatchCommand Lock(ImmutableArray<FactChange> changes) => Command(
        LockFacts,
        changes.Select(change => change.Write.Subject.Type).ToArray(),
        changes.Select(change => change.Write.Subject.Id).ToArray(),
        changes.Select(change => change.Before?.Id).OfType<Guid>().ToArray());

    /// <summary>Adds what writes the changes, all recorded at one instant.</summary>
    public static void Add(NpgsqlBatch batch, ImmutableArray<FactChange> changes, DateTimeOffset instant)
    {
        if (changes.IsEmpty)
        {
            return;
        }

        // Says the instant for what is only inserted; a version that ends needs more, which follows.
        batch.BatchCommands.Add(DescribeAs(null, "", null, instant));
        foreach (var closed in changes.Where(change => change.Write.Operation == FactOperation.Change).GroupBy(change => change.Write.Author.Actor))
        {
            batch.BatchCommands.Add(DescribeAs("change", closed.Key, null, instant));
            batch.BatchCommands.Add(Close([.. closed]));
        }

        foreach (var change in changes)
        {
            AddAlone(batch, change, instant);
        }

        var added = changes.Where(change => change.Added is not null).ToArray();
        if (added.Length > 0)
        {
            batch.BatchCommands.Add(Insert(added));
        }

        foreach (var change in added.Where(change => !change.Write.SourceEventIds.IsEmpty))
        {
            batch.BatchCommands.Add(Command(
                AddSources, change.Added!.Id, Text(change.Write.Subject.ClientId), change.Write.SourceEventIds.ToArray()));
        }

        var linked = changes.Where(change => change.Write.Links).SelectMany(change => (Guid?[])[change.After?.Id, change.Added?.Id]).OfType<Guid>().ToArray();
        if (linked.Length > 0)
        {
            batch.BatchCommands.Add(Command(LinkFacts, linked));
        }
    }

    /// <summary>Reads what <see cref="InsertFacts"/> returns.</summary>
    public static async Task<ImmutableArray<FactChange>> ReadStoredAsync(NpgsqlDataReader reader, ImmutableArray<FactChange> sent)
    {
        var metadata = new Dictionary<Guid, string>();
        while (await reader.ReadAsync())
        {
            metadata.Add(reader.GetGuid(0), reader.IsDBNull(1) ? "{}" : reader.GetString(1));
        }

        return [.. sent.Select(change => change.Added is { } added ? change with { Added = added with { MetadataJson = metadata[added.Id] } } : change)];
    }

    private static void AddAlone(NpgsqlBatch batch, FactChange change, DateTimeOffset instant)
    {
        var (write, before) = (change.Write, change.Before);
        switch (write.Operation)
        {
            case FactOperation.Correct:
                batch.BatchCommands.Add(DescribeAs("correct", write.Author.Actor, write.Reason, instant));
                batch.BatchCommands.Add(Command(
                    CorrectFact, before!.Id, before.RecordedAt, change.After!.Content, change.After.ValidFrom, Time(change.After.ValidTo)));
                break;
            case FactOperation.Retract:
                batch.BatchCommands.Add(DescribeAs("retract", write.Author.Actor, write.Reason, instant));
                batch.BatchCommands.Add(Command(RetractFact, before!.Id, before.RecordedAt));
                break;
        }
    }

    private static NpgsqlBatchCommand DescribeAs(string? operation, string actor, string? reason, DateTimeOffset instant) =>
        Command(Describe, Text(operation), actor, Text(reason), instant);

    private static NpgsqlBatchCommand Close(FactChange[] changes) => Command(
        CloseFacts,
        changes.Select(change => change.Before!.Id).ToArray(),
        changes.Select(change => change.Before!.RecordedAt).ToArray(),
        changes.Select(change => change.After!.ValidTo!.Value).ToArray(),
        changes.Select(change => change.After!.SupersededBy!.Value).ToArray());

    private static NpgsqlBatchCommand Insert(FactChange[] changes)
    {
        var facts = changes.Select(change => change.Added!).ToArray();
        return Command(
            InsertFacts,
            Text(facts[0].Subject.ClientId),
            Column(f => f.Id),
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

        T[] Column<T>(Func<FactRecord, T> value) => [.. facts.Select(value)];
    }

    private static NpgsqlParameter Text(string? value) => new() { Value = value ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Time(DateTimeOffset? value) => new() { Value = value ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };

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
