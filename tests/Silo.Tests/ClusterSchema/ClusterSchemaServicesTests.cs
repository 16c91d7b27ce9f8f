using Actors.Hosting;
using Actors.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Actors.ClusterSchema;

public sealed class ClusterSchemaServicesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static IServiceCollection Services(string connectionString, string setting, string value) => new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection([new("ConnectionStrings:Postgres", connectionString), new(setting, value)])
            .Build())
        .AddLogging()
        .AddGrainServices()
        .AddClusterSchema();

    private static async Task<string> FailAsync(string setting, string value)
    {
        await using var database = await TestPostgres.CreateAsync(migrate: false);
        await using var services = Services(database.ConnectionString, setting, value).BuildServiceProvider();
        var error = await Assert.ThrowsAsync<OrleansScriptException>(() => services.GetRequiredService<OrleansSchemaInstaller>().ApplyAsync(Stop));
        return error.Message;
    }

    [Fact]
    public async Task scripts_come_from_the_folder_when_one_is_set()
    {
        await using var folder = TestFolder.Create();

        Assert.StartsWith(
            $"PostgreSQL-Main.sql is missing: neither {folder.Path}/src/AdoNet/Shared/PostgreSQL-Main.sql",
            await FailAsync("ClusterSchema:Scripts", folder.Path),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task scripts_come_from_another_server_when_one_is_set_at_the_listed_commit()
    {
        await using var server = await ScriptServer.StartAsync(new InventedScripts());

        var message = await FailAsync("ClusterSchema:Source", $"{server.Root}orleans/{{ref}}/");

        Assert.StartsWith($"{server.Root}orleans/{OrleansScriptList.Load().Ref}/src/AdoNet/Shared/PostgreSQL-Main.sql cannot be fetched", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task what_a_server_has_is_downloaded_and_applied()
    {
        var scripts = InventedScripts.Three();
        await using var server = await ScriptServer.StartAsync(scripts);
        await using var database = await TestPostgres.CreateAsync(migrate: false);
        await using var services = Services(database.ConnectionString, "ClusterSchema:Source", server.Root.AbsoluteUri).AddSingleton(scripts.List).BuildServiceProvider();

        await services.GetRequiredService<OrleansSchemaInstaller>().ApplyAsync(Stop);

        Assert.Equal("1,2", await database.PsqlAsync("select string_agg(a::text, ',' order by a) from queries"));
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("file:///etc")]
    public async Task a_source_that_is_no_web_address_is_refused(string source)
    {
        await using var services = Services("Host=127.0.0.1;Port=1", "ClusterSchema:Source", source).BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(services.GetRequiredService<OrleansSchemaInstaller>);

        Assert.Contains("ClusterSchema:Source", error.Message, StringComparison.Ordinal);
    }
}
