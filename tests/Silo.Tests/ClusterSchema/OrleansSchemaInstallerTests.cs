using Actors.Storage;
using Actors.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using static Actors.ClusterSchema.OrleansScriptOutcome;

namespace Actors.ClusterSchema;

public sealed class OrleansSchemaInstallerTests : IAsyncLifetime
{
    private const string Applications = "select coalesce(string_agg(a::text, ',' order by a), '') from queries";
    private const string Record = "select path, sha256, adopted from orleans_scripts order by applied_at";

    private readonly InventedScripts _scripts = InventedScripts.Three();
    private TestDatabase _database = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await TestPostgres.CreateAsync(migrate: false);

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private Task<OrleansScriptOutcome[]> ApplyAsync() => ApplyAsync(_database.DataSource);

    private async Task<OrleansScriptOutcome[]> ApplyAsync(NpgsqlDataSource dataSource)
    {
        var installer = new OrleansSchemaInstaller(dataSource, NullLogger<OrleansSchemaInstaller>.Instance, _scripts.List, _scripts);
        var results = await installer.ApplyAsync(Stop);
        Assert.Equal(_scripts.List.Scripts, results.Select(result => result.Script));
        return [.. results.Select(result => result.Outcome)];
    }

    private async Task<string> FailAsync() => (await Assert.ThrowsAsync<OrleansScriptException>(ApplyAsync)).Message;

    private Task<string> RelationsAsync() =>
        _database.PsqlAsync("select string_agg(relname, ',' order by relname) from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'");

    private string Row(int position, char adopted) => $"{_scripts.List.Scripts[position].Path}|{_scripts.List.Scripts[position].Sha256}|{adopted}";

    [Fact]
    public async Task an_empty_database_gets_all_scripts_in_order_and_a_record_of_them()
    {
        Assert.Equal([Applied, Applied, Applied], await ApplyAsync());

        Assert.Equal("members,orleans_scripts,queries,storage", await RelationsAsync());
        Assert.Equal($"{Row(0, 'f')}\n{Row(1, 'f')}\n{Row(2, 'f')}", await _database.PsqlAsync(Record));
    }

    [Fact]
    public async Task a_second_time_changes_nothing_and_reads_no_script()
    {
        await ApplyAsync();
        var before = await _database.PsqlAsync("select * from orleans_scripts order by path");

        Assert.Equal([AlreadyThere, AlreadyThere, AlreadyThere], await ApplyAsync());

        Assert.Equal(before, await _database.PsqlAsync("select * from orleans_scripts order by path"));
        Assert.Equal("1,2", await _database.PsqlAsync(Applications));
        Assert.Equal(3, _scripts.Reads);
    }

    [Fact]
    public async Task a_last_script_of_another_hash_keeps_the_first_from_being_applied()
    {
        _scripts.WithOther("storage/Storage.sql", "CREATE TABLE Storage (a int); ");

        Assert.StartsWith("storage/Storage.sql is not the script", await FailAsync(), StringComparison.Ordinal);
        Assert.Equal("orleans_scripts", await RelationsAsync());
        Assert.Equal("", await _database.PsqlAsync(Record));
    }

    [Fact]
    public async Task a_failing_script_leaves_nothing_and_what_ran_before_it_stays()
    {
        _scripts.With("clustering/Members.sql", "members", "CREATE TABLE Members (a int); INSERT INTO Nowhere VALUES (1);");

        Assert.Equal("Members.sql failed and was rolled back: relation \"nowhere\" does not exist (SQLSTATE 42P01).", await FailAsync());
        Assert.Equal("orleans_scripts,queries", await RelationsAsync());

        _scripts.With("clustering/Members.sql", "members", "CREATE TABLE Members (a int);");
        Assert.Equal([AlreadyThere, Applied, Applied], await ApplyAsync());
    }

    [Fact]
    public async Task what_somebody_else_ran_is_adopted_and_the_others_are_applied()
    {
        await _database.PsqlAsync("create table queries (a int); create table members (a int)");

        Assert.Equal([Adopted, Adopted, Applied], await ApplyAsync());
        Assert.Equal([AlreadyThere, AlreadyThere, AlreadyThere], await ApplyAsync());

        Assert.Equal($"{Row(0, 't')}\n{Row(1, 't')}\n{Row(2, 'f')}", await _database.PsqlAsync(Record));
        Assert.Equal("2", await _database.PsqlAsync(Applications));
    }

    [Fact]
    public async Task a_script_of_another_version_on_record_is_an_error_and_nothing_is_applied()
    {
        await ApplyAsync();
        var earlier = _scripts.List.Scripts[1].Sha256;
        _scripts.With("clustering/Members.sql", "members", "CREATE TABLE Members (a bigint);").With("more/More.sql", "more", "CREATE TABLE More (a int);");

        var message = await FailAsync();

        Assert.StartsWith($"This database has clustering/Members.sql of another version (SHA-256 {earlier}; Orleans 1.2.3 has", message, StringComparison.Ordinal);
        Assert.Contains("folder Migrations", message, StringComparison.Ordinal);
        Assert.Equal("members,orleans_scripts,queries,storage", await RelationsAsync());
    }

    [Fact]
    public async Task after_going_over_by_hand_a_script_whose_row_was_deleted_is_adopted()
    {
        await ApplyAsync();
        _scripts.With("clustering/Members.sql", "members", "CREATE TABLE Members (a bigint);");
        await _database.PsqlAsync("alter table members alter a type bigint; delete from orleans_scripts where path = 'clustering/Members.sql'");

        Assert.Equal([AlreadyThere, Adopted, AlreadyThere], await ApplyAsync());
    }

    [Fact]
    public async Task a_script_on_record_whose_table_is_gone_is_an_error()
    {
        await ApplyAsync();
        await _database.PsqlAsync("drop table storage");

        Assert.StartsWith("storage/Storage.sql is on record in orleans_scripts, but its table storage is not there.", await FailAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task installers_that_start_together_take_turns()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ApplyAsync()));

        Assert.Single(outcomes, outcome => outcome is [Applied, Applied, Applied]);
        Assert.Equal(3, outcomes.Count(outcome => outcome is [AlreadyThere, AlreadyThere, AlreadyThere]));
        Assert.Equal("1,2", await _database.PsqlAsync(Applications));
    }

    [Fact]
    public async Task a_role_that_may_not_create_tables_is_told_so()
    {
        var role = "role_" + Guid.NewGuid().ToString("N");
        await _database.PsqlAsync($"create role {role} login password 'secret' nosuperuser");
        var target = new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Username = role, Password = "secret", Pooling = false };
        await using var guest = NpgsqlDataSource.Create(target);

        var error = await Assert.ThrowsAsync<OrleansScriptException>(() => ApplyAsync(guest));

        await _database.PsqlAsync($"drop role {role}");
        Assert.Equal("The record of Orleans' scripts cannot be kept: permission denied for schema public (SQLSTATE 42501).", error.Message);
    }

    [Fact]
    public async Task a_server_that_cannot_be_reached_is_named_as_such()
    {
        await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Database=a;Username=a");

        await Assert.ThrowsAsync<StorageUnavailableException>(() => ApplyAsync(nowhere));
    }

    [Fact]
    public async Task a_connection_lost_during_a_script_is_told_from_a_failing_one()
    {
        _scripts.With("clustering/Members.sql", "members", "SELECT pg_terminate_backend(pg_backend_pid());");

        await Assert.ThrowsAsync<StorageUnavailableException>(ApplyAsync);

        Assert.Equal(Row(0, 'f'), await _database.PsqlAsync(Record));
    }
}
