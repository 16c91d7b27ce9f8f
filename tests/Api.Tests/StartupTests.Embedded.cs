using Actors.Support;

namespace Actors.Api.Tests;

public sealed partial class StartupTests
{
    [Fact]
    public async Task an_empty_database_is_enough_to_start_with_embeddings()
    {
        await using var database = await TestPostgres.CreateAsync(migrate: false);
        await using var service = await ServiceProcess.StartAsync(
            _folder.FullName, "--postgres", database.ConnectionString, "--Embeddings:Endpoint", "http://127.0.0.1:1/v1", "--Embeddings:Model", "small");
        using var answer = await service.Client.GetAsync("/api/v1/memory/recall?client_id=1&query=tea", TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode);
    }
}
