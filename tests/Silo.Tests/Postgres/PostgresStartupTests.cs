using Actors.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Actors.Postgres;

public sealed class PostgresStartupTests
{
    [Fact]
    public async Task a_given_connection_string_is_left_alone_and_no_server_started()
    {
        await using var folder = TestFolder.Create();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:Postgres"] = "Host=elsewhere";
        builder.Configuration["Data"] = folder.Path;

        await using var postgres = await builder.StartPostgresAsync();

        Assert.Equal("Host=elsewhere", builder.Configuration.GetConnectionString("Postgres"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("postgres://user:secret@host/database")]
    [InlineData("Host=host;Colour=secret")]
    [InlineData("Host=host;Port=secret")]
    [InlineData("Username=user;Password=secret")]
    public async Task a_connection_string_of_another_form_is_refused_without_being_repeated(string given)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:Postgres"] = given;

        var error = await Assert.ThrowsAsync<ConnectionStringException>(() => builder.StartPostgresAsync());

        Assert.Contains("\"Host=...;Database=...;Username=...;Password=...\"", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task without_one_a_server_runs_below_the_data_folder_until_disposal()
    {
        await using var folder = TestFolder.Create();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["Data"] = folder.Path;

        await using (await builder.StartPostgresAsync())
        {
            var connectionString = builder.Configuration.GetConnectionString("Postgres")!;
            Assert.Equal(Scene.ClusterOf(folder), await Scene.AskAsync(connectionString, "select current_setting('data_directory')"));
        }

        Assert.Empty(ServerProcesses.Of(Scene.ClusterOf(folder)));
    }
}
