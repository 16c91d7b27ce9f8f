using Npgsql;

namespace Actors.Schema;

/// <summary>What was believed before is in fact_versions, whoever changed it.</summary>
public sealed class FactVersionTests(SchemaDatabase database) : IClassFixture<SchemaDatabase>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Task<string> InsertAsync(string subject) => database.PsqlAsync(
        $"insert into facts (client_id, subject_type, subject_id, fact_type, content) values ('1', 'user', '{subject}', 'likes', 'tea') returning id");

    private Task<string> VersionsAsync(string id) => database.PsqlAsync(
        $"select content, operation, actor = session_user, reason from fact_versions where fact_id = '{id}' order by recorded_at");

    [Fact]
    public async Task an_update_keeps_the_old_belief_until_the_instant_the_new_one_begins()
    {
        var id = await InsertAsync("updated");
        var recorded = await database.PsqlAsync($"select recorded_at from facts where id = '{id}'");

        await database.PsqlAsync($"update facts set content = 'coffee' where id = '{id}'");

        Assert.Equal("tea|update|t|", await VersionsAsync(id));
        Assert.Equal("t|t", await database.PsqlAsync($"""
            select v.recorded_at = '{recorded}', v.retracted_at = f.recorded_at from fact_versions v join facts f on f.id = v.fact_id where f.id = '{id}'
            """));
    }

    [Fact]
    public async Task a_delete_keeps_the_last_belief()
    {
        var id = await InsertAsync("deleted");

        await database.PsqlAsync($"delete from facts where id = '{id}'");

        Assert.Equal("tea|delete|t|", await VersionsAsync(id));
    }

    [Theory]
    [InlineData("update facts set content = content")]
    [InlineData("update facts set zep_fact_id = 'z'")]
    [InlineData("update facts set updated_at = now(), recorded_at = '2020-01-01'")]
    public async Task an_update_of_no_business_column_makes_no_version_and_keeps_the_transaction_time(string update)
    {
        var id = await InsertAsync("untouched");
        var recorded = await database.PsqlAsync($"select recorded_at from facts where id = '{id}'");

        await database.PsqlAsync($"{update} where id = '{id}'");

        Assert.Equal("", await VersionsAsync(id));
        Assert.Equal(recorded, await database.PsqlAsync($"select recorded_at from facts where id = '{id}'"));
    }

    [Fact]
    public async Task two_changes_in_one_transaction_are_two_versions()
    {
        var id = await InsertAsync("twice");

        await database.PsqlAsync($"begin; update facts set content = 'coffee' where id = '{id}'; delete from facts where id = '{id}'; commit");

        Assert.Equal("tea|update|t|\ncoffee|delete|t|", await VersionsAsync(id));
    }

    [Fact]
    public async Task a_described_change_says_what_it_was_who_did_it_and_why()
    {
        var id = await InsertAsync("described");

        await database.PsqlAsync($"""
            begin; select describe_change('correct', 'ann', 'typo'); update facts set content = 'green tea' where id = '{id}'; commit;
            begin; select describe_change('retract', 'bob'); delete from facts where id = '{id}'; commit;
            """);

        Assert.Equal("tea|correct|ann|typo\ngreen tea|retract|bob|", await database.PsqlAsync(
            $"select content, operation, actor, reason from fact_versions where fact_id = '{id}' order by recorded_at"));
    }

    [Fact]
    public async Task a_description_ends_with_its_transaction()
    {
        var id = await InsertAsync("afterwards");

        await database.PsqlAsync($"""
            begin; select describe_change('correct', 'ann', 'typo'); commit;
            update facts set content = 'coffee' where id = '{id}';
            """);

        Assert.Equal("tea|update|t|", await VersionsAsync(id));
    }

    [Fact]
    public async Task a_grain_gives_the_instant_and_it_still_moves_forward_only()
    {
        var id = Guid.NewGuid();
        await AsGrainAsync($"select describe_change('change', 'k', null, '2031-01-01 00:00:00.000001+00')", $"insert into facts (id, subject_type, subject_id, fact_type, content) values ('{id}', 'user', 'grain', 'likes', 'a')");
        await AsGrainAsync($"select describe_change('correct', 'k', null, '2031-01-02+00')", $"update facts set content = 'b' where id = '{id}'");
        await AsGrainAsync($"select describe_change('correct', 'k', null, '2030-01-01+00')", $"update facts set content = 'c' where id = '{id}'");
        await AsGrainAsync($"select describe_change('retract', 'k', null, '2031-01-02+00')", $"delete from facts where id = '{id}'");

        Assert.Equal("""
            a|2031-01-01 00:00:00.000001|2031-01-02 00:00:00
            b|2031-01-02 00:00:00|2031-01-02 00:00:00.000001
            c|2031-01-02 00:00:00.000001|2031-01-02 00:00:00.000002
            """, await database.PsqlAsync(
            $"select content, recorded_at at time zone 'UTC', retracted_at at time zone 'UTC' from fact_versions where fact_id = '{id}' order by recorded_at"));
    }

    [Theory]
    [InlineData("select describe_change('change', 'me', null, '2020-01-01')", PostgresErrorCodes.InsufficientPrivilege)]
    [InlineData("select describe_change('forge')", PostgresErrorCodes.InvalidParameterValue)]
    [InlineData("delete from fact_versions", "23001")]
    [InlineData("update fact_versions set content = 'x'", "23001")]
    [InlineData("truncate fact_versions", "23001")]
    [InlineData("set actors.writer = 'grain'; update fact_versions set content = 'x'", "23001")]
    [InlineData("update facts set id = uuid_v7() where id = (select min(id::text)::uuid from facts)", PostgresErrorCodes.CheckViolation)]
    public async Task history_is_not_forged(string statement, string sqlState)
    {
        await InsertAsync("forged");

        Assert.Equal(sqlState, (await database.RefusedAsync(statement)).SqlState);
    }

    [Fact]
    public async Task an_id_that_comes_back_after_its_deletion_begins_after_its_last_version()
    {
        var id = Guid.NewGuid();
        await AsGrainAsync("select describe_change('change', 'k', null, '2031-01-01+00')", $"insert into facts (id, subject_type, subject_id, fact_type, content) values ('{id}', 'user', 'back', 'likes', 'a')", $"delete from facts where id = '{id}'");

        await database.PsqlAsync($"insert into facts (id, subject_type, subject_id, fact_type, content) values ('{id}', 'user', 'back', 'likes', 'b')");

        Assert.Equal("t", await database.PsqlAsync($"select f.recorded_at >= v.retracted_at from facts f join fact_versions v on v.fact_id = f.id where f.id = '{id}'"));
    }

    [Fact]
    public async Task a_set_wide_update_keeps_a_version_of_each_row_that_differs()
    {
        await database.PsqlAsync("""
            insert into facts (client_id, subject_type, subject_id, fact_type, content, category)
            select 'wide', 'user', n::text, 'wide', 'x', case when n % 2 = 0 then 'even' end from generate_series(1, 100) n;
            update facts set category = 'even' where fact_type = 'wide';
            """);

        Assert.Equal("50", await database.PsqlAsync("select count(*) from fact_versions where fact_type = 'wide'"));
        Assert.Equal("50", await database.PsqlAsync("select count(*) from change_log where client_id = 'wide' and operation = 'update'"));
    }

    private async Task AsGrainAsync(params string[] statements)
    {
        await using var batch = database.Grains.CreateBatch();
        foreach (var statement in statements)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        }

        await batch.ExecuteNonQueryAsync(Stop);
    }
}
