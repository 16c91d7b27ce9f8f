using Actors.ClusterSchema;
using Actors.Storage;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Actors.Hosting;

/// <summary>Ends the start of a silo that would not find Orleans' own tables, with a message that tells how to create them.</summary>
internal sealed class OrleansTablesCheck(Database database) : IHostedService
{
    private const string CountMissing =
        """
        select count(*) from unnest($1) as wanted (name) where to_regclass(wanted.name) is null
        """;

    /// <exception cref="OrleansTablesMissingException">One of them is missing.</exception>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var missing = await database.ReadAsync(
            async connection =>
            {
                await using var count = new NpgsqlCommand(CountMissing, connection);
                count.Parameters.Add(new() { Value = OrleansScriptList.Load().Scripts.Select(script => script.Relation).ToArray() });
                return (long)(await count.ExecuteScalarAsync(cancellationToken))!;
            },
            cancellationToken);
        if (missing > 0)
        {
            throw new OrleansTablesMissingException();
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
