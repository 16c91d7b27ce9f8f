using Actors.Migrations;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Actors.Support;

/// <summary>Makes databases on one server. The schema is migrated once, into a template that the others copy.</summary>
internal sealed class TestCluster
{
    private readonly string _connectionString;
    private readonly string _template = "test_template_" + Guid.NewGuid().ToString("N");
    private readonly Lazy<Task> _migrated;

    public TestCluster(string connectionString) => (_connectionString, _migrated) = (connectionString, new Lazy<Task>(MigrateTemplateAsync));

    public async Task<TestDatabase> CreateDatabaseAsync(bool migrate)
    {
        if (migrate)
        {
            await _migrated.Value;
        }

        var name = "test_" + Guid.NewGuid().ToString("N");
        await ExecuteAsync($"create database {name} template {(migrate ? _template : "template1")}");
        return new TestDatabase(To(name), () => ExecuteAsync($"drop database {name} with (force)"));
    }

    public async Task DropTemplateAsync()
    {
        if (_migrated.IsValueCreated)
        {
            await ExecuteAsync($"drop database if exists {_template} with (force)");
        }
    }

    private async Task MigrateTemplateAsync()
    {
        await ExecuteAsync($"create database {_template}");
        // A database with a connection cannot be copied; a pool would keep one open.
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(To(_template)) { Pooling = false });
        await new MigrationRunner(source, NullLogger<MigrationRunner>.Instance).ApplyAsync(CancellationToken.None);
        await HostTables.AddAsync(source);
    }

    private string To(string database) => new NpgsqlConnectionStringBuilder(_connectionString) { Database = database }.ConnectionString;

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
