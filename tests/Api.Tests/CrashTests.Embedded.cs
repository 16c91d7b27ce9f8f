using Actors.Support;

namespace Actors.Api.Tests;

/// <summary>Acknowledged means durable, whatever is killed and when.</summary>
public class CrashTests
{
    private const int Rounds = 20;
    private const int Writers = 32;
    private const int Clients = 4;

    private enum Victim
    {
        Service,
        Postgres,
        Both,
    }

    [Fact]
    public async Task after_kill_9_of_service_postgres_or_both_every_acknowledged_memory_is_there_once()
    {
        var data = Path.Combine(Path.GetTempPath(), $"crash-test-{Guid.NewGuid():N}");
        Directory.CreateDirectory(data);
        var random = new Random(20261122);
        var acknowledged = new List<Acknowledged>();
        for (var round = 0; round < Rounds; round++)
        {
            var victim = (Victim)(round % 3);
            var ofRound = await WriteUntilKilledAsync(data, victim, random.Next(20, 400));
            acknowledged.AddRange(ofRound);

            await using var service = await ServiceProcess.StartAsync(data);
            var listed = new List<(Guid Id, string Content)>();
            for (var client = 0; client < Clients; client++)
            {
                listed.AddRange(await service.Client.ListEventsAsync($"{client}"));
            }

            TestContext.Current.SendDiagnosticMessage($"round {round}, {victim} killed: {acknowledged.Count} acknowledged, {listed.Count} stored");
            Assert.Equal(listed.Count, listed.Select(e => e.Content).Distinct().Count());
            var stored = listed.ToDictionary(e => e.Id, e => e.Content);
            Assert.All(acknowledged, memory => Assert.Equal(memory.Content, stored.GetValueOrDefault(memory.Id)));
            await AssertRecalledAsync(service.Client, round == Rounds - 1 ? acknowledged : ofRound);
        }

        Assert.True(acknowledged.Count > Rounds * 20);
        Directory.Delete(data, recursive: true);
    }

    private static async Task<List<Acknowledged>> WriteUntilKilledAsync(string data, Victim victim, int requestsBefore)
    {
        var service = await ServiceProcess.StartAsync(data);
        using var stop = new CancellationTokenSource();
        var loops = Enumerable.Range(0, Writers).Select(i => new RememberLoop(service.Client, $"{i % Clients}", stop.Token)).ToList();
        var writing = Task.WhenAll(loops.Select(loop => Task.Run(loop.RunAsync)));
        await Task.WhenAll(loops.Select(loop => loop.AcknowledgedAsync(requestsBefore / Writers)));

        if (victim is Victim.Postgres or Victim.Both)
        {
            await ServiceCalls.KillPostgresAsync(data);
        }

        if (victim is Victim.Service or Victim.Both)
        {
            await service.KillAsync();
        }

        await stop.CancelAsync();
        await writing;
        if (victim == Victim.Postgres)
        {
            Assert.Equal(0, await service.StopAsync());
        }

        service.Client.Dispose();
        return [.. loops.SelectMany(loop => loop.Acknowledged.Select(memory => new Acknowledged(loop.ClientId, memory.Key, memory.Value)))];
    }

    private static async Task AssertRecalledAsync(HttpClient client, List<Acknowledged> memories)
    {
        foreach (var memory in memories)
        {
            Assert.Equal([memory.Id], await client.RecallByFirstWordAsync(memory.ClientId, memory.Content));
        }
    }

    private sealed record Acknowledged(string ClientId, Guid Id, string Content);
}
