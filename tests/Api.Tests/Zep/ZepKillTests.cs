using System.Globalization;

namespace Actors.Api.Tests.Zep;

/// <summary>The service is killed again and again while it sends.</summary>
public sealed class ZepKillTests
{
    private const int Kills = 6;
    private const int Clients = 4;

    [Fact]
    public async Task everything_that_was_acknowledged_arrives_at_least_once_and_in_order_whenever_the_service_is_killed()
    {
        await using var scene = await ZepService.StartAsync("--Zep:RememberBudget", "00:00:00.05");
        scene.Fake.Quirks.Latency = TimeSpan.FromMilliseconds(20);
        var random = new Random(8);
        var acknowledged = new List<string>();
        for (var kill = 0; kill < Kills; kill++)
        {
            using var stop = new CancellationTokenSource();
            var writing = Enumerable.Range(0, Clients).Select(client => WriteAsync(scene, $"k{client}", acknowledged, stop.Token)).ToArray();
            // At a moment which depends on how far it is, not on a clock.
            for (var calls = random.Next(3, 25); calls > 0; calls--)
            {
                await scene.Fake.NextCallAsync();
            }

            await scene.Service.KillAsync();
            await stop.CancelAsync();
            await Task.WhenAll(writing);
            await scene.Service.DisposeAsync();
            await scene.StartServiceAsync();
        }

        await scene.SentAsync();

        Assert.Empty(acknowledged.Except(scene.Fake.Messages.Select(message => message.MemoryId!)));
        foreach (var client in Enumerable.Range(0, Clients))
        {
            // As this Zep keeps ids, it has nothing twice either.
            Assert.Equal(0, await scene.AssertArrivedInOrderAsync($"k{client}"));
        }

        Assert.Equal(
            scene.Fake.Messages.Count.ToString(CultureInfo.InvariantCulture), await scene.Database.PsqlAsync("select count(*) from zep_items where sent_at is not null"));
    }

    private static async Task WriteAsync(ZepService scene, string client, List<string> acknowledged, CancellationToken stop)
    {
        for (var memory = 0; !stop.IsCancellationRequested; memory++)
        {
            try
            {
                var answer = await scene.RememberAsync(client, $"memory {memory} of {client}, {Guid.NewGuid()}");
                lock (acknowledged)
                {
                    acknowledged.Add((string)answer["memory_id"]!);
                }
            }
            catch (HttpRequestException)
            {
                return;
            }
        }
    }
}
