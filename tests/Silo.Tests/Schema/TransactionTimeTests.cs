using System.Globalization;
using Npgsql;

namespace Actors.Schema;

/// <summary>Random changes by several writers; then the intervals of every fact are looked at.</summary>
public sealed class TransactionTimeTests(SchemaDatabase database) : IClassFixture<SchemaDatabase>
{
    private static readonly Guid[] Ids = [.. Enumerable.Range(1, 6).Select(n => new Guid($"00000000-0000-7000-8000-{n:D12}"))];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task the_intervals_of_a_fact_never_overlap_and_leave_a_gap_only_where_it_was_deleted(int seed)
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => WriteAsync(new Random((seed * 100) + writer))));

        // All beliefs ever held, the present ones without an end.
        const string Beliefs = """
            with belief as (
                select fact_id, recorded_at, retracted_at, operation from fact_versions
                union all select id, recorded_at, null, null from facts
            ), pair as (
                select *, lead(recorded_at) over (partition by fact_id order by recorded_at) as next from belief)
            """;
        Assert.Equal("0", await database.PsqlAsync($"{Beliefs} select count(*) from pair where retracted_at <= recorded_at"));
        Assert.Equal("0", await database.PsqlAsync($"{Beliefs} select count(*) from pair where next < retracted_at or (next is not null and retracted_at is null)"));
        Assert.Equal("0", await database.PsqlAsync($"{Beliefs} select count(*) from pair where next > retracted_at and operation not in ('delete', 'retract')"));
        Assert.Equal("t|t", await database.PsqlAsync($"{Beliefs} select count(*) > 100, count(distinct operation) >= 3 from pair"));
    }

    private async Task WriteAsync(Random random)
    {
        await using var connection = await (random.Next(2) == 0 ? database.Foreign : database.Grains).OpenConnectionAsync(TestContext.Current.CancellationToken);
        for (var i = 0; i < 60; i++)
        {
            await using var batch = new NpgsqlBatch(connection);
            foreach (var statement in Statements(random))
            {
                batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
            }

            try
            {
                await batch.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            }
            catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.SerializationFailure)
            {
                // The id was deleted while it was inserted: rolled back whole, as it should be.
            }
        }
    }

    // One transaction changes one id, or all rows in the order of ids: in any other they would deadlock now and then.
    private static string[] Statements(Random random)
    {
        var id = Ids[random.Next(Ids.Length)];
        return random.Next(6) == 0
            ? [$"update facts set salience_score = 0.{Digit(random)} where id in (select id from facts order by id for update)"]
            : [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Statement(id, random))];
    }

    private static string Statement(Guid id, Random random) => random.Next(7) switch
    {
        0 => $"delete from facts where id = '{id}'",
        1 => $"update facts set content = 'c{Digit(random)}' where id = '{id}'",
        2 => $"update facts set zep_fact_id = 'z{Digit(random)}' where id = '{id}'",
        3 => "select describe_change('correct', 'someone')",
        4 => "select describe_change('retract', 'someone')",
        _ => $"""
            insert into facts (id, subject_type, subject_id, fact_type, content) values ('{id}', 'user', '1', 'likes', 'c{Digit(random)}')
            on conflict (id) do update set content = excluded.content
            """,
    };

    private static string Digit(Random random) => random.Next(3).ToString(CultureInfo.InvariantCulture);
}
