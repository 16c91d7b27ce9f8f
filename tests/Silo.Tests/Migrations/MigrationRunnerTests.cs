using Actors.Storage;
using Actors.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Actors.Migrations;

public sealed class MigrationRunnerTests : IAsyncLifetime
{
    private static readonly MigrationScript First = MigrationScript.Create("001_first.sql", "create table one (a int);");
    private static readonly MigrationScript Second = MigrationScript.Create("002_second.sql", "create table two (a int); insert into one values (1);");
    private static readonly MigrationScript Failing = MigrationScript.Create("002_failing.sql", "create table two (a int); insert into nowhere values (1);");

    private TestDatabase _database = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await TestPostgres.CreateAsync(migrate: false);

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private Task ApplyAsync(params MigrationScript[] scripts) => ApplyAsync(_database.DataSource, scripts);

    private static Task ApplyAsync(NpgsqlDataSource dataSource, params MigrationScript[] scripts) =>
        new MigrationRunner(dataSource, NullLogger<MigrationRunner>.Instance, scripts).ApplyAsync(Stop);

    [Fact]
    public async Task what_ran_is_recorded_with_its_checksum_and_not_run_again()
    {
        await ApplyAsync(First);
        await ApplyAsync(First, Second);
        await ApplyAsync(First, Second);

        Assert.Equal($"1|001_first.sql|{First.Checksum}\n2|002_second.sql|{Second.Checksum}",
            await _database.PsqlAsync("select number, name, checksum from schema_migrations order by number"));
        Assert.Equal("1", await _database.PsqlAsync("select count(*) from one"));
    }

    [Fact]
    public async Task a_changed_file_that_already_ran_is_an_error_that_names_it()
    {
        await ApplyAsync(First);

        var error = await Assert.ThrowsAsync<ChangedMigrationException>(() => ApplyAsync(MigrationScript.Create(First.Name, "create table other ();"), Second));
        Assert.StartsWith("001_first.sql has changed", error.Message, StringComparison.Ordinal);
        Assert.Equal("f", await _database.PsqlAsync("select to_regclass('two') is not null"));
    }

    [Fact]
    public async Task a_renamed_file_that_already_ran_is_an_error_that_names_both()
    {
        await ApplyAsync(First);

        var error = await Assert.ThrowsAsync<ChangedMigrationException>(() => ApplyAsync(MigrationScript.Create("001_renamed.sql", First.Sql)));
        Assert.Equal("001_first.sql", error.AppliedName);
        Assert.Contains("001_renamed.sql", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_database_of_a_newer_build_is_an_error_that_names_its_migration()
    {
        await ApplyAsync(First, Second);

        var error = await Assert.ThrowsAsync<NewerDatabaseException>(() => ApplyAsync(First));
        Assert.Equal("002_second.sql", error.NewestApplied);
    }

    [Fact]
    public async Task a_failing_file_leaves_nothing_and_what_ran_before_it_stays()
    {
        var error = await Assert.ThrowsAsync<FailedMigrationException>(() => ApplyAsync(First, Failing));

        Assert.Equal("002_failing.sql", error.Name);
        Assert.Contains("nowhere", error.Message, StringComparison.Ordinal);
        Assert.Equal("t|f|1", await _database.PsqlAsync("select to_regclass('one') is not null, to_regclass('two') is not null, count(*) from schema_migrations"));

        await ApplyAsync(First, Second);
        Assert.Equal("2", await _database.PsqlAsync("select count(*) from schema_migrations"));
    }

    [Fact]
    public async Task runners_that_start_together_take_turns()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ApplyAsync(First, Second)));

        Assert.Equal("2", await _database.PsqlAsync("select count(*) from schema_migrations"));
        Assert.Equal("1", await _database.PsqlAsync("select count(*) from one"));
    }

    [Fact]
    public async Task the_lock_is_free_again_after_success_and_failure()
    {
        await ApplyAsync(First);
        await Assert.ThrowsAsync<FailedMigrationException>(() => ApplyAsync(First, Failing));

        Assert.Equal("0", await _database.PsqlAsync("select count(*) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())"));
    }

    [Fact]
    public async Task limits_meant_for_requests_do_not_stop_a_migration_that_waits()
    {
        await using var holder = await _database.DataSource.OpenConnectionAsync(Stop);
        await ExecuteAsync(holder, "select pg_advisory_lock(20417, 1)");
        var target = new NpgsqlConnectionStringBuilder(_database.ConnectionString)
        {
            Options = "-c lock_timeout=1ms -c statement_timeout=200ms -c default_transaction_read_only=on",
            CommandTimeout = 1,
            ApplicationName = "patient",
        };
        await using var impatient = NpgsqlDataSource.Create(target);

        const string RecordLimits = "create table limits as select name, setting from pg_settings where name in ('lock_timeout', 'statement_timeout', 'default_transaction_read_only');";
        var applying = ApplyAsync(impatient, First, MigrationScript.Create("002_limits.sql", RecordLimits));
        while (await ScalarAsync(holder, "select count(*) from pg_locks l join pg_stat_activity a using (pid) where not granted and application_name = 'patient'") == 0)
        {
            Assert.False(applying.IsCompleted, "It did not wait for the lock.");
        }

        await ExecuteAsync(holder, "select pg_advisory_unlock(20417, 1)");
        await applying;
        Assert.Equal("2", await _database.PsqlAsync("select count(*) from schema_migrations"));
        Assert.Equal("default_transaction_read_only|off\nlock_timeout|0\nstatement_timeout|0", await _database.PsqlAsync("select * from limits order by name"));
    }

    [Fact]
    public async Task the_real_migrations_apply_for_an_owner_who_is_no_superuser()
    {
        await using var owner = await UnprivilegedAsync(canCreate: true);

        await new MigrationRunner(owner.DataSource, NullLogger<MigrationRunner>.Instance).ApplyAsync(Stop);

        Assert.Equal("t", await _database.PsqlAsync("select exists (select from pg_extension where extname = 'btree_gist')"));
    }

    [Fact]
    public async Task without_the_privilege_the_error_names_the_extension_and_the_privilege()
    {
        await using var guest = await UnprivilegedAsync(canCreate: false);

        var error = await Assert.ThrowsAsync<MissingExtensionException>(
            () => new MigrationRunner(guest.DataSource, NullLogger<MigrationRunner>.Instance).ApplyAsync(Stop));
        Assert.Contains("extension btree_gist is missing", error.Message, StringComparison.Ordinal);
        Assert.Contains($"GRANT CREATE ON DATABASE {guest.Database} TO {guest.Role}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task an_extension_that_is_there_already_takes_no_privilege()
    {
        await _database.PsqlAsync("create extension btree_gist");
        await using var guest = await UnprivilegedAsync(canCreate: false);

        await new MigrationRunner(guest.DataSource, NullLogger<MigrationRunner>.Instance).ApplyAsync(Stop);

        Assert.Equal("t", await _database.PsqlAsync("select to_regclass('facts') is not null"));
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1")]
    [InlineData("Host=nowhere.invalid")]
    public async Task a_server_that_cannot_be_reached_is_named_as_such(string connectionString)
    {
        await using var nowhere = NpgsqlDataSource.Create(connectionString + ";Database=a;Username=a");

        await Assert.ThrowsAsync<StorageUnavailableException>(() => ApplyAsync(nowhere, First));
    }

    [Fact]
    public async Task a_connection_lost_during_a_migration_is_told_from_a_failing_script()
    {
        var script = MigrationScript.Create("002_ends_its_connection.sql", "select pg_terminate_backend(pg_backend_pid());");

        await Assert.ThrowsAsync<StorageUnavailableException>(() => ApplyAsync(First, script));

        Assert.Equal("1", await _database.PsqlAsync("select count(*) from schema_migrations"));
    }

    private async Task<UnprivilegedRole> UnprivilegedAsync(bool canCreate)
    {
        var database = new NpgsqlConnectionStringBuilder(_database.ConnectionString).Database!;
        var role = "role_" + Guid.NewGuid().ToString("N");
        await _database.PsqlAsync($"""
            create role {role} login password 'secret' nosuperuser;
            grant usage, create on schema public to {role};
            {(canCreate ? $"alter database {database} owner to {role};" : "")}
            """);
        var target = new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Username = role, Password = "secret" };
        return new UnprivilegedRole(database, role, NpgsqlDataSource.Create(target), () => _database.PsqlAsync($"reassign owned by {role} to current_user; drop owned by {role}; drop role {role}"));
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Stop);
    }

    private static async Task<long> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync(Stop))!;
    }

    private sealed record UnprivilegedRole(string Database, string Role, NpgsqlDataSource DataSource, Func<Task> Drop) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await DataSource.DisposeAsync();
            await Drop();
        }
    }
}
