using Actors.Support;

namespace Actors.Postgres;

public sealed class TestDatabaseTests
{
    [Fact]
    public async Task two_databases_of_one_test_process_do_not_see_each_other()
    {
        await using var one = await TestPostgres.CreateAsync();
        await using var other = await TestPostgres.CreateAsync();

        await one.PsqlAsync("create table only_here (a int); insert into only_here values (1), (2);");

        Assert.Equal("1\n2", await one.PsqlAsync("select a from only_here order by a"));
        Assert.Equal("", await other.PsqlAsync("select relname from pg_class where relname = 'only_here'"));
    }

    [Fact]
    public async Task a_database_has_the_schema_of_this_build_unless_an_empty_one_is_asked_for()
    {
        await using var migrated = await TestPostgres.CreateAsync();
        await using var empty = await TestPostgres.CreateAsync(migrate: false);

        const string Tables = "select count(*) from pg_tables where tablename in ('events', 'facts', 'api_keys', 'session_heads')";
        Assert.Equal("4", await migrated.PsqlAsync(Tables));
        Assert.Equal("0", await empty.PsqlAsync(Tables));
    }

    [Fact]
    public async Task psql_errors_carry_the_exit_code_and_what_psql_said()
    {
        await using var database = await TestPostgres.CreateAsync();

        var error = await Assert.ThrowsAsync<PsqlException>(() => database.PsqlAsync("select 1; select nothing_like_it; select 2;"));

        Assert.Equal(3, error.ExitCode);
        Assert.Contains("column \"nothing_like_it\" does not exist", error.Message, StringComparison.Ordinal);
    }
}
