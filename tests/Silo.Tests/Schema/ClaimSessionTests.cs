using Npgsql;

namespace Actors.Schema;

public sealed class ClaimSessionTests(SchemaDatabase database) : IClassFixture<SchemaDatabase>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task the_first_claim_makes_head_and_client_and_returns_no_time()
    {
        Assert.Equal("t", await database.PsqlAsync("select claim_session('first', 0) is null"));
        Assert.Equal("0|0|t", await database.PsqlAsync("""
            select version, erase_epoch, exists (select from clients where id = 'first') from session_heads where client_id = 'first'
            """));
    }

    [Fact]
    public async Task a_claim_returns_the_latest_creation_time()
    {
        await database.PsqlAsync("insert into events (content, client_id, created_at) values ('a', 'timed', '2024-01-02 03:04:05.678901+00'), ('b', 'timed', '2023-01-01+00')");

        Assert.Equal("t", await database.PsqlAsync("select claim_session('timed', 1) = '2024-01-02 03:04:05.678901+00'"));
    }

    [Fact]
    public async Task a_claim_of_another_version_is_a_conflict_that_tells_the_actual_one()
    {
        await database.PsqlAsync("insert into events (content, client_id) values ('a', 'moved')");

        var error = await database.RefusedAsync("select claim_session('moved', 0)");
        Assert.Equal(("PM001", "session_version_conflict", "1"), (error.SqlState, error.MessageText, error.Detail));
    }

    [Fact]
    public async Task a_failed_claim_of_an_unknown_client_leaves_nothing()
    {
        var error = await database.RefusedAsync("select claim_session('never', 3)");

        Assert.Equal(("PM001", "0"), (error.SqlState, error.Detail));
        Assert.Equal("0|0", await database.PsqlAsync("select (select count(*) from clients where id = 'never'), (select count(*) from session_heads where client_id = 'never')"));
    }

    [Fact]
    public async Task a_claim_of_a_malformed_client_is_refused_by_name()
    {
        var error = await database.RefusedAsync("select claim_session('no spaces', 0)");

        Assert.Equal("clients_id_has_a_safe_form", error.ConstraintName);
    }

    [Fact]
    public async Task the_house_is_claimed_by_null_or_its_sign()
    {
        Assert.Equal("t\nt\n-|0", await database.PsqlAsync("""
            select claim_session(null, 0) is null; select claim_session('-', 0) is null;
            select client_id, version from session_heads where client_id = '-'
            """));
    }

    [Fact]
    public async Task of_many_writers_with_the_same_version_exactly_one_writes()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(n => WriteAsync("raced", 0, $"by {n}")));

        Assert.Equal(1, outcomes.Count(written => written));
        Assert.Equal("1|1", await database.PsqlAsync("select version, (select count(*) from events where client_id = 'raced') from session_heads where client_id = 'raced'"));
    }

    [Fact]
    public async Task writers_that_retry_with_the_version_they_are_told_all_get_through()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async n =>
        {
            for (var written = 0; written < 5; written++)
            {
                while (!await WriteAsync("retried", await VersionAsync("retried"), $"{n}/{written}"))
                {
                }
            }
        }));

        Assert.Equal("40|40|40", await database.PsqlAsync("""
            select version, (select count(*) from events where client_id = 'retried'),
                   (select count(distinct head_version) from change_log where client_id = 'retried')
            from session_heads where client_id = 'retried'
            """));
    }

    private async Task<long> VersionAsync(string clientId)
    {
        await using var select = database.Grains.CreateCommand("select coalesce((select version from session_heads where client_id = $1), 0)");
        select.Parameters.Add(new NpgsqlParameter<string> { TypedValue = clientId });
        return (long)(await select.ExecuteScalarAsync(Stop))!;
    }

    private async Task<bool> WriteAsync(string clientId, long expectedVersion, string content)
    {
        await using var batch = database.Grains.CreateBatch();
        var claim = new NpgsqlBatchCommand("select claim_session($1, $2)");
        claim.Parameters.Add(new NpgsqlParameter<string> { TypedValue = clientId });
        claim.Parameters.Add(new NpgsqlParameter<long> { TypedValue = expectedVersion });
        var insert = new NpgsqlBatchCommand("insert into events (client_id, content) values ($1, $2)");
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = clientId });
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = content });
        batch.BatchCommands.Add(claim);
        batch.BatchCommands.Add(insert);
        try
        {
            await batch.ExecuteNonQueryAsync(Stop);
            return true;
        }
        catch (PostgresException conflict) when (conflict.SqlState == "PM001")
        {
            return false;
        }
    }
}
