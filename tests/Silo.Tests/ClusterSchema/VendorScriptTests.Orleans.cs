using Actors.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Actors.ClusterSchema;

public sealed class VendorScriptTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task orleans_own_scripts_apply_and_a_second_time_changes_nothing()
    {
        var folder = Environment.GetEnvironmentVariable("ORLEANS_SQL");
        Assert.SkipUnless(folder is { Length: > 0 }, "needs Orleans' scripts in the folder that ORLEANS_SQL names; they are not in this repository");
        await using var database = await TestPostgres.CreateAsync(migrate: false);
        var installer = new OrleansSchemaInstaller(
            database.DataSource, NullLogger<OrleansSchemaInstaller>.Instance, OrleansScriptList.Load(), new OrleansScriptFolder(folder!));

        Assert.All(await installer.ApplyAsync(Stop), result => Assert.Equal(OrleansScriptOutcome.Applied, result.Outcome));
        var queries = await database.PsqlAsync("select querykey from orleansquery order by querykey");
        Assert.All(await installer.ApplyAsync(Stop), result => Assert.Equal(OrleansScriptOutcome.AlreadyThere, result.Outcome));

        Assert.Equal(queries, await database.PsqlAsync("select querykey from orleansquery order by querykey"));
        Assert.Contains("WriteToStorageKey", queries, StringComparison.Ordinal);
        Assert.Equal("4", await database.PsqlAsync("select count(*) from orleans_scripts where not adopted"));
    }
}
