using Actors.Support;

namespace Actors.Api.Tests;

public sealed class OutageTests : IDisposable
{
    private const int Writers = 16;
    private const string Client = "1";

    private readonly string _data = Path.Combine(Path.GetTempPath(), $"outage-test-{Guid.NewGuid():N}");

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task a_service_that_outlives_its_postgres_goes_on_and_knows_what_was_committed_unseen()
    {
        Directory.CreateDirectory(_data);
        await using var service = await ServiceProcess.StartAsync(_data);
        using var stop = new CancellationTokenSource();
        var loops = Enumerable.Range(0, Writers).Select(_ => new RememberLoop(service.Client, Client, stop.Token)).ToList();
        var writing = Task.WhenAll(loops.Select(loop => Task.Run(loop.RunAsync)));
        await Task.WhenAll(loops.Select(loop => loop.AcknowledgedAsync(10)));

        await ServiceCalls.KillPostgresAsync(_data);
        await writing;
        var acknowledged = loops.SelectMany(loop => loop.Acknowledged).ToList();
        Assert.Equal(acknowledged[0].Key, (await service.Client.RecallByFirstWordAsync(Client, acknowledged[0].Value)).Single());
        await service.WaitForOutputAsync("Host lock taken again");

        // Sooner or later than the lock, Postgres is back for the session too.
        var stored = await service.Client.ListEventsAsync(Client);
        Assert.Empty(acknowledged.Select(memory => memory.Key).Except(stored.Select(e => e.Id)));
        foreach (var (id, content) in stored)
        {
            Assert.Equal(id, (await service.Client.RecallByFirstWordAsync(Client, content)).Single());
        }

        var after = new RememberLoop(service.Client, Client, stop.Token);
        var writingAfter = after.RunAsync();
        await after.AcknowledgedAsync(10);
        await stop.CancelAsync();
        await writingAfter;
        Assert.Equal(stored.Count + after.Acknowledged.Count, (await service.Client.ListEventsAsync(Client)).Count);
        Assert.NotEmpty(loops.SelectMany(loop => loop.RefusalCodes));
        Assert.All(
            loops.SelectMany(loop => loop.RefusalCodes),
            code => Assert.Contains(code, new[] { "outcome_unknown", "storage_unavailable", "writes_suspended" }));
    }
}
