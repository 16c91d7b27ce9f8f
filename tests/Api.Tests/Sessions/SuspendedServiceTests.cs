using Actors.Support;

namespace Actors.Api.Tests.Sessions;

/// <summary>After its process stood still, a session looks what has been written meanwhile before it answers.</summary>
public sealed class SuspendedServiceTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("suspended-test-");

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task what_was_written_while_the_process_was_stopped_is_recalled_as_soon_as_it_goes_on()
    {
        await using var database = await TestPostgres.CreateAsync();
        await using var service = await ServiceProcess.StartAsync(_data.FullName, "--postgres", database.ConnectionString, "--Sessions:PauseLimit", "00:00:00.010");
        Assert.Empty(await service.Client.RecallByFirstWordAsync("slept", "elsewhere"));

        service.Suspend();
        // To start psql takes longer than the limit.
        var written = await database.PsqlAsync("insert into events (client_id, content) values ('slept', 'elsewhere written') returning id");
        service.Resume();

        Assert.Equal([Guid.Parse(written.Trim())], await service.Client.RecallByFirstWordAsync("slept", "elsewhere"));
    }
}
