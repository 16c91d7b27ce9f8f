using System.Diagnostics;
using System.Globalization;
using Actors.Support;

namespace Actors.Api.Tests.Zep;

/// <summary>
/// Thirty-two writers who store much more than Zep takes. For 5 s, or as many as the variable <c>ZEP_LOAD_SECONDS</c> says.
/// </summary>
public sealed class ZepLoadTests(ITestOutputHelper output)
{
    private const int Writers = 32;
    private const int PerMinute = 40;

    // What a commit takes on a busy machine, and not what a call takes: each of Zep's answers takes longer than this.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Duration =
        TimeSpan.FromSeconds(int.Parse(Environment.GetEnvironmentVariable("ZEP_LOAD_SECONDS") ?? "5", CultureInfo.InvariantCulture));

    [Fact]
    public async Task no_request_waits_for_zep_longer_than_its_budget_and_the_queue_drains_in_order_afterwards()
    {
        await using var scene = await ZepService.StartAsync();
        scene.Fake.Quirks.RequestsPerMinute = PerMinute;
        await scene.RememberAsync("warm", "The first requests of a process are slow.");
        scene.Fake.Quirks.Latency = Limit + TimeSpan.FromSeconds(1);
        using var stop = new CancellationTokenSource(Duration);

        var written = await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => WriteAsync(scene, $"w{writer}", stop.Token)));

        var latencies = written.SelectMany(times => times).Order().ToArray();
        // What the first of a client takes has more in it: the client's session, queue and connections.
        var later = written.SelectMany(times => times.Skip(1)).Max();
        output.WriteLine(
            $"{latencies.Length} memories in {Duration.TotalSeconds} s, p50 {At(0.5):0.0} ms, p99 {At(0.99):0.0} ms, max {At(1):0.0} ms, after the first of each writer {later.TotalMilliseconds:0.0} ms; {scene.Fake.Calls.Count} calls, {scene.Fake.Messages.Count} messages meanwhile");
        Assert.True(latencies[^1] < Limit, $"One took {latencies[^1]}.");
        // Each minute that Zep counts begins with a request.
        Assert.InRange(scene.Fake.Calls.Count, 1, PerMinute * (1 + (int)Math.Ceiling((Duration.TotalSeconds + 5) / 60)));
        Assert.DoesNotContain(scene.Fake.Calls, call => call.Status == 429);

        var started = Stopwatch.GetTimestamp();
        scene.Fake.Quirks.RequestsPerMinute = 1_000_000;
        scene.Fake.Quirks.Latency = TimeSpan.Zero;
        await scene.SentAsync(TimeSpan.FromMinutes(2) + (10 * Duration));
        output.WriteLine($"Drained in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s, of which up to 60 s for a minute that was used up; {scene.Fake.Calls.Count} calls");
        foreach (var writer in Enumerable.Range(0, Writers))
        {
            Assert.Equal(0, await scene.AssertArrivedInOrderAsync($"w{writer}"));
        }

        double At(double share) => latencies[(int)((latencies.Length - 1) * share)].TotalMilliseconds;
    }

    private static async Task<List<TimeSpan>> WriteAsync(ZepService scene, string client, CancellationToken stop)
    {
        var latencies = new List<TimeSpan>();
        while (!stop.IsCancellationRequested)
        {
            var started = Stopwatch.GetTimestamp();
            var answer = await scene.RememberAsync(client, $"memory {latencies.Count} of {client}");
            latencies.Add(Stopwatch.GetElapsedTime(started));
            Assert.True((string?)answer["queued_for"]!.AsArray().SingleOrDefault() == "zep" || answer["stored_in"]!.AsArray().Any(place => (string)place! == "zep"), answer.ToJsonString());
        }

        return latencies;
    }
}
