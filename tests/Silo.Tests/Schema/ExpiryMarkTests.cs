namespace Actors.Schema;

/// <summary>The mark of an expired memory is the service's, and goes when its end moves.</summary>
public sealed class ExpiryMarkTests(SchemaDatabase database) : IClassFixture<SchemaDatabase>
{
    private const string End = "timestamptz '2026-01-02 00:00:00+00'";

    [Fact]
    public async Task the_service_marks_without_logging_an_update()
    {
        await AddAsync("own");
        await MarkAsync("own");

        Assert.Equal("t", await IsMarkedAsync("own"));
        Assert.Equal("1|insert", await database.PsqlAsync(
            "select h.version, l.operation from session_heads h join change_log l using (client_id) where client_id = 'own'"));
    }

    [Theory]
    [InlineData("kept", "salience_score = 0.9", "t")]
    [InlineData("same", "expires_at = timestamptz '2026-01-02 00:00:00+00'", "t")]
    [InlineData("later", "expires_at = timestamptz '2036-01-01 00:00:00+00'", "f")]
    [InlineData("earlier", "expires_at = timestamptz '2026-01-01 12:00:00+00'", "f")]
    [InlineData("endless", "expires_at = null, memory_scope = 'user'", "f")]
    [InlineData("scope", "memory_scope = 'global'", "f")]
    [InlineData("taken", "expired_at = null", "f")]
    [InlineData("moved", "expired_at = timestamptz '2020-01-01 00:00:00+00'", "t")]
    public async Task a_mark_stays_as_long_as_the_end_it_is_for(string client, string change, string marked)
    {
        await AddAsync(client);
        await MarkAsync(client);

        await database.PsqlAsync($"update events set {change} where client_id = '{client}'");

        Assert.Equal(marked, await IsMarkedAsync(client));
    }

    [Fact]
    public async Task an_operator_cannot_set_a_mark()
    {
        await database.PsqlAsync($"insert into events (client_id, content, occurred_at, expires_at, expired_at) values ('forged', 'a', '2026-01-01', {End}, {End})");
        Assert.Equal("f", await IsMarkedAsync("forged"));

        await database.PsqlAsync("update events set expired_at = expires_at where client_id = 'forged'");
        Assert.Equal("f", await IsMarkedAsync("forged"));
    }

    [Fact]
    public async Task memories_of_a_run_that_goes_on_after_all_lose_their_marks()
    {
        const string Run = "'00000000-0000-7000-8000-0000000000e1'";
        await database.PsqlAsync(
            $"""
            insert into execution_runs (id, client_id, status, ended_at) values ({Run}, 'again', 'failed', {End});
            insert into events (client_id, content, memory_scope, run_id) values ('again', 'a', 'run', {Run});
            """);
        await SchemaDatabase.ExecuteAsync(database.Grains, $"select set_config('actors.logged', 'on', true); update events set expired_at = {End} where client_id = 'again'");
        await database.PsqlAsync($"update execution_runs set telemetry = '[]' where id = {Run}");
        Assert.Equal("t", await IsMarkedAsync("again"));

        await database.PsqlAsync($"update execution_runs set status = 'running', ended_at = null where id = {Run}");

        Assert.Equal("f", await IsMarkedAsync("again"));
    }

    private Task<string> AddAsync(string client) => database.PsqlAsync(
        $"insert into events (client_id, content, occurred_at, expires_at) values ('{client}', 'a', '2026-01-01', {End})");

    private Task MarkAsync(string client) => SchemaDatabase.ExecuteAsync(
        database.Grains, $"select set_config('actors.logged', 'on', true); update events set expired_at = expires_at where client_id = '{client}'");

    private Task<string> IsMarkedAsync(string client) => database.PsqlAsync($"select expired_at is not null from events where client_id = '{client}'");
}
